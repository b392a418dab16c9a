"""What stands under the customer's words by habit: signatures, lines of mail programs, legal footers, OpenPGP
armour."""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re

from chalicelib.intake.mail.endings import CLOSINGS, DEVICES, DISCLAIMERS

_DELIMITER = re.compile(r"\s{0,3}(?:--|—{1,10}|–{2,10}|_{2,120})\s{0,3}")
_BY_DASH = re.compile(r"[-–—/]\s?(?:[^\W\d_][\w.'’-]{0,30}\s?){1,3}")
_POSTSCRIPT = re.compile(r"\s{0,3}p\.?\s?s\b", re.IGNORECASE)
_LINK = re.compile(r"[<(]?(?:https?://|www\.)[^\s<>]{1,2000}>?\)?")
_CLEARSIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]+: [^\n]*\n){0,9}\n?")
_ARMOUR = "-----BEGIN PGP SIGNATURE-----"


def without_signature(text: str) -> str:
    """`text` up to its signature; all of it when nothing else would be left."""
    lines = text.rstrip().split("\n")
    for find in (_footer, _device, _delimiter, _closing, _dashed_name):
        end = find(lines)
        if end is not None and any(line.strip() for line in lines[:end]):
            lines = "\n".join(lines[:end]).rstrip().split("\n")
    return "\n".join(lines).strip()


def without_armour(text: str) -> str:
    """The words of an OpenPGP clear-signed text (RFC 9580, section 7), its dash escapes undone."""
    opened = _CLEARSIGNED.search(text)
    if not opened:
        return text
    inner = text[opened.end() :].split(_ARMOUR, 1)[0]
    return text[: opened.start()] + "\n".join(line.removeprefix("- ") for line in inner.split("\n"))


def _footer(lines: list[str]) -> int | None:
    """A legal footer reaches to the end; it is no footer when the customer goes on after it at length."""
    remaining = sum(map(len, lines))
    for index, line in enumerate(lines):
        if remaining < 6_000 and index and DISCLAIMERS.match(line):
            return index
        remaining -= len(line)
    return None


def _device(lines: list[str]) -> int | None:
    for index, line in enumerate(lines):
        bare = _LINK.sub("", line).strip().rstrip(".")
        if len(bare) <= 80 and DEVICES.match(bare) and not re.search(r"[,;!?]|\.\s", bare):
            return index
    return None


def _delimiter(lines: list[str]) -> int | None:
    for index, line in enumerate(lines):
        if _DELIMITER.fullmatch(line) and 0 < len(lines) - index <= 25:
            return index
    return None


def _closing(lines: list[str]) -> int | None:
    for index, line in enumerate(lines[-16:], max(0, len(lines) - 16)):
        words = line.strip().strip(",.!;*_ -–").casefold()
        if words in CLOSINGS and _is_name_block(lines[index + 1 :]):
            return index
    return None


def _dashed_name(lines: list[str]) -> int | None:
    last = lines[-1].strip()
    named = bool(_BY_DASH.fullmatch(last)) and last[1:2] != " " and last[1:2].isupper()
    return len(lines) - 1 if named and len(lines) > 1 else None


def _is_name_block(lines: list[str]) -> bool:
    """Name, company, telephone: few short lines, no question and no postscript among them."""
    said = [line for line in lines if line.strip()]
    return len(said) <= 10 and all(
        len(line) <= 100 and "?" not in line and not _POSTSCRIPT.match(line) for line in said
    )
