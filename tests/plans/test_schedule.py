"""Schedules: to the penny, on days that there are."""

from __future__ import annotations

import random
from datetime import date

import pytest

from chalicelib.plans.schedule import MOST, Frequency, cut, due_days, monthly_minor, months_of, schedule
from chalicelib.platform.workdays import working_days
from tests.plans.plain_schedules import a_case, fault

ENGLAND = working_days("GB-ENG")


def test_a_hundred_pounds_in_three() -> None:
    made = schedule(10_000, 3, Frequency.MONTHLY, date(2026, 11, 30), ENGLAND)
    assert [each.amount_minor for each in made] == [3334, 3333, 3333]
    assert [each.due_on for each in made] == [date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 1)]


@pytest.mark.parametrize(
    ("due_day", "days"),
    [
        (31, [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]),
        (30, [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30), date(2028, 4, 30)]),
        (29, [date(2028, 1, 29), date(2028, 2, 29), date(2028, 3, 29), date(2028, 4, 29)]),
    ],
)
def test_the_last_days_of_a_month_never_drift(due_day: int, days: list[date]) -> None:
    assert due_days(days[0], 4, Frequency.MONTHLY, due_day) == days


def test_the_last_of_february_can_stand_for_the_31st() -> None:
    assert due_days(date(2027, 2, 28), 2, Frequency.MONTHLY, 31) == [date(2027, 2, 28), date(2027, 3, 31)]
    with pytest.raises(ValueError, match="is not the 31"):
        due_days(date(2027, 2, 27), 2, Frequency.MONTHLY, 31)


def test_no_instalment_falls_on_a_bank_holiday() -> None:
    made = schedule(1_000, 3, Frequency.WEEKLY, date(2026, 12, 18), ENGLAND)
    assert [each.due_on for each in made] == [date(2026, 12, 18), date(2026, 12, 29), date(2027, 1, 4)]


def test_a_deposit_comes_first() -> None:
    made = schedule(10_000, 4, Frequency.WEEKLY, date(2026, 11, 2), ENGLAND, deposit_minor=4_000)
    assert [each.amount_minor for each in made] == [4000, 2000, 2000, 2000]


@pytest.mark.parametrize(
    ("total", "count", "deposit"), [(10_000, 0, 0), (10_000, MOST + 1, 0), (2, 3, 0), (100, 1, 50), (100, 3, 99)]
)
def test_what_cannot_be_split_is_refused(total: int, count: int, deposit: int) -> None:
    with pytest.raises(ValueError, match="no instalments"):
        schedule(total, count, Frequency.MONTHLY, date(2026, 11, 2), ENGLAND, deposit_minor=deposit)


@pytest.mark.parametrize(("less", "left"), [(0, [40, 30, 30]), (10, [40, 30, 20]), (45, [40, 15, 0]), (100, [0, 0, 0])])
def test_what_is_forgiven_shrinks_the_last_ones_first(less: int, left: list[int]) -> None:
    assert cut([40, 30, 30], less) == left


def test_what_an_instalment_takes_of_a_month_is_rounded_up() -> None:
    assert [monthly_minor(1_000, each) for each in Frequency] == [4_334, 2_167, 1_000]
    assert [months_of(13, each) for each in Frequency] == [3, 6, 13]


def test_random_schedules_are_what_walking_through_the_calendar_gives() -> None:
    chance = random.Random(20261122)
    for _ in range(1_500):
        case = a_case(chance)
        assert fault(case) is None, case
