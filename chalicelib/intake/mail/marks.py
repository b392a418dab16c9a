"""Which lines carry a quotation mark."""

from __future__ import annotations

import re
from collections import Counter

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


def marked(lines: list[str]) -> list[bool]:
    """For each line whether it is marked. Initials (`C>`) are a mark when they come twice; the `>` of a broken
    `<address` is none."""
    marks = [_mark(line) if ">" in line[:_WIDEST] else "" for line in lines]
    if not any(marks):
        return [False] * len(lines)
    often = Counter(marks)
    return [
        bool(mark) and (mark == ">" or often[mark] > 1) and not _closes_angle(lines, marks, index)
        for index, mark in enumerate(marks)
    ]


def _mark(line: str) -> str:
    if line[0] == ">":
        return ">"
    found = _MARK.match(line)
    return found.group().strip() if found else ""


def wrapped(lines: list[str], marks: list[bool]) -> set[int]:
    """Lines that a client broke out of a long quoted line: a single one, directly below a marked one, going on in lower
    case or holding a link, or the rest of one. Where no marked one follows, it goes on with the sentence above."""
    found = set()
    for index in range(1, len(lines)):
        if marks[index] or not marks[index - 1]:
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
    return "\n".join(_SET_MARK.sub("", line) for line in text.split("\n"))


def _closes_angle(lines: list[str], marks: list[str], index: int) -> bool:
    if index > 1 and marks[index - 1] == marks[index - 2] == ">":
        return False
    before = "".join(line[-200:] for line in lines[max(0, index - 2) : index] if not line.lstrip().startswith(">"))
    return before.count("<") > before.count(">")
