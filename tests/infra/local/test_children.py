"""Processes that a supervisor starts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infra.local.children import Child, NotUp
from infra.local.ports import LOOPBACK, choose


def server(tmp_path: Path, program: list[str], port: int) -> Child:
    return Child("The server", [sys.executable, *program], {}, f"http://{LOOPBACK}:{port}/", tmp_path / "server.log")


def test_a_child_is_up_when_it_answers_and_ends_when_told(tmp_path: Path) -> None:
    port = choose(tmp_path / "ports.json").aws
    child = server(tmp_path, ["-m", "http.server", str(port), "--bind", LOOPBACK], port)
    child.start(seconds=20)
    assert child.alive
    child.stop()
    assert not child.alive


def test_a_child_that_ends_at_once_says_why(tmp_path: Path) -> None:
    child = server(tmp_path, ["-c", "raise SystemExit('no license found')"], choose(tmp_path / "ports.json").aws)
    with pytest.raises(NotUp, match="no license found"):
        child.start(seconds=20)
