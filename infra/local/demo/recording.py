"""The recorded events in playing order, with their times moved to the day of the demo."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from infra.local.demo.shift import hours_between, shifted

EVENTS = Path(__file__).parents[3] / "events"
DOORS = ("request", "contacts", "flow", "stripe", "mail")


@dataclass(frozen=True)
class Played:
    """One event as it goes through its door: its manifest row and its bytes."""

    row: dict[str, Any]
    content: bytes

    @property
    def title(self) -> str:
        return str(self.row["title"])

    @property
    def message_id(self) -> str:
        """The Message-ID of a recorded mail, without its angle brackets; empty when it has none."""
        return str(message_from_bytes(self.content).get("Message-ID", "")).strip().strip("<>")

    @property
    def parent(self) -> Played | None:
        """The recorded mail that this one continues."""
        file = self.row.get("thread_of")
        return Played({"title": file, "expect": "case"}, EVENTS.joinpath(str(file)).read_bytes()) if file else None

    @property
    def json(self) -> Any:
        return json.loads(self.content)


def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / "manifest.json").read_text())
    return loaded


def anchor_hours(home: Path, now: datetime) -> int:
    """By how many hours this desk's demo is moved; kept with its data, so that a second demo plays the same events."""
    kept = home / "state" / "demo.json"
    if not kept.exists():
        until = datetime.fromisoformat(manifest()["recorded"]["to"])
        kept.write_text(json.dumps({"hours": hours_between(until, now.astimezone(UTC))}))
    hours: int = json.loads(kept.read_text())["hours"]
    return hours


def recording(door: str, hours: int) -> Sequence[Played]:
    """All events of one door in order; templates and what needs objects of Stripe's are left to the story."""
    rows = [
        row
        for row in manifest()["events"]
        if row["door"] == door and not row.get("template") and not row.get("objects")
    ]
    return [Played(row, _content(row, hours)) for row in sorted(rows, key=lambda row: int(row["order"]))]


def _content(row: dict[str, Any], hours: int) -> bytes:
    raw = EVENTS.joinpath(str(row["file"])).read_bytes()
    if not row["shift"]:
        return raw
    try:
        return json.dumps(shifted(json.loads(raw), hours), ensure_ascii=False).encode()
    except ValueError:
        return raw
