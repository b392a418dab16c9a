"""The days and amounts of a payment plan. Pure.

Days are counted from the first one and never from one another, so that the 31st falls on the last day of February and
on the 31st of March again; a day on which banks are closed gives way to the next one on which they are open. Amounts
are split by largest remainder, so that they sum to the penny."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.platform.fields import Record
from chalicelib.platform.money import Minor, split
from chalicelib.platform.workdays import IsWorkingDay, next_working_day
from chalicelib.subscriptions.calendar import billing_day, nth_period

MOST: Final = 60
"""Instalments of one plan; its row stays under 8 KB with them."""


class Frequency(StrEnum):
    """How often an instalment is due."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


_DAYS: Final = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14}
_A_YEAR: Final = {Frequency.WEEKLY: 52, Frequency.FORTNIGHTLY: 26, Frequency.MONTHLY: 12}


class Instalment(Record):
    """One part of a plan, numbered from one."""

    number: int = Field(ge=1, description="Counts from one.")
    due_on: date
    amount_minor: Minor


def due_days(first_on: date, count: int, frequency: Frequency, due_day: int | None = None) -> list[date]:
    """So many days from the first one on, as the calendar has them. `due_day` is the day of the month, 1 to 31, where
    the first one is the last of a shorter month. Raises ValueError when the first one is not that day."""
    if frequency in _DAYS:
        return [first_on + timedelta(days=_DAYS[frequency] * n) for n in range(count)]
    anchor = due_day or first_on.day
    if billing_day(first_on.year, first_on.month, anchor) != first_on:
        raise ValueError(f"{first_on} is not the {anchor}. of its month")
    return [nth_period(first_on, anchor, n).starts_on for n in range(count)]


def schedule(
    total_minor: int,
    count: int,
    frequency: Frequency,
    first_on: date,
    is_working: IsWorkingDay,
    *,
    due_day: int | None = None,
    deposit_minor: int = 0,
) -> tuple[Instalment, ...]:
    """`count` instalments that sum to the total, the first one of `deposit_minor` when that is more than none.

    Raises ValueError when that cannot be: fewer than one or more than 60, a deposit that leaves nothing to split, or
    less than one minor unit each."""
    parts = count - bool(deposit_minor)
    if not (1 <= count <= MOST and parts >= 1 and 0 <= deposit_minor <= total_minor - parts):
        raise ValueError("these are no instalments of that total")
    deposit = [deposit_minor] if deposit_minor else []
    amounts = deposit + split(total_minor - deposit_minor, [1] * parts)
    days = [next_working_day(day, is_working) for day in due_days(first_on, count, frequency, due_day)]
    return tuple(
        Instalment(number=n, due_on=day, amount_minor=amount)
        for n, (day, amount) in enumerate(zip(days, amounts, strict=True), start=1)
    )


def months_of(count: int, frequency: Frequency) -> int:
    """How many months so many instalments last, begun ones counted."""
    return -(-count * 12 // _A_YEAR[frequency])


def monthly_minor(amount_minor: int, frequency: Frequency) -> int:
    """What an instalment comes to in a month, rounded up: what a budget has to bear."""
    return -(-amount_minor * _A_YEAR[frequency] // 12)


def cut(amounts: list[int], less_minor: int) -> list[int]:
    """The amounts after so much of their sum is not to be paid any more: the last ones shrink first, none below
    nothing."""
    left, cut_amounts = less_minor, list[int]()
    for amount in reversed(amounts):
        taken = min(amount, left)
        cut_amounts.append(amount - taken)
        left -= taken
    return cut_amounts[::-1]
