"""The demo from outside: every recorded event accounted for, and playing it again changes nothing."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from infra.local.demo.desk import Desk
from tests.harness import ROOT

KEPT_ONCE = {"account", "case", "contact", "fact", "invoice", "ledger", "message", "payment", "webhook"}


def play(home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.local.demo", "--home", str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)


def census(desk: Desk) -> Counter[str]:
    """How many items of each kind the table holds."""
    pages = desk.dynamodb.get_paginator("scan").paginate(TableName=desk.resources["table"], ConsistentRead=True)
    kinds = Counter(item["kind"]["S"] for page in pages for item in page["Items"])
    return Counter({kind: count for kind, count in kinds.items() if kind in KEPT_ONCE})


def test_every_event_is_accounted_for_and_a_second_demo_doubles_nothing(desk: Desk, home: Path) -> None:
    first = play(home)
    assert first.returncode == 0, first.stdout[-6000:] + first.stderr[-2000:]
    assert "time_to_resolution_mean" in first.stdout
    before = census(desk)
    mails = sorted(path.name for path in Path(desk.handle["outbox"]).glob("*.eml"))
    second = play(home)
    assert second.returncode == 0, second.stdout[-6000:] + second.stderr[-2000:]
    assert census(desk) == before
    assert sorted(path.name for path in Path(desk.handle["outbox"]).glob("*.eml")) == mails
