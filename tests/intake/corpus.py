"""A folder of mails with expectations, and how many of them the parser meets.

`manifest.jsonl` in the folder: on each line a case with `path`, `input` (eml; text or html: the body alone) and
`expect`, each of whose entries is checked by a rule below; one that has no rule here fails the case. White space,
asterisks and zero-width characters do not count.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.intake.parse import ParsedMail, parse_mail
from tests.intake.mails import raw

Expected = dict[str, Any]
Rule = Callable[[ParsedMail, Any, Expected], bool]
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u200e\u200f\u00ad*\0"))
_ADDRESS = re.compile(r"[\s\"<>]")
_WORDS = re.compile(r"\w+|[^\w\s]")
_UNSAFE = re.compile(r"[/\\\x00-\x1f\u202a-\u202e]")
_BREAK = re.compile(r"[\r\n\x00]")
_MAX_NAME = 255
_ENOUGH = 0.85
"""Of the words of a body, by F1: libraries differ in how they lay tables and lists out."""


def score(folder: Path) -> tuple[int, list[str]]:
    """How many cases there are, and the ids of those that are not met."""
    cases = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return len(cases), [case["id"] for case in cases if not is_met(case, _mail(folder, case))]


def is_met(case: Expected, mail: bytes) -> bool:
    parsed, expected = parse_mail(mail), case["expect"]
    return all(RULES.get(name, _never)(parsed, value, expected) for name, value in expected.items())


def _mail(folder: Path, case: Expected) -> bytes:
    content = (folder / case["path"]).read_bytes()
    kind = {"text": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8"}.get(case["input"])
    return raw(content, content_type=kind) if kind else content


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text or "").translate(_UNSEEN)).strip()


def dense(text: str | None) -> str:
    return re.sub(r"\s", "", _plain(text))


def _likeness(one: str, other: str) -> float:
    """F1 of the words of two texts."""
    first, second = Counter(_WORDS.findall(_plain(one))), Counter(_WORDS.findall(_plain(other)))
    return 2 * (first & second).total() / (first.total() + second.total()) if first or second else 1.0


def _never(_mail: ParsedMail, _value: Any, _expected: Expected) -> bool:
    return False


def _covers(wanted: list[Any], got: list[Any]) -> bool:
    return not Counter(wanted) - Counter(got)


RULES: dict[str, Rule] = {
    "text": lambda mail, value, e: dense(mail.text) in {dense(alt) for alt in [value, *e.get("text_alt", [])]},
    "text_alt": lambda *_: True,
    "text_nows": lambda mail, value, _: dense(mail.text) == value,
    "text_contains": lambda mail, value, _: all(dense(part) in dense(mail.text) for part in value),
    "text_not_contains": lambda mail, value, _: not any(dense(part) in dense(mail.text) for part in value),
    "body_text": lambda mail, value, e: (
        max(_likeness(mail.body_text, alt) for alt in [value, *filter(None, [e.get("body_alt")])]) >= _ENOUGH
    ),
    "body_alt": lambda *_: True,
    "body_contains": lambda mail, value, _: all(dense(part) in dense(mail.body_text) for part in value),
    "subject": lambda mail, value, _: _plain(mail.subject) == _plain(value),
    "from_addr": lambda mail, value, _: (
        _ADDRESS.sub("", mail.from_addr or "").lower() == _ADDRESS.sub("", value).lower()
    ),
    "from_name": lambda mail, value, _: _plain(mail.from_name) == _plain(value),
    "message_id": lambda mail, value, _: (mail.message_id or "") == value,
    "in_reply_to": lambda mail, value, _: (mail.in_reply_to or "") == value,
    "references": lambda mail, value, _: list(mail.references) == value,
    "attachments_subset": lambda mail, value, _: _covers(value, [file.name for file in mail.attachments]),
    "tnef_names": lambda mail, value, _: _covers(value, [file.name for file in mail.attachments]),
    "n_attachments": lambda mail, value, _: len(mail.attachments) == value,
    "attachment_sizes": lambda mail, value, _: _covers(value, [file.size for file in mail.attachments]),
    "attachment_md5": lambda mail, value, _: _covers(
        value, [hashlib.md5(file.content, usedforsecurity=False).hexdigest() for file in mail.attachments]
    ),
    "is_auto": lambda mail, value, _: mail.is_auto is value,
    "is_bounce": lambda mail, value, _: mail.is_bounce is value,
    "attachments": lambda mail, value, _: (
        Counter((file["name"], file["size"], file["content_type"]) for file in value)
        == Counter((file.name, file.size, file.content_type) for file in mail.attachments)
    ),
    "attachment_names": lambda mail, value, _: Counter(value) == Counter(file.name for file in mail.attachments),
    "names_safe": lambda mail, *_: (
        not any(_UNSAFE.search(file.name) or len(file.name.encode()) > _MAX_NAME for file in mail.attachments)
    ),
    "no_crlf": lambda mail, *_: (
        not any(
            _BREAK.search(value or "")
            for value in (mail.subject, mail.from_addr, mail.from_name, mail.in_reply_to, mail.message_id)
        )
    ),
    "bounced_recipients": lambda mail, value, _: (
        sorted(address.lower() for address in value) == sorted(address.lower() for address in mail.bounced_recipients)
    ),
    "max_seconds": lambda *_: True,
}
