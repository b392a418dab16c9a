"""What stands under the customer's words by habit: signatures, lines of mail programs, legal footers."""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain

from chalicelib.intake.mail.endings import (
    CARRIED,
    CLOSINGS,
    DEVICES,
    DEVICES_LAST,
    LAST_SAID,
    SHORT_CLOSINGS,
)
from chalicelib.intake.mail.legal import footer_of

_DELIMITER = re.compile(r"\s{0,3}(?:--|—{1,10}|–{2,10}|_{2,120})\s{0,3}")
_BY_DASH = re.compile(r"[-–—/]\s?(?:[^\W\d_][\w.'’-]{0,30}\s?){1,3}")
_NAME = re.compile(r"\s{0,3}[^\W\d_][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,3}[\s,.]{0,3}")
_CONTACT = re.compile(
    r"[^\s@]{1,64}@[^\s@]{1,80}\.[a-z]{2,}|(?:https?://|www\.)\S{3}|(?:\+|\()?\d[\d\s().-]{6,20}\d"
    r"|^\s{0,3}(?:t|f|m|tel|fax|mob|mobile|phone|skype|linkedin)\s?[.:]",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,3}[-_=*—–]{3,200}\s{0,3}")
_POSTSCRIPT = re.compile(r"\s{0,3}p\.?\s?s\b", re.IGNORECASE)
_LINK = re.compile(r"[<(]?(?:https?://|www\.)[^\s<>]{1,2000}>?\)?")
_CLOSINGS, _SHORT_CLOSINGS = (frozenset(map(str.casefold, closings)) for closings in (CLOSINGS, SHORT_CLOSINGS))
_NEAR = 60
_NAMES = 3
_LONGEST_ENDING = 50
_CARD = 8
"""Lines of a card at most."""
_FOOTER = 6_000
"""Characters that a legal footer and what follows it are shorter than."""
_ADDED = 2
"""Lines; more below the line of a device is somebody else's."""
_LONG = 1_000
_SENTENCE = re.compile(r"(?:[^\s]+\s+){3,40}?[^\s]+[.?!](?:\s|$)")
"""Four words and a full stop."""
_STOP = re.compile(r"\.\s")


def without_signature(text: str) -> str:
    """`text` up to its signature; all of it when nothing else would be left."""
    lines = text.rstrip().split("\n")
    for step in (_cut(_footer), _without_device, *map(_cut, (_delimiter, _closing, _dashed_name, _ruled, _card))):
        lines = step(lines)
    return "\n".join(lines).strip()


def _cut(find: Callable[[list[str]], int | None]) -> Callable[[list[str]], list[str]]:
    """The lines up to where something is found, if there are words above it."""

    def cut(lines: list[str]) -> list[str]:
        end = find(lines)
        if end is None or not any(line.strip() for line in lines[:end]):
            return lines
        return "\n".join(lines[:end]).rstrip().split("\n")

    return cut


def _footer(lines: list[str]) -> int | None:
    """A legal footer reaches to the end; it is no footer when the customer goes on after it at length."""
    first, length = len(lines), 0
    while first and (length := length + len(lines[first - 1])) < _FOOTER:
        first -= 1
    return footer_of(lines, max(1, first))


def _without_device(lines: list[str]) -> list[str]:
    """Who adds a sentence below the line of the device has sent too early: then the line alone goes."""
    at = _device(lines)
    if at is None or not any(map(str.strip, lines[:at])):
        return lines
    below = next((n for n in range(at + 1, len(lines)) if not lines[n].strip()), len(lines))
    said = [line for line in lines[below:] if line.strip()]
    goes_on = 0 < len(said) <= _ADDED and not any(map(_is_habit, said))
    if goes_on and _SENTENCE.search(" ".join(said)[:_LONG]):
        return [*lines[:at], *lines[below:]]
    return _cut(lambda _: at)(lines)


def _is_habit(line: str) -> bool:
    return _reaches(line) or bool(_DELIMITER.fullmatch(line) or _RULE.fullmatch(line) or _names_device(line.strip()))


def _device(lines: list[str]) -> int | None:
    for index in _ends(len(lines)):
        bare = lines[index].strip().rstrip(".")
        if "http" in bare or "www." in bare:
            bare = _LINK.sub("", lines[index]).strip().rstrip(".")
        if 0 < len(bare) <= 80 and not _is_sentence(bare) and _names_device(bare):
            signed = index > 1 and not lines[index - 2].strip() and _is_name(lines[index - 1])
            return index - 1 if signed else index
    return None


def _is_sentence(line: str) -> bool:
    found = "," in line or "?" in line or "!" in line or ";" in line or _STOP.search(line) is not None
    return found and not (line[:5] == "Sent " and CARRIED.match(line))


def _names_device(line: str) -> bool:
    said_last = line.casefold().endswith(LAST_SAID) and DEVICES_LAST.match(line)
    return bool(said_last or DEVICES.match(line))


def _delimiter(lines: list[str]) -> int | None:
    first = max(0, len(lines) - 25)
    return next((first + at for at, line in enumerate(lines[first:]) if _DELIMITER.fullmatch(line)), None)


def _ends(count: int) -> Iterable[int]:
    """The lines near the beginning and near the end of a text; what is habit does not stand amid a long one."""
    return chain(range(min(_NEAR, count)), range(max(_NEAR, count - _NEAR), count))


def _closing(lines: list[str]) -> int | None:
    for index, line in enumerate(lines[-16:], max(0, len(lines) - 16)):
        words = line.strip().strip(",.!;*_ -–").casefold()
        below = lines[index + 1 :]
        if words in _CLOSINGS and _is_name_block(below):
            return index
        if _closes_with_name(line) and all(map(_reaches, filter(str.strip, below))):
            return index
    return None


def _closes_with_name(line: str) -> bool:
    """`Liebe Grüße, Ada`: an ending of two words, or one that is no other word, and a name on the same line."""
    words = line.replace(",", " ").replace(".", " ").split() if len(line) < _LONGEST_ENDING else []
    for size in range(1, min(len(words), 5)):
        ending, name = " ".join(words[:size]).casefold(), words[size:]
        if ending in _CLOSINGS and (size > 1 or ending in _SHORT_CLOSINGS):
            return len(name) <= _NAMES and all(word[0].isupper() for word in name)
    return False


def _ruled(lines: list[str]) -> int | None:
    """Below a rule nothing but short lines, several of which say how to reach somebody."""
    for index in range(len(lines) - 1, max(0, len(lines) - 26), -1):
        if _RULE.fullmatch(lines[index]):
            below = [line for line in lines[index + 1 :] if line.strip()]
            return index if _is_name_block(below) and sum(map(_reaches, below)) > 1 else None
    return None


def _card(lines: list[str]) -> int | None:
    """A last paragraph that is a name and ways to reach its owner, at least two; not one that was announced."""
    longest = range(len(lines) - 1, max(-1, len(lines) - _CARD - 2), -1)
    start = next((at + 1 for at in longest if not lines[at].strip()), 0)
    if len(lines) - start > _CARD:
        return None
    card, above = _split_card(lines[start:]), next((line for line in reversed(lines[:start]) if line.strip()), "")
    if above.rstrip().endswith((":", "：")):
        return None
    is_card = 3 <= len(card) <= _CARD and _is_name(card[0]) and _is_name_block(card)
    return start if is_card and sum(map(_reaches, card[1:])) > 1 else None


def _split_card(lines: list[str]) -> list[str]:
    """A card without the marks of bold, and in lines where it was one: `Ada | Firm | 0113 496 0000`."""
    if len(lines) == 1 and lines[0].count("|") > 1:
        lines = lines[0].split("|")
    return [line.strip(" *_") for line in lines]


def _is_name(line: str) -> bool:
    """One to four words, each of which begins with a capital."""
    return bool(_NAME.fullmatch(line)) and all(word[0].isupper() for word in line.split())


def _reaches(line: str) -> bool:
    return bool(_CONTACT.search(line[:200]))


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
