"""The customer's new words: quoted history goes, answers between quotations stay.

Works line by line with a fixed number of looks ahead and back, so in time that grows with the length alone. Where in
doubt a line stays: an advisor can skip a quotation but cannot guess a word that is missing.
"""

# ruff: noqa: RUF001 - the signs that customers write with

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import compress

from chalicelib.intake.mail.candidates import lines_with_ends, signed_lines
from chalicelib.intake.mail.headlines import (
    header_end,
    is_header_block,
    may_end_headline,
    start_of,
    words_before,
)
from chalicelib.intake.mail.marks import marked, unmarked, wrapped
from chalicelib.intake.mail.odd_marks import BETWEEN_MARKS, is_left_out, odd_mark, with_usual_marks, without_directions
from chalicelib.intake.mail.phrases import ABOVE, FORWARDED, ORIGINAL

MAX_TEXT = 120_000
"""Characters that are looked at."""
_RULE = re.compile(
    r"[\s>]{0,4}(?:[-_=*~—–─━]{2,200}|[-_=*~—]{3,80}\s{0,5}[^\W\d_][^_=*~\d\n]{2,40}[-_=*~—]{3,80})\s{0,4}"
)
"""With or without words in it."""
_LOOK_AHEAD, _SHOWN = 6, 3
_ODD = 4
"""Marks other than the usual one that are looked for, each in all lines."""


@dataclass
class _Reader:
    """Lines, which of them are dropped, and where the history begins for good."""

    lines: list[str]
    marked: list[bool]
    dropped: set[int] = field(default_factory=set)
    cut: int | None = None
    kept_start: str = ""
    headed: int | None = None
    passed_on: int | None = None
    odd: int = 0


def own_words(text: str, *, from_markup: bool = False, forwards: bool = False, depth: int = _SHOWN) -> str:
    """`text` without quoted history; all of it when nothing else would be left. What the writer passes on stays.

    `from_markup`: the marks were set from the structure of HTML, so that a single marked line is a quotation too.
    `forwards`: the subject says that a mail is passed on, so that the header of one begins no history.
    `depth`: how often a mail that is nothing but another one is still opened.
    """
    parts = parted(text, from_markup=from_markup, forwards=forwards, depth=depth)
    return "\n\n".join(part for part in parts if part)


def parted(
    text: str, *, from_markup: bool = False, forwards: bool = False, answers: bool = False, depth: int = _SHOWN
) -> tuple[str, str]:  # fmt: skip
    """What the writer says, and the mail that is passed on below it, "" when none is; see `own_words`.

    `answers`: the mail answers another one, so that a single marked line at its end is of that one.
    """
    reader = _read(without_directions(text[:MAX_TEXT]), forwards=forwards)
    _drop_marked(reader, from_markup=from_markup, answers=answers)
    passed_on = "" if reader.passed_on is None else "\n".join(reader.lines[reader.passed_on :]).strip()
    own = _kept(reader)
    if not own and reader.cut is not None and depth:
        return _shown(reader.lines, reader.cut, from_markup=from_markup, depth=depth - 1), ""
    own = own or ("" if passed_on else text.strip())
    return (unmarked(own), unmarked(passed_on)) if from_markup else (own, passed_on)


def _read(text: str, *, forwards: bool) -> _Reader:
    lines, signed = text.split("\n"), signed_lines(text)
    reader = _Reader(lines, marked(text, with_usual_marks(text, lines)))
    for index in sorted(signed.union(lines_with_ends(lines))):
        if reader.cut is not None:
            break
        if reader.marked[index] and BETWEEN_MARKS.match(lines[index]):
            reader.cut = index
            break
        if reader.marked[index] or index in reader.dropped or not lines[index].strip():
            continue
        if index in signed and (FORWARDED.match(lines[index]) or (forwards and is_header_block(lines, index))):
            reader.passed_on = index
            break
        _look(reader, index, signed=index in signed)
    return reader


def _drop_marked(reader: _Reader, *, from_markup: bool, answers: bool) -> None:
    if True not in reader.marked:
        return
    several = from_markup or reader.headed is not None or sum(reader.marked) > 1
    if not (several or (answers and _ends_quoted(reader))):
        return
    # What the writer set off above the headline of the history is the writer's own quotation.
    first = reader.headed or 0 if from_markup else 0
    dropped = wrapped(reader.lines, reader.marked)
    dropped.update(compress(range(first, len(reader.lines)), reader.marked[first:]))
    if dropped:
        plain = (index for index, mark in enumerate(reader.marked) if not mark or index < first)
        dropped |= {index for index in plain if reader.lines[index].strip() and is_left_out(reader.lines[index])}
    end = len(reader.lines) if reader.passed_on is None else reader.passed_on
    reader.dropped.update(dropped if end == len(reader.lines) else (index for index in dropped if index < end))


def _ends_quoted(reader: _Reader) -> bool:
    """Whether the text ends with a marked line that stands for itself and was not announced."""
    said = [index for index, line in enumerate(reader.lines) if line.strip()]
    if len(said) < 2 or not reader.marked[said[-1]]:
        return False
    return said[-2] < said[-1] - 1 and not reader.lines[said[-2]].rstrip().endswith((":", "："))


def _kept(reader: _Reader) -> str:
    end = reader.cut if reader.passed_on is None else reader.passed_on
    if end is None and not reader.dropped:
        return "\n".join(reader.lines).strip()
    kept = [line for index, line in enumerate(reader.lines[:end]) if index not in reader.dropped]
    return "\n".join([*_without_rule(kept), reader.kept_start]).strip()


def _shown(lines: list[str], start: int, *, from_markup: bool, depth: int) -> str:
    """A mail that is nothing but another one: its header and its own words, without what that one had quoted."""
    end = header_end(lines, start)
    inner = "\n".join(lines[end:])
    if not inner.strip() or end == start:
        return "\n".join(lines).strip()
    return "\n".join([*lines[:end], own_words(inner, from_markup=from_markup, depth=depth)]).strip()


def _look(reader: _Reader, index: int, *, signed: bool) -> None:
    """Decide whether history begins with, or ends its headline on, this line. `signed`: it has a sign."""
    if signed and (_begins_history(reader.lines[index]) or is_header_block(reader.lines, index)):
        end = max(index + 1, header_end(reader.lines, index))
        if _is_answered_below(reader, index, index) and _is_quotation_next(reader, end):
            reader.dropped.update(range(index, end))
        else:
            reader.cut = index
        return
    if not may_end_headline(reader.lines[index]):
        return
    quoted = _is_quotation_next(reader, index + 1)
    mark = "" if quoted or reader.odd >= _ODD else odd_mark(reader.lines[index + 1 : index + _LOOK_AHEAD])
    start = start_of(reader.lines, reader.marked, index, quoted=quoted or mark != "")
    if start is None:
        return
    if mark:
        reader.odd += 1
        reader.marked = [held or line.startswith(mark) for held, line in zip(reader.marked, reader.lines, strict=True)]
    quoted = quoted or mark != "" or _is_answered_below(reader, start, index)
    reader.headed = start if reader.headed is None else reader.headed
    before = words_before(reader.lines[start])
    if not quoted:
        reader.cut, reader.kept_start = start, before
        return
    reader.dropped.update(range(start, index + 1))
    if before:
        reader.lines[start] = before
        reader.dropped.discard(start)


def _begins_history(line: str) -> bool:
    return ORIGINAL.match(line) is not None or ABOVE.match(line) is not None


def _is_quotation_next(reader: _Reader, index: int) -> bool:
    """Whether the next line with text is marked."""
    ahead = range(index, min(index + _LOOK_AHEAD, len(reader.lines)))
    return next((reader.marked[at] for at in ahead if not is_left_out(reader.lines[at])), False)


def _is_answered_below(reader: _Reader, start: int, index: int) -> bool:
    """Whether nothing stands above a headline and quotations stand below: then the answers do so too."""
    if start > _LOOK_AHEAD or True not in reader.marked[index:]:
        return False
    return all(at in reader.dropped or not reader.lines[at].strip() for at in range(start))


def _without_rule(lines: list[str]) -> list[str]:
    """The rule that a client draws over the history goes with it."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _RULE.fullmatch(lines[end - 1])):
        end -= 1
    return lines[:end]
