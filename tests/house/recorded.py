"""The recorded events as the tests read them: the manifest's rows and the files that they name."""

from __future__ import annotations

import email
import json
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"
MANIFEST: dict[str, Any] = json.loads((EVENTS / "manifest.json").read_text("utf-8"))
ROWS: list[dict[str, Any]] = MANIFEST["events"]
ACCOUNTS: list[dict[str, Any]] = json.loads((ROOT / "infra/local/demo_company.json").read_text("utf-8"))["accounts"]


def rows_of(door: str, *, but: str = "") -> list[Any]:
    """Parameters for a test of each event of a door, except those with the outcome `but`."""
    rows = [row for row in ROWS if row["door"] == door and row["expect"] != but]
    return [pytest.param(row, id=Path(row["file"]).name) for row in rows]


def raw(row: dict[str, Any]) -> bytes:
    return EVENTS.joinpath(str(row["file"])).read_bytes()


def load(row: dict[str, Any]) -> Any:
    return json.loads(raw(row))


def text_of(message: Message) -> str:
    """All text parts of a mail, decoded; of a broken multipart, what stands in its place."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"] or [message]
    bodies = [(part.get_payload(decode=True), part.get_content_charset("utf-8")) for part in parts]
    return "\n".join(body.decode(charset) for body, charset in bodies if isinstance(body, bytes))


def mail_of(row: dict[str, Any]) -> Message:
    return email.message_from_bytes(raw(row))
