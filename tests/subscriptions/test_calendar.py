"""The billing calendar against one who walks day by day and knows nothing of months but where they end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.subscriptions.calendar import (
    billing_day,
    move,
    nth_period,
    period_of,
    periods_from,
)

DAYS = st.dates(date(2019, 1, 1), date(2033, 12, 31))
ANCHORS = st.integers(1, 31)
ONE = timedelta(days=1)


def bills(day: date, anchor: int) -> bool:
    """Whether a walker would bill on this day: it is the anchor day, or the month ends before that comes."""
    return day.day == anchor or (day.day < anchor and (day + ONE).day == 1)


def walk(day: date, step: timedelta, anchor: int) -> Iterator[date]:
    """Every billing day from this day on."""
    while True:
        if bills(day, anchor):
            yield day
        day += step


@given(DAYS, ANCHORS)
def test_a_period_lasts_from_billing_day_to_billing_day(day: date, anchor: int) -> None:
    period = period_of(day, anchor)

    assert period.starts_on == next(walk(day, -ONE, anchor))
    assert period.next_on == next(walk(day + ONE, ONE, anchor))
    assert day in period
    assert period.ends_on + ONE not in period
    assert period.days == (period.next_on - period.starts_on).days


@given(DAYS, ANCHORS, st.integers(0, 40))
def test_periods_are_counted_and_never_drift(day: date, anchor: int, number: int) -> None:
    forth, back = walk(period_of(day, anchor).starts_on, ONE, anchor), walk(day, -ONE, anchor)
    walked = [next(forth) for _ in range(number + 1)][-1], [next(back) for _ in range(number + 1)][-1]

    assert (nth_period(day, anchor, number).starts_on, nth_period(day, anchor, -number).starts_on) == walked


@given(DAYS, ANCHORS)
def test_periods_follow_each_other_without_a_gap(day: date, anchor: int) -> None:
    found = periods_from(day, anchor, 14)

    assert day in found[0]
    assert all(one.next_on == other.starts_on for one, other in pairwise(found))


def test_the_31st_bills_on_the_last_day_of_short_months() -> None:
    starts = [period.starts_on.isoformat() for period in periods_from(date(2027, 1, 31), 31, 5)]

    assert starts == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    assert billing_day(2028, 2, 31) == date(2028, 2, 29)
    assert billing_day(2028, 2, 29) == date(2028, 2, 29)


@given(DAYS, ANCHORS, ANCHORS, st.integers(0, 10**7))
def test_another_billing_day_gives_back_what_was_billed_twice(today: date, old: int, new: int, price: int) -> None:
    moved = move(today, old, new)

    assert moved.on == next(day for day in _days(today + ONE, today + 70 * ONE) if day.day == new)
    assert moved.first == period_of(moved.on, new)
    begun = next(walk(today, -ONE, old))
    billed = [begun, *moved.bills_before]
    assert billed == [day for day in _days(begun, moved.on) if bills(day, old)]
    paid_until = next(walk(billed[-1] + ONE, ONE, old))
    twice = sum(1 for _ in _days(moved.on, paid_until))
    assert (moved.unused_days, moved.cut.days) == (twice, (paid_until - billed[-1]).days)
    exact = Fraction(price * twice, (paid_until - billed[-1]).days)
    assert abs(moved.credit_minor(price) - exact) <= Fraction(1, 2)
    assert moved.bill_minor(price) + moved.credit_minor(price) == price


def _days(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += ONE


@pytest.mark.parametrize(
    ("today", "old", "new", "on", "bills_before", "credit"),
    [
        (date(2026, 11, 22), 14, 1, date(2026, 12, 1), (), 3000 * 13 // 30),
        (date(2026, 11, 22), 14, 20, date(2026, 12, 20), (date(2026, 12, 14),), 2419),
        (date(2027, 2, 10), 31, 30, date(2027, 3, 30), (date(2027, 2, 28),), 97),
        (date(2026, 11, 22), 14, 31, date(2026, 12, 31), (date(2026, 12, 14),), 1355),
        (date(2027, 2, 10), 14, 14, date(2027, 2, 14), (), 0),
    ],
)
def test_what_a_move_means(
    today: date, old: int, new: int, on: date, bills_before: tuple[date, ...], credit: int
) -> None:
    moved = move(today, old, new)

    assert (moved.on, moved.bills_before, moved.credit_minor(3000)) == (on, bills_before, credit)
