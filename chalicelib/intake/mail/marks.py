"""Which lines carry a quotation mark."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from chalicelib.intake.mail.odd_marks import WIDE

_MARK = re.compile(r"\s{0,4}(?:>|[A-Za-z]{1,3}>\s)")
_WIDEST = 8
"""Characters of the longest mark."""
_GOES_ON = re.compile(r"\s{0,3}[a-z(<_\d]")
_LINK_LINE = re.compile(r"\s{0,3}[(<]https?://")
_BROKEN_LINK = re.compile(r"https?://\S{1,2000}$")
_SET_MARK = re.compile(r"^(?:> ?){1,9}")
_ENDED = re.compile(r"[.?!:;)\"'»”…]\s{0,4}$")
_LONG = 60
"""Characters of a line that a client may have wrapped."""


def marked(text: str, lines: list[str]) -> list[bool]:
    """For each line of a text whether it is marked. Initials (`C>`) are a mark when they come twice; the `>` of a
    broken `<address` is none."""
    if ">" not in text and WIDE not in text:
        return [False] * len(lines)
    marks = [">" if line[:1] == ">" else _mark(line) if ">" in line[:_WIDEST] else "" for line in lines]
    often = Counter(marks)
    is_mark = {mark: mark != "" and (mark == ">" or count > 1) for mark, count in often.items()}
    found = [is_mark[mark] for mark in marks]
    angled = [at for at, line in enumerate(lines) if "<" in line] if "<" in text else ()
    for index in {below for at in angled for below in (at + 1, at + 2) if below < len(lines)}:
        found[index] = found[index] and not _closes_angle(lines, marks, index)
    return found


def _mark(line: str) -> str:
    found = _MARK.match(line)
    return found.group().strip() if found else ""


def wrapped(lines: list[str], marks: list[bool]) -> set[int]:
    """Lines that a client broke out of a long quoted line: a single one, directly below a marked one, going on in lower
    case or holding a link, or the rest of one. Where no marked one follows, it goes on with the sentence above."""
    found = set()
    for index, (marked_above, is_marked) in enumerate(pairwise(marks), 1):
        if is_marked or not marked_above:
            continue
        line, above = lines[index], lines[index - 1]
        goes_on = len(above) > _LONG and _GOES_ON.match(line)
        if index + 1 == len(lines) or not marks[index + 1]:
            ends = index + 1 == len(lines) or not lines[index + 1].strip()
            if ends and goes_on and not _ENDED.search(above[-9:]):
                found.add(index)
            continue
        rest_of_link = _BROKEN_LINK.search(above[-2000:]) and " " not in line.strip()
        if goes_on or rest_of_link or _LINK_LINE.match(line):
            found.add(index)
    return found


def unmarked(text: str) -> str:
    """The words of a text that is nothing but a quotation made of markup, without its marks."""
    return "\n".join(_SET_MARK.sub("", line) if line[:1] == ">" else line for line in text.split("\n"))


def _closes_angle(lines: list[str], marks: list[str], index: int) -> bool:
    if index > 1 and marks[index - 1] == marks[index - 2] == ">":
        return False
    before = "".join(line[-200:] for line in lines[max(0, index - 2) : index] if not line.lstrip().startswith(">"))
    return before.count("<") > before.count(">")
