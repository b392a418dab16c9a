"""Changes of when bills are made and collected: a pause, its end, another billing day. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.payments.plan_orders import ChangeLater, Pause
from chalicelib.subscriptions.parts import phase_items
from chalicelib.subscriptions.standing import Standing
from chalicelib.subscriptions.step import Asked, Step, wrong

_ALWAYS_WITHIN_DAYS: Final = 100
"""There are at most 62 days between two 31sts."""


def pause(asked: Asked) -> Step:
    """Bills that fall into the pause are not collected. Raises Unprocessable."""
    standing, until_on = asked.standing, asked.wish.until_on
    assert until_on is not None
    today = standing.day(standing.now)
    if not timedelta() < until_on - today <= timedelta(days=asked.rules.longest_pause_days):
        last = today + timedelta(days=asked.rules.longest_pause_days)
        raise wrong("until_on", f"must be after today and not after {last}")
    until = int(datetime(until_on.year, until_on.month, until_on.day, tzinfo=standing.zone).timestamp())
    end = standing.plan.period[1]
    if until <= end:
        raise wrong("until_on", f"no bill falls into this pause; the next one is made on {standing.day(end)}")
    order = Pause(**standing.names, until=until)
    return Step(order, standing.parts, standing.now, end, standing.now, no_bill=True)


def resume(asked: Asked) -> Step:
    """Bills are collected again."""
    standing = asked.standing
    return Step(Pause(**standing.names), standing.parts, standing.now, standing.plan.period[1], standing.now)


def billing_day(asked: Asked) -> Step:
    """Periods begin anew on the next such day. Raises Unprocessable."""
    standing, day = asked.standing, asked.wish.day
    at = _next_on(standing, day or 1)
    order = ChangeLater(**standing.names, items=phase_items(standing.parts), at=at, restarts=True)
    return Step(order, standing.parts, at, at, at)


def _next_on(standing: Standing, day: int) -> int:
    """The next such day, at the second of the day at which it bills. A month without it is passed over: a billing day
    that began on the 30th would never be the 31st."""
    if day == standing.day(standing.plan.period[1]).day == standing.day(standing.plan.period[0]).day:
        raise wrong("day", "is the billing day already")
    time_of_day = datetime.fromtimestamp(standing.plan.period[1], UTC).timetz()
    today = datetime.fromtimestamp(standing.now, UTC).date()
    for ahead in range(1, _ALWAYS_WITHIN_DAYS):
        at = int(datetime.combine(today + timedelta(days=ahead), time_of_day).timestamp())
        if standing.day(at).day == day:
            return at
    raise AssertionError("every day of the month comes within two months")
