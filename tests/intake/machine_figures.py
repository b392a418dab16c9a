"""How well machines are told from people, on mail of both that was written by who never saw the rules
(`own_machines.jsonl`). `python -m tests.intake.machine_figures` prints the table of docs/mail.md.

Whoever changes the rules looks at the mails of the even half alone; of the other half nothing but these figures."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chalicelib.intake.parse import ParsedMail, parse_mail

KINDS: Final = ("automatic", "bounce", "human")
HALVES: Final = ("even", "odd")
_MAILS: Final = Path(__file__).with_name("own_machines.jsonl")


@dataclass(frozen=True)
class Share:
    """Of `count` mails of a kind, those taken for what they are; of bounces with exactly who failed."""

    count: int
    right: int


def half_of(mail_id: str) -> str:
    return HALVES[hashlib.sha256(mail_id.encode()).digest()[0] % 2]


def machines(kind: str, half: str | None = None) -> Share:
    """The share of a kind, of one half or of all."""
    lines = map(json.loads, _MAILS.read_text("utf-8").splitlines())
    rows = [row for row in lines if row["kind"] == kind and half in {None, half_of(row["id"])}]
    return Share(len(rows), sum(_is_right(row, parse_mail(row["raw"].encode("latin-1"))) for row in rows))


def _is_right(row: dict[str, Any], mail: ParsedMail) -> bool:
    if row["kind"] == "human":
        return not mail.is_auto and not mail.is_bounce
    if row["kind"] == "automatic":
        return mail.is_auto and not mail.bounced_recipients
    return mail.is_bounce and {*mail.bounced_recipients} == {each.lower() for each in row["recipients"]}


def main() -> None:
    for kind in KINDS:
        for half in HALVES:
            share = machines(kind, half)
            print(f"| {kind} | {half} | {share.right} of {share.count} |")


if __name__ == "__main__":
    main()
