"""One desk for all end-to-end tests: the packaged template, deployed to the local stack, in a home of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local.demo.desk import Desk
from tests.harness import ROOT


def local(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the local stack for a test desk."""
    command = [sys.executable, "-m", "infra.local", "--home", str(home), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)


@contextmanager
def fresh_desk(home: Path) -> Iterator[Desk]:
    """A desk that knows only the demo company; stopped at the end, its logs left for reading."""
    local(home, "reset")
    started = local(home, "run", "--detach")
    assert started.returncode == 0, started.stdout + started.stderr
    try:
        yield Desk.running(home)
    finally:
        local(home, "stop")


@pytest.fixture(scope="session")
def home() -> Path:
    return ROOT / ".local" / "e2e"


@pytest.fixture(scope="session")
def desk(home: Path) -> Iterator[Desk]:
    with fresh_desk(home) as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.e2e)
