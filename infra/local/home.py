"""Where one local desk keeps everything: a folder with its state, logs, outgoing mail, and who holds it."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


class AlreadyRunning(RuntimeError):
    """Another supervisor holds this home."""


@dataclass(frozen=True)
class Home:
    """The folder of one desk; two desks with two homes run beside each other."""

    root: Path

    @property
    def handle(self) -> Path:
        return self.root / "desk.json"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def scratch(self) -> Path:
        return self.root / "tmp"

    @property
    def generated(self) -> tuple[Path, ...]:
        """What a reset wipes."""
        return (self.handle, self.state, self.logs, self.outbox, self.scratch, self.root / "ports.json")

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        for folder in (self.state, self.logs, self.outbox, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)

    def hold(self) -> IO[str]:
        """Claim this home until the file is closed or the process ends, however it ends. Raises AlreadyRunning."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = (self.root / "supervisor.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise AlreadyRunning(str(self.root)) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    def holder(self) -> int | None:
        """The process id of the supervisor that holds this home, or None."""
        try:
            with self.hold():
                return None
        except AlreadyRunning:
            return int((self.root / "supervisor.lock").read_text() or 0) or None

    def read_handle(self) -> dict[str, Any] | None:
        """What desk.json says, or None while the desk is not up."""
        try:
            handle: dict[str, Any] = json.loads(self.handle.read_text())
        except FileNotFoundError:
            return None
        return handle


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once: a reader sees the old text or the new one, never a part. Only the owner may read it."""
    partial = path.with_name(f"{path.name}.part")
    partial.touch(mode=0o600)
    partial.write_text(text)
    partial.replace(path)
