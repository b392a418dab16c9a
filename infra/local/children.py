"""Processes that the supervisor starts, watches and stops; none of them outlives it, however it ends."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class NotUp(RuntimeError):
    """A server did not answer in time, or ended while it should have started."""


@dataclass
class Child:
    """One server in a process of its own. `health` is a URL that answers 200 once the server is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    health: str
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self, seconds: float = 60) -> None:
        """Start it and wait until it is healthy. Raises NotUp with the end of its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread of ours holds a lock at this point
            )
        until = time.monotonic() + seconds
        while not answers(self.health):
            if not self.alive or time.monotonic() > until:
                raise NotUp(f"{self.name} did not come up; its log ends with:\n{tail(self.log)}")
            time.sleep(0.1)

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def stop(self, seconds: float = 30) -> None:
        """Ask it to end, so that it can save its state; kill it only when it does not."""
        if self._process is None or not self.alive:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def answers(url: str, seconds: float = 2) -> bool:
    """Whether a URL answers with anything but a server error."""
    try:
        with urllib.request.urlopen(url, timeout=seconds):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""


def _end_with_parent() -> None:
    """Linux sends the child SIGTERM when the supervisor dies, even by SIGKILL: nothing is left holding a port."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
