"""Who holds a home, and files that are never seen half written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.home import AlreadyRunning, Home, write_whole


def test_a_home_is_held_by_one_supervisor_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.hold():
        assert home.holder() == os.getpid()
        with pytest.raises(AlreadyRunning):
            home.hold()
    assert home.holder() is None


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    code = f"from infra.local.home import Home; from pathlib import Path; Home(Path({str(tmp_path)!r})).hold(); " + (
        "import os; os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert (tmp_path / "supervisor.lock").read_text()
    assert Home(tmp_path).holder() is None


def test_a_home_that_is_down_has_no_handle(tmp_path: Path) -> None:
    assert Home(tmp_path).read_handle() is None


def test_a_handle_is_replaced_whole_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    write_whole(path, '{"a": 1}')
    write_whole(path, '{"a": 2}')
    assert Home(tmp_path).read_handle() == {"a": 2}
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["desk.json"]
