"""Billing periods by the day, for a billing day from the 1st to the 31st, and what another billing day costs. Pure.

Periods are counted from the billing day and never from one another, so that the 31st bills on the last day of February
and on the 31st of March again. A period is billed on its first day, in advance. Stripe's periods begin at one second of
the day (UTC) that never moves: they last whole days, so shares by the day are its shares by the second.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.platform.money import share

_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """From its first day to the day before the next one begins."""

    starts_on: date
    next_on: date

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.next_on - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.next_on - self.starts_on).days

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day < self.next_on


def billing_day(year: int, month: int, anchor_day: int) -> date:
    """The day of a month on which it bills: the anchor day, or the last day of a month that is too short."""
    return date(year, month, min(anchor_day, monthrange(year, month)[1]))


def period_of(day: date, anchor_day: int) -> Period:
    """The period that the day lies in."""
    back = 0 if billing_day(day.year, day.month, anchor_day) <= day else 1
    return _period(day.year * _MONTHS + day.month - 1 - back, anchor_day)


def nth_period(day: date, anchor_day: int, number: int) -> Period:
    """The period so many after the one that the day lies in; before it, when negative."""
    begun = period_of(day, anchor_day).starts_on
    return _period(begun.year * _MONTHS + begun.month - 1 + number, anchor_day)


def periods_from(day: date, anchor_day: int, count: int) -> list[Period]:
    """So many periods in a row, the first of which the day lies in."""
    return [nth_period(day, anchor_day, number) for number in range(count)]


@dataclass(frozen=True)
class Move:
    """A change of the billing day. Until `on` all stays as it is, with bills on the days of `bills_before`; on that day
    the `cut` period ends early, what is left of it is given back, and the `first` period of the new day is billed."""

    on: date
    bills_before: tuple[date, ...]
    cut: Period
    first: Period

    @property
    def unused_days(self) -> int:
        """The days of the cut period that are given back; none when it would have ended that day anyway."""
        return (self.cut.next_on - self.on).days

    def credit_minor(self, price_minor: int) -> int:
        """What is given back of a price for a whole period, in minor units, rounded half away from zero."""
        return share(price_minor, self.unused_days, self.cut.days)

    def bill_minor(self, price_minor: int) -> int:
        """What the first bill on the new day comes to for this price, in minor units."""
        return price_minor - self.credit_minor(price_minor)


def move(today: date, anchor_day: int, new_day: int) -> Move:
    """Move the billing day from the next such day after today on. A month that lacks it is passed over: a cycle that
    began on the 30th would never bill on the 31st."""
    on = next(day for number in (1, 2) if (day := nth_period(today, new_day, number).starts_on).day == new_day)
    days, following = list[date](), period_of(today, anchor_day).next_on
    while following < on:
        days.append(following)
        following = period_of(following, anchor_day).next_on
    return Move(on, tuple(days), period_of(on - timedelta(days=1), anchor_day), period_of(on, new_day))


def _period(months: int, anchor_day: int) -> Period:
    """The period that begins in this month, counted from the year nought."""
    start, following = (divmod(months + ahead, _MONTHS) for ahead in (0, 1))
    return Period(
        billing_day(start[0], start[1] + 1, anchor_day), billing_day(following[0], following[1] + 1, anchor_day)
    )
