"""Mailboxes of an address field. Splits the raw field before any encoded word is decoded: a decoded comma or @ is no
syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.intake.mail.headers import WORD, decode_words

_ANGLE = re.compile(r"<([^<>]{0,900})>")
_BARE = re.compile(r"[^\s<>()\[\],;:\"']{1,200}@[^\s<>()\[\],;:\"']{1,255}")
_UNUSUAL = re.compile(
    r"(?:\"[^\"<>]{1,100}\"|[^\s<>()\[\],;:\"']{1,200})@(?:\[[0-9A-Fa-f:.IPv]{3,50}\]|[^\s<>()\[\],;:\"']{1,255})"
)
"""With a quoted local part, or at the number of a host."""
_BLANK_OUTSIDE = re.compile(r"(\"[^\"]*\")|\s+")
_DANGLING = re.compile(r"@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_CONTENT = re.compile(r"\([^()]{0,500}\)")
_SYNTAX = re.compile(rf"{WORD.pattern}|\\\\.|[\"<>(),;:]")
_NESTING = re.compile(r"\\.|[\"()\\]|[^\"()\\]+", re.DOTALL)
_NESTED = 3
"""Comments within each other that are left out."""
_BLANKS = re.compile(" {2,}")
_MAX = 500


@dataclass(frozen=True)
class Mailbox:
    """`name` decoded and on one line, `address` as it was written, without spaces."""

    name: str
    address: str


def mailboxes(field: str) -> list[Mailbox]:
    """The mailboxes of a raw field in order. Pieces without an address belong to the name of the next one."""
    found: list[Mailbox] = []
    name = ""
    for piece in _pieces(field) if field else ():
        name = f"{name}, {piece}" if name else piece
        if "@" not in WORD.sub("", name):
            continue
        mailbox = _mailbox(name)
        if mailbox:
            found.append(mailbox)
        name = ""
    return found[:_MAX]


def claimed(field: str) -> frozenset[str]:
    """Each address, or domain of one, in lower case, that a reader could take a raw field to name: all that stand
    outside encoded words and, where those are closed, outside quotes and comments."""
    text = WORD.sub(" ", field)
    shown, quoted, depth = [], False, 0
    for token in _NESTING.finditer(text):
        mark = token.group()
        if mark == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif mark in {"(", ")"}:
            depth = depth + 1 if mark == "(" else max(0, depth - 1)
        elif not depth:
            shown.append(mark)
    open_text = text if quoted or depth else "".join(shown)
    # A domain without a local part is none that we read, but perhaps the one for which DMARC passed.
    dangling = _DANGLING.findall(_BARE.sub(" ", open_text))
    return frozenset(found.rstrip(".").lower() for found in (*_BARE.findall(open_text), *dangling))


def _pieces(field: str) -> list[str]:
    """Split at commas and semicolons outside quotes, angles and comments; the name of a group goes."""
    pieces, start, quoted, depth = [], 0, False, 0
    for token in _SYNTAX.finditer(field):
        mark = token.group()
        if mark == '"':
            quoted = not quoted
        elif quoted or len(mark) > 1:
            continue
        elif mark in "<(":
            depth += 1
        elif mark in ">)":
            depth = max(0, depth - 1)
        elif not depth and (mark != ":" or field.find("@", start, token.start()) < 0):
            pieces.append(field[start : token.start()] if mark != ":" else "")
            start = token.end()
    pieces.append(field[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def _mailbox(text: str) -> Mailbox | None:
    angles = [found for found in _ANGLE.finditer(text) if "@" in found[1]]
    if angles:
        last = angles[-1]
        address = _BLANK_OUTSIDE.sub(r"\1", last[1]).removeprefix("mailto:")
        address = address if address.endswith("]") else address.rsplit(":", 1)[-1]
        return Mailbox(_name(text[: last.start()] or text[last.end() :]), address) if "@" in address else None
    plain = _CONTENT.sub(" ", text)
    bare = _BARE.search(plain) or _BARE.search(text) or _UNUSUAL.search(plain)
    if not bare:
        return None
    comment = _CONTENT.search(text)
    before = bare.string[: bare.start()].rstrip("<").removesuffix("mailto:")
    return Mailbox(_name(comment.group()[1:-1] if comment else before), bare.group().rstrip("."))


def _name(text: str) -> str:
    plain = text
    for _ in range(_NESTED if not text.strip().startswith('"') and "(" in text else 0):
        plain = _BLANKS.sub(" ", _CONTENT.sub(" ", plain))
    plain = plain.strip().strip("\"'").strip()
    return decode_words(re.sub(r"\\(.)", r"\1", plain)).strip("\"' ")[:200]
