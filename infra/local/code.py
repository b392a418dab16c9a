"""The newest one-time code that the running desk sent to somebody: `python -m infra.local.code amelia@example.com`.

For a mail address it is read from the outbox, for a phone (E.164) from what the emulator was given to text. Waits for
it to come.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path

from infra.local.demo.desk import Desk, wait_for

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def newest(desk: Desk, address: str) -> str | None:
    """The last code among the messages to this address, None when there is none yet."""
    found = [code for text in _sent(desk, address) for code in _CODE.findall(text)[:1]]
    return found[-1] if found else None


def _sent(desk: Desk, address: str) -> list[str]:
    """The texts of the messages to this address, oldest first."""
    if "@" not in address:
        with urllib.request.urlopen(f"{desk.handle['aws_endpoint']}/_ministack/sns/sms-messages", timeout=10) as answer:
            return [message["Message"] for message in json.load(answer)["sms_messages"].get(address, [])]
    outbox = Path(desk.handle["outbox"])
    index = outbox / "index.jsonl"
    rows = map(json.loads, index.read_text().splitlines()) if index.exists() else ()
    return [_text((outbox / row["file"]).read_bytes()) for row in rows if address in row["to"]]


def _text(content: bytes) -> str:
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    return body.get_content() if body else ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local.code", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--home", type=Path, default=Path(".local"))
    given = parser.parse_args()
    desk = Desk.running(given.home)
    code = wait_for(lambda: newest(desk, given.address), seconds=30)
    if code is None:
        raise SystemExit(f"No code was sent to {given.address}.")
    sys.stdout.write(f"{code}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
