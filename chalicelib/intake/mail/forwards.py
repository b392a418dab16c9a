"""Mail that was passed on within another one: what the inner mail says of itself, and who wrote above it."""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.intake.mail.addresses import Mailbox, mailboxes
from chalicelib.intake.mail.headlines import is_header_block
from chalicelib.intake.mail.phrases import FORWARDED, LABEL

_PREFIX: Final = re.compile(
    r"\s{0,9}(?:fwd?|wg|tr|rv|enc|i|vb|vl|pd|ilt|i̇lt|iletildi|doorst|továbbítás|ymlaen|пересл|πρθ|転送|转发|轉寄|전달)\s?[:：]\s{0,9}",
    re.IGNORECASE,
)
"""What clients write before the subject of a mail that is passed on; an answer to one begins otherwise. `VS:` is no
sign: Finnish writes it before answers, Danish before what is passed on."""
_SEARCHED: Final = 400
"""Lines above the inner mail; nobody writes more over what is passed on."""
_GAP: Final = 4
_FIELDS: Final = 14
_MARK: Final = re.compile(r"^\s{0,3}> ?")
_VALUE: Final = 2000
"""Characters of a field."""
_DATE_SIZE: Final = 80
_LINK: Final = re.compile(r"<mailto:[^<>]{0,400}>(?=\s{0,9}[>\]])", re.IGNORECASE)
"""What a client adds to an address when it writes a link as text."""
_BRACKETS: Final = re.compile(r"\[(?:mailto:)?([^\s\[\]@]{1,200}@[^\s\[\]@]{1,255})\]", re.IGNORECASE)


@dataclass(frozen=True)
class Inner:
    """The mail that was passed on. `dated` is as it stands there, in any form and language; `above` is what was written
    over it."""

    author: Mailbox
    subject: str
    dated: str
    text: str
    above: str


def says_forward(subject: str) -> bool:
    """Whether the subject says that a mail is passed on."""
    return _PREFIX.match(subject) is not None


def without_prefix(subject: str) -> str:
    found = _PREFIX.match(subject)
    return subject[found.end() :] if found else subject


def inner_of(text: str, subject: str) -> Inner | None:
    """The mail that is passed on in a text; None when there is none that names the address of its author."""
    lines = text.split("\n")
    start = _start(lines, by_block=says_forward(subject))
    if start is None:
        return None
    above, first = start
    fields, end = _fields(lines, first)
    author = next(iter(mailboxes(_BRACKETS.sub(r"<\1>", _LINK.sub("", fields.get("from", ""))))), None)
    if author is None:
        return None
    return Inner(
        author=author, subject=fields.get("subject", "") or without_prefix(subject),
        dated=fields.get("date", "")[:_DATE_SIZE], text=_plain(lines[end:]), above="\n".join(lines[:above]).strip(),
    )  # fmt: skip


def _start(lines: list[str], *, by_block: bool) -> tuple[int, int] | None:
    """The line that begins what is passed on, and the first line of its header."""
    for index, line in enumerate(lines[:_SEARCHED]):
        if FORWARDED.match(line):
            after = range(index + 1, min(index + 1 + _GAP, len(lines)))
            return next(((index, at) for at in after if is_header_block(lines, at)), None)
        if by_block and LABEL.match(line) and is_header_block(lines, index):
            return index, index
    return None


def _fields(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """The fields of the header, each with the lines that it was folded over, and the line after it."""
    found: dict[str, str] = {}
    kind, end = "", start
    for index in range(start, min(start + _FIELDS, len(lines))):
        line = _MARK.sub("", lines[index], count=1)
        label = LABEL.match(line)
        if label and label.lastgroup:
            kind = label.lastgroup
            found.setdefault(kind, line[label.end() :][:_VALUE].strip(" \t*_"))
        elif not line.strip():
            break
        elif kind:
            found[kind] = f"{found[kind]} {line.strip()}"[:_VALUE]
        end = index + 1
    return found, end


def _plain(lines: list[str]) -> str:
    """The lines without the mark that a client sets before all that is passed on."""
    said = [line for line in lines if line.strip()]
    if said and all(_MARK.match(line) for line in said):
        lines = [_MARK.sub("", line, count=1) for line in lines]
    return "\n".join(lines).strip()
