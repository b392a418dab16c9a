"""Which ports a local desk listens on: the usual ones, those of last time, or whatever is free."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """One port a server; the defaults are the well-known ones of each kind of server."""

    aws: int = 4566
    stripe: int = 12111
    mail_in: int = 2525
    mail_out: int = 2526
    site: int = 8081


def choose(memory: Path) -> Ports:
    """The ports of last time where they are free, else the usual ones, else any; remembered in the file."""
    wanted = asdict(Ports())
    if memory.exists():
        wanted |= json.loads(memory.read_text())
    taken: set[int] = set()
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        chosen[name] = port if port not in taken and is_free(port) else _any_free()
        taken.add(chosen[name])
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps(chosen))
    return Ports(**chosen)


def is_free(port: int) -> bool:
    """Whether a server could listen on a port of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
