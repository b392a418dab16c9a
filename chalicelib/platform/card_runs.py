"""Runs of digit groups in a text, and the numbers in them that pass Luhn.

What is done for each digit or gap of a run is done once, however many numbers could begin at it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 19
"""Digits of a card number."""
_INVISIBLE: Final = (
    "\x00-\x1f\x7f\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20e3\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U0001d173-\U0001d17a\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
_DOTS: Final = "\u00a6\u2022\u2027\u2219\u22c5\u2500\u25cf\u3001\u30fb\uff0c\uff0e\uff0f\uff1a\uff3f\uff5c\uff65"
"""Marks that stand for points, bars and the like, in the middle of a line or in full width."""
_DASHES: Final = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u00af\u2043\u02d7\u30fc"
_MARKUP: Final = (
    r"<[^<>]{0,400}>|&(?:nbsp|ensp|emsp|thinsp|shy|zwn?j|#[0-9]{2,5}|#[xX][0-9a-fA-F]{2,4});|%(?:20|0[9aAdD]|2[dD])"
)
_GAP: Final = rf"(?:{_MARKUP}|[\s{_INVISIBLE}.,/\\_·*|:;~+=#'\"()\[\]>{_DOTS}{_DASHES}-]){{1,12}}"
_HIDDEN: Final = r"\[card ending [0-9]{4}\]"
"""A number that was hidden before: its digits begin no other."""
_RUN: Final = re.compile(rf"{_HIDDEN}|\d+(?:{_GAP}\d+)*")
_ASCII_RUN: Final = re.compile(_RUN.pattern.replace(r"\d", "[0-9]"), re.ASCII)
_PIECE: Final = re.compile(rf"\d+|{_GAP}")
"""Digits and gaps by turns, digits first and last in a run."""
_NO_MARK: Final = re.compile(rf"{_MARKUP}|[\s{_INVISIBLE}>]+")
_DASH: Final = re.compile(rf"[{_DASHES}-]")
_BREAK: Final = re.compile(r"[\n\r\u2028\u2029<]")
_NEW_LINE: Final = re.compile(r"[\n\r\u2028\u2029]")
_CUTS: Final = ({4, 8, 12, 16}, {4, 10}, {6, 12, 18})
"""Digits before the gaps of a card's number as issuers print it."""
_UNSEEN: Final = " \t\r\n\u00a0\u2028\u2029>"
_GAPS: Final = bytes(code for code in range(128) if re.fullmatch(_GAP, chr(code)))
_KINDS: Final = bytes(ord("0") if code > 127 or chr(code).isdigit() else ord("x") for code in range(256))
"""For each byte whether it could be of a digit."""
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")
"""Each digit doubled, and the digits of that added up."""


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B check of a string of ASCII digits."""
    return sum(map(int, digits[-1::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


class Run:
    """Digit groups of a text with what separates them, from `start` on."""

    def __init__(self, found: re.Match[str]) -> None:
        pieces = _PIECE.findall(found.group())
        self.text, self.start = found.string, found.start()
        self.shown: list[str] = pieces[::2]
        self.gaps: list[str] = pieces[1::2]
        self.groups = [
            group if group.isascii() else "".join(str(int(digit)) for digit in group) for group in self.shown
        ]
        self.digits = "".join(self.groups)

    @cached_property
    def _before(self) -> list[int]:
        """How many digits stand before each group, and in all."""
        return [0, *accumulate(map(len, self.groups))]

    @cached_property
    def _sums(self) -> tuple[list[int], list[int]]:
        """Codes of the digits added up, those at odd and those at even places doubled as Luhn doubles them."""
        plain, doubled = bytearray(self.digits, "ascii"), bytearray(self.digits.translate(_DOUBLED), "ascii")
        plain[1::2], doubled[1::2] = doubled[1::2], plain[1::2]
        return [0, *accumulate(plain)], [0, *accumulate(doubled)]

    @cached_property
    def _marks(self) -> list[str]:
        return [_DASH.sub("-", _NO_MARK.sub("", gap)) for gap in self.gaps]

    def place(self, group: int) -> int:
        """Where in the text a group begins."""
        return self.start + self._places[group]

    @cached_property
    def _places(self) -> list[int]:
        wide = map(int.__add__, map(len, self.shown), map(len, self.gaps))
        return [0, *accumulate(wide)]

    def is_even(self, first: int, last: int) -> bool:
        """Whether the same stands between all of these groups."""
        return len(set(self.gaps[first:last])) <= 1

    def numbers(self, first: int) -> Iterator[tuple[int, str]]:
        """The numbers that begin with this group and pass Luhn: the index of the last group and the digits."""
        start = self._before[first]
        end = bisect_left(self._before, start + SHORTEST, first + 1)
        while end < len(self._before) and self._before[end] - start <= LONGEST:
            stop = self._before[end]
            sums = self._sums[(stop - 1) % 2]
            if (sums[stop] - sums[start] - ord("0") * (stop - start)) % 10 == 0:
                yield end - 1, self.digits[start:stop]
            end += 1

    def is_whole(self, first: int, last: int) -> bool:
        """Whether the groups are one number and no column of amounts or list of numbers: one kind of mark between them,
        and between points or commas no blanks and at most one new line; where blanks and new lines or marks alternate,
        groups as on a card. Thirteen digits are a card only in short groups between which the same stands, or in one
        piece."""
        if first == last:
            return True
        groups, gaps, marks = self.groups[first : last + 1], self.gaps[first:last], self._marks[first:last]
        if self._before[last + 1] - self._before[first] == 13 and (max(map(len, groups)) > 4 or len(set(gaps)) > 1):
            return False
        kinds = {mark for mark in marks if mark}
        if not kinds & {".", ","}:
            return len(kinds) <= 1 and self._is_grouped(groups, gaps, marks)
        unmarked = [gap for gap, mark in zip(gaps, marks, strict=True) if not mark and not gap.strip(_UNSEEN)]
        return len(kinds) == 1 and len(unmarked) <= 1 and all(_BREAK.search(gap) for gap in unmarked)

    def _is_grouped(self, groups: list[str], gaps: list[str], marks: list[str]) -> bool:
        """Whether nothing tells that these are several numbers. A new line may fall anywhere."""
        parts = [mark or ("\n" if _NEW_LINE.search(gap) else " ") for mark, gap in zip(marks, gaps, strict=True)]
        if len(set(parts)) <= 1:
            return True
        ends = accumulate(map(len, groups))
        cuts = {end for end, part in zip(ends, parts, strict=False) if part != "\n"}
        if set(parts) == {" ", "\n"} and not any(cut % len(groups[0]) for cut in cuts):
            return True
        return any(cuts <= usual for usual in _CUTS)


def replaced(text: str, change: Callable[[Run], str]) -> str:
    """The text with each run of enough digits for a card number changed."""

    def changed(found: re.Match[str]) -> str:
        if found.end() - found.start() < SHORTEST or found.group().startswith("["):
            return found.group()
        run = Run(found)
        return change(run) if len(run.digits) >= SHORTEST else found.group()

    return (_ASCII_RUN if text.isascii() else _RUN).sub(changed, text)


def digits_in_reach(text: str) -> bool:
    """Whether enough digits for a card number follow each other but for marks. False for most texts, at next to no
    cost; what is marked up is not looked at so closely."""
    if any(mark in text for mark in "<&%"):
        return True
    return b"0" * SHORTEST in text.encode(errors="replace").translate(_KINDS, _GAPS)
