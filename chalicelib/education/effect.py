"""Whether a guide helps: how many of those who got it came back, and how many of those who were held out. Pure.

Both would have got it by the same rules and were told apart by a hash, so that they can be compared. A share of few
accounts says little: each comes with its 95% interval (Wilson, 1927), the difference with Newcombe's (1998)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import sqrt
from typing import Final, Literal

from chalicelib.education.model import Outcome
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

_Z: Final = 1.959963984540054
"""The normal distribution's 97.5% quantile."""
SMALL: Final = 100
"""With fewer accounts on a side nobody should decide anything by it."""


class Counted(Record):
    """An account that got a guide, or was held out of it, and when."""

    account_id: str
    guide_id: str
    guide_version: int
    at: Instant
    outcome: Outcome


class Contact(Record):
    """A case that a customer opened, or a call of theirs."""

    id: str
    kind: Literal["case", "contact"]
    at: Instant


class Followed(Record):
    """An account with what it came back for within the days that count."""

    counted: Counted
    again: tuple[Contact, ...]


class Reading(StrEnum):
    """What the figures allow to say."""

    FEWER = "fewer"  # who got it came back less, beyond chance
    MORE = "more"
    UNDECIDED = "undecided"  # the interval of the difference holds zero
    TOO_FEW = "too_few"
    NOTHING_TO_COMPARE = "nothing_to_compare"


class Share(Record):
    """How many of how many, with the interval of the share behind it, in basis points."""

    accounts: int
    again: int
    share_bp: int | None
    low_bp: int
    high_bp: int


class Comparison(Record):
    """With the guide and without it; below zero, who got it came back less. Null where there is nobody to compare."""

    got_it: Share
    held_out: Share
    difference_bp: int | None
    low_bp: int | None
    high_bp: int | None
    reading: Reading


def first_each(counted: Iterable[Counted]) -> list[Counted]:
    """The first row of each account, by account: who got a guide twice is one account."""
    earliest: dict[str, Counted] = {}
    for row in sorted(counted, key=lambda each: (each.at, each.guide_id)):
        earliest.setdefault(row.account_id, row)
    return [earliest[account_id] for account_id in sorted(earliest)]


def share(again: int, accounts: int) -> Share:
    low, high = wilson(again, accounts)
    part = _bp(again / accounts) if accounts else None
    return Share(accounts=accounts, again=again, share_bp=part, low_bp=_bp(low), high_bp=_bp(high))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share, from 0 to 1 when there is nothing to count. Raises ValueError for more hits than
    there are."""
    if not 0 <= hits <= of:
        raise ValueError("there are not so many")
    if of == 0:
        return 0.0, 1.0
    part, square = hits / of, _Z**2
    middle = (part + square / (2 * of)) / (1 + square / of)
    reach = _Z * sqrt(part * (1 - part) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def compare(got_it: Sequence[Followed], held_out: Sequence[Followed]) -> Comparison:
    """The two sides against each other."""
    one, two = (share(sum(bool(each.again) for each in side), len(side)) for side in (got_it, held_out))
    if not one.accounts or not two.accounts:
        return Comparison(
            got_it=one, held_out=two, difference_bp=None, low_bp=None, high_bp=None, reading=Reading.NOTHING_TO_COMPARE
        )
    low, high = newcombe((one.again, one.accounts), (two.again, two.accounts))
    return Comparison(
        got_it=one, held_out=two, difference_bp=_bp(one.again / one.accounts - two.again / two.accounts),
        low_bp=_bp(low), high_bp=_bp(high), reading=_reading(low, high, min(one.accounts, two.accounts)),
    )  # fmt: skip


def newcombe(one: tuple[int, int], two: tuple[int, int]) -> tuple[float, float]:
    """The 95% interval of the difference of two shares, each given as hits and how many there are, none of them 0."""
    (first, other), (low, high), (low_other, high_other) = (
        (one[0] / one[1], two[0] / two[1]),
        wilson(*one),
        wilson(*two),
    )
    down = sqrt((first - low) ** 2 + (high_other - other) ** 2)
    up = sqrt((high - first) ** 2 + (other - low_other) ** 2)
    return first - other - down, first - other + up


def _reading(low: float, high: float, fewest: int) -> Reading:
    if fewest < SMALL:
        return Reading.TOO_FEW
    if high < 0:
        return Reading.FEWER
    return Reading.MORE if low > 0 else Reading.UNDECIDED


def _bp(part: float) -> int:
    return round(part * 10_000)
