"""Working days against the days that the government published, and over a change of year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.platform.workdays import next_working_day, working_days

ENGLAND_2026 = {
    date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31),
    date(2026, 12, 25), date(2026, 12, 28),
}  # fmt: skip
"""gov.uk/bank-holidays, England and Wales; Boxing Day on a Saturday has its Monday."""


def test_weekdays_are_working_days_but_for_the_published_holidays() -> None:
    works = working_days("GB-ENG")
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = {day for day in days if day.weekday() < 5 and not works(day)}
    assert closed == ENGLAND_2026
    assert not any(works(day) for day in days if day.weekday() >= 5)


def test_parts_of_a_country_have_their_own_holidays() -> None:
    day = date(2026, 11, 30)
    assert (working_days("GB-ENG")(day), working_days("GB-SCT")(day)) == (True, False)
    assert not working_days("DE")(date(2026, 10, 2) + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 11, 2), date(2026, 11, 2)),
        (date(2026, 12, 25), date(2026, 12, 29)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 4)),
        (date(2027, 3, 26), date(2027, 3, 30)),
    ],
)
def test_the_next_working_day_skips_weekends_and_holidays(day: date, following: date) -> None:
    assert next_working_day(day, working_days("GB-ENG")) == following


@pytest.mark.parametrize("region", ["XX", "GB-XYZ"])
def test_an_unknown_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        working_days(region)
