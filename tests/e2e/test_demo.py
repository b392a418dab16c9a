"""The demo from outside: killed in the middle and played again, all is accounted for and nothing stands twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

import pytest

from chalicelib.cases.letters import REPLIED
from infra.local.demo.desk import Desk, wait_for
from infra.local.demo.recording import manifest
from infra.local.demo.till import CASES
from infra.local.seed import COMPANY
from tests.e2e.conftest import fresh_desk
from tests.harness import ROOT

KEPT_ONCE = {"account", "case", "contact", "fact", "invoice", "ledger", "message", "payment", "webhook"}
MAILS_ARE_IN = " Mail "
"""The heading that is told before the first mail goes in."""


@pytest.fixture(scope="module")
def home() -> Path:
    """A home of its own: this desk is killed."""
    return ROOT / ".local" / "e2e-demo"


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[Desk]:
    with fresh_desk(home) as running:
        yield running


def player(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "infra.local.demo", "--home", str(home)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def played(home: Path) -> str:
    demo = player(home)
    told, _ = demo.communicate(timeout=280)
    assert demo.returncode == 0, told[-6000:]
    return told


def children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end while it is looked at
            found += map(int, thread.joinpath("children").read_text().split())
    return found


def kill_the_emulator(desk: Desk) -> None:
    """Lambda workers and emulator, with no chance to clean up."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children(desk.handle["pid"])}
    emulator = next(pid for pid, command in commands.items() if b"emulator.py" in command)
    for pid in [*children(emulator), emulator]:
        os.kill(pid, signal.SIGKILL)


def wait_for_snapshot(home: Path) -> None:
    """A kill goes back to the emulator's last snapshot. Money that moved after it would be gone here and not at Stripe,
    which no cloud does to the desk. The mails that come next are what the kill is to hit."""
    snapshot = home / "state" / "aws" / "snapshot.json"
    seen = snapshot.stat().st_mtime_ns
    assert wait_for(lambda: snapshot.stat().st_mtime_ns > seen)


def census(desk: Desk) -> Counter[str]:
    """How many items of each kind the table holds."""
    pages = desk.dynamodb.get_paginator("scan").paginate(TableName=desk.resources["table"], ConsistentRead=True)
    kinds = Counter(item["kind"]["S"] for page in pages for item in page["Items"])
    return Counter({kind: count for kind, count in kinds.items() if kind in KEPT_ONCE})


def automatic_mails(desk: Desk) -> Counter[tuple[str, str, str]]:
    """What the desk sent by itself, by kind, recipient and subject."""
    mails = [message_from_bytes(path.read_bytes()) for path in Path(desk.handle["outbox"]).glob("*.eml")]
    return Counter((mail["Auto-Submitted"], mail["To"], mail["Subject"]) for mail in mails if mail["Auto-Submitted"])


def test_a_demo_killed_in_the_middle_loses_and_doubles_nothing(desk: Desk, home: Path) -> None:
    first = player(home)
    assert first.stdout is not None
    assert any(MAILS_ARE_IN in line for line in first.stdout)
    first.send_signal(signal.SIGSTOP)
    wait_for_snapshot(home)
    first.send_signal(signal.SIGCONT)
    kill_the_emulator(desk)
    first.communicate(timeout=280)
    assert wait_for(lambda: _answers(desk), 120)
    told = played(home)
    assert "time_to_resolution_mean" in told
    counted, mails = census(desk), automatic_mails(desk)
    events = manifest()["events"]
    contacts = {row["contact_id"] for row in events if row["door"] == "contacts" and "contact_id" in row}
    opened = sum(row["expect"] in {"case", "suspense"} for row in events)
    assert counted["case"] == COMPANY.read_text().count('"case_id"') + opened + CASES
    assert counted["contact"] == len(contacts)
    # A receipt that went out in the second that the kill undid goes out twice rather than never; the answers to mails
    # were all written after it.
    assert {count for (kind, *_), count in mails.items() if kind == REPLIED} == {1}
    played(home)
    assert (census(desk), automatic_mails(desk)) == (counted, mails)


def _answers(desk: Desk) -> bool:
    try:
        return desk.call("GET", "/healthz").status == 200
    except OSError:
        return False
