"""Working days: which days banks and offices are open in a country or one of its parts.

Bank holidays are decided by governments, also at short notice (a coronation, a state funeral), so they come from a
library that follows them; it is loaded when the first day is asked for."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date, timedelta
from functools import cache

IsWorkingDay = Callable[[date], bool]
"""Whether banks and offices are open on a day."""


@cache
def bank_holidays(region: str) -> Container[date]:
    """The public holidays of a region by its code, ISO 3166-1 or 3166-2, such as `GB-ENG` or `DE`, those on a weekend
    too. Raises ValueError for a region whose holidays are not known."""
    import holidays

    country, _, part = region.partition("-")
    try:
        known: Container[date] = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise ValueError(f"the bank holidays of {region} are not known") from None
    return known


@cache
def working_days(region: str) -> IsWorkingDay:
    """The working days of a region: no Saturdays, Sundays and public holidays. Raises ValueError for a region whose
    holidays are not known."""
    known = bank_holidays(region)
    return lambda day: day.weekday() < 5 and day not in known


def next_working_day(day: date, is_working: IsWorkingDay) -> date:
    """The day itself when it is one, else the first one after it."""
    while not is_working(day):
        day += timedelta(days=1)
    return day
