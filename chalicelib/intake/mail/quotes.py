"""The customer's new words: quoted history goes, answers between quotations stay.

Works line by line with a fixed number of looks ahead and back, so in time that grows with the length alone. Where in
doubt a line stays: an advisor can skip a quotation but cannot guess a word that is missing.
"""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from chalicelib.intake.mail.phrases import FORWARDED, LABEL, OPENERS, ORIGINAL, VERBS

MAX_TEXT = 120_000
"""Characters that are looked at."""
_MARK = re.compile(r"\s{0,4}(?:>|[A-Za-z]{1,3}>\s)")
_DATE = re.compile(
    r"\d{1,2}[:.]\d{2}(?!\d)|\d{1,2}h\d{2}|\d{4}\s?[-/.年]\s?\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}"
    r"|(?<!\d)(?:19|20)\d{2}(?!\d)"
)
_ADDRESS = re.compile(r"[^\s@<>]{1,80}@[^\s@<>]{1,80}")
_STARTS_WITH_DATE = re.compile(r"\W{0,3}(?:[^\W\d]{2,12}\W{1,3}){0,2}\d")
_INLINE_OPENER = re.compile(rf"(?:^|(?<=[\s>-]))(?:{'|'.join(OPENERS)})\s(?=[^\n]{{0,40}}?\d)", re.IGNORECASE)
_GOES_ON = re.compile(r"\s{0,3}[a-z(<_\d]")
_LINK_LINE = re.compile(r"\s{0,3}[(<]https?://")
_RULE = re.compile(r"[\s>]{0,4}[-_=*—]{2,200}\s{0,4}")
_ENDING = " :：*_-–—=\t"
_LOOK_BACK = 5
_HEADER_LINES = 10


@dataclass
class _Reader:
    """Lines, which of them are dropped, and where the history begins for good."""

    lines: list[str]
    marked: list[bool]
    dropped: set[int] = field(default_factory=set)
    cut: int | None = None
    kept_start: str = ""
    attributed: bool = False


def own_words(text: str, *, from_markup: bool = False) -> str:
    """`text` without quoted history; all of it when nothing else would be left.

    `from_markup`: the marks were set from the structure of HTML, so that a single marked line is a quotation too.
    """
    lines = text[:MAX_TEXT].split("\n")
    reader = _Reader(lines, _marked(lines))
    for index, line in enumerate(lines):
        if reader.marked[index] or index in reader.dropped or not line.strip():
            continue
        if reader.cut is not None or FORWARDED.match(line):
            break
        _look(reader, index)
    if from_markup or reader.attributed or sum(reader.marked) > 1:
        reader.dropped.update(index for index, mark in enumerate(reader.marked) if mark)
        reader.dropped.update(_wrapped(reader))
    kept = [line for index, line in enumerate(lines[: reader.cut]) if index not in reader.dropped]
    if reader.cut is not None or reader.dropped:
        kept = _without_rule(kept)
    own = "\n".join([*kept, reader.kept_start]).strip()
    return own or text.strip()


def _marked(lines: list[str]) -> list[bool]:
    """Which lines carry a quotation mark. Initials (`C>`) are one when they come twice; the `>` of a broken
    `<address` is none."""
    marks = [found.group().strip() if (found := _MARK.match(line)) else "" for line in lines]
    often = Counter(marks)
    return [
        bool(mark) and (mark == ">" or often[mark] > 1) and not _closes_angle(lines, index)
        for index, mark in enumerate(marks)
    ]


def _closes_angle(lines: list[str], index: int) -> bool:
    before = "".join(line[-200:] for line in lines[max(0, index - 2) : index] if not line.lstrip().startswith(">"))
    return before.count("<") > before.count(">")


def _look(reader: _Reader, index: int) -> None:
    """Decide whether history begins with, or ends its headline on, this line."""
    if ORIGINAL.match(reader.lines[index]) or _header_block(reader, index):
        reader.cut = index
        return
    start = _attribution(reader, index)
    if start is None:
        return
    reader.attributed = True
    before = _before(reader.lines[start])
    following = _next_with_text(reader, index + 1)
    if following is not None and reader.marked[following]:
        reader.dropped.update(range(start, index + 1))
        if before:
            reader.lines[start] = before
            reader.dropped.discard(start)
    else:
        reader.cut, reader.kept_start = start, before


def _attribution(reader: _Reader, index: int) -> int | None:
    """The first line of a headline such as `On 3 May 2026 Ada wrote:` that ends on line `index`, or None."""
    line = reader.lines[index].rstrip()
    bare = line.rstrip(_ENDING).casefold()
    verb = bare.endswith(VERBS)
    colon = line.endswith((":", "：", ":*"))
    if not (verb or colon or line.endswith(">")) or len(line) > 400:
        return None
    following = _next_with_text(reader, index + 1)
    quoted = following is not None and reader.marked[following]
    window = ""
    for start in range(index, max(-1, index - _LOOK_BACK), -1):
        if reader.marked[start] or len(reader.lines[start]) > 400 or start in reader.dropped:
            break
        window = f"{reader.lines[start].strip()} {window}".strip()
        if _DATE.search(window):
            return _extended(reader, start) if _is_headline(window, verb=verb, colon=colon, quoted=quoted) else None
    undated = verb and ((quoted and _ADDRESS.search(line)) or (line.startswith("--") and line.endswith("--")))
    return index if undated else None


def _is_headline(window: str, *, verb: bool, colon: bool, quoted: bool) -> bool:
    """Whether a dated text names who wrote: by a verb at its end or, before a colon, within; or by an address alone."""
    if verb or (colon and any(f" {name} " in window.casefold() for name in VERBS)):
        return True
    named = _ADDRESS.search(window) and (_STARTS_WITH_DATE.match(window) or _INLINE_OPENER.match(window))
    return bool(named) and (colon or quoted)


def _extended(reader: _Reader, start: int) -> int:
    """A date that was wrapped from the line before belongs to the headline."""
    if start and not reader.marked[start - 1] and len(reader.lines[start - 1]) < 100:
        above = reader.lines[start - 1].strip()
        if (
            _INLINE_OPENER.match(above)
            and _DATE.search(above)
            and not _INLINE_OPENER.match(reader.lines[start].strip())
        ):
            return start - 1
    return start


def _before(line: str) -> str:
    """Words that share the line with the beginning of a headline: `Thanks! On 3 May 2026 …`."""
    for found in _INLINE_OPENER.finditer(line):
        before = line[: found.start()].rstrip(" -–—\t>")
        if _DATE.search(before) or before.casefold().endswith(VERBS):
            break
        if _DATE.search(line[found.start() :]):
            return before
    return ""


def _header_block(reader: _Reader, index: int) -> bool:
    """Whether `From: … Sent: … To: …` begins here: two kinds of field, one of them the sender or the date with a
    receiver."""
    first = LABEL.match(reader.lines[index])
    if not first or first.lastgroup == "copy":
        return False
    kinds, plain = {first.lastgroup}, 0
    for line in reader.lines[index + 1 : index + _HEADER_LINES]:
        found = LABEL.match(line)
        plain = 0 if found else plain + 1
        if plain > 2 or (not line.strip() and len(kinds) > 1):
            break
        if found:
            kinds.add(found.lastgroup)
    return len(kinds) > 1 and ("from" in kinds or {"date", "to"} <= kinds or {"date", "subject"} <= kinds)


def _next_with_text(reader: _Reader, index: int) -> int | None:
    for at in range(index, min(index + 6, len(reader.lines))):
        if reader.lines[at].strip():
            return at
    return None


def _wrapped(reader: _Reader) -> set[int]:
    """Lines that a client broke out of a long quoted line: one line, directly between two marked ones, going on in
    lower case."""
    found = set()
    for index, line in enumerate(reader.lines[1:-1], 1):
        between = reader.marked[index - 1] and reader.marked[index + 1] and not reader.marked[index]
        long = len(reader.lines[index - 1]) > 60 and _GOES_ON.match(line)
        if between and (long or _LINK_LINE.match(line)):
            found.add(index)
    return found


def _without_rule(lines: list[str]) -> list[str]:
    """The rule that a client draws over the history goes with it."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _RULE.fullmatch(lines[end - 1])):
        end -= 1
    return lines[:end]
