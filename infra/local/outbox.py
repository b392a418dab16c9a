"""The end of the road for outgoing mail: an SMTP server that keeps each message as it is, with an index of them."""

from __future__ import annotations

import json
import time
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from infra.local.ports import LOOPBACK


class Outbox:
    """Keeps every message as `<time>-<number>.eml`, and one line of `index.jsonl` for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.keep(envelope.content, envelope.mail_from or "", list(envelope.rcpt_tos))
        return "250 kept"

    def keep(self, content: bytes, sender: str, recipients: list[str]) -> Path:
        """Store one message; the index line is written after it, so that whoever reads the index finds the file."""
        self._count += 1
        now = time.time()
        path = self._folder / f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(now))}-{self._count:06d}.eml"
        path.write_bytes(content)
        headers = message_from_bytes(content)
        line = {
            "file": path.name,
            "at": now,
            "from": sender,
            "to": recipients,
            "subject": str(headers["Subject"] or ""),
            "message_id": str(headers["Message-ID"] or ""),
        }
        with (self._folder / "index.jsonl").open("a") as index:
            index.write(json.dumps(line) + "\n")
        return path


def open_outbox(folder: Path, port: int) -> Controller:
    """Start keeping outgoing mail; `stop()` ends it. SMTP on the loopback interface."""
    controller = Controller(Outbox(folder), hostname=LOOPBACK, port=port, data_size_limit=50_000_000)
    controller.start()
    return controller
