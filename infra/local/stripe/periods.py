"""Billing periods: months and years counted from an anchor, in UTC. Pure.

Periods are counted from the anchor and never from one another, so that an anchor on the 31st bills on the last day of
February and on the 31st of March again.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infra.local.stripe.values import Json

_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}
DAY_SECONDS = 86400


@dataclass(frozen=True)
class Cycle:
    """How often something recurs: every `count` days, weeks, months or years."""

    interval: str
    count: int

    @classmethod
    def of(cls, recurring: Json) -> "Cycle":
        """The cycle of a price's `recurring` member."""
        return cls(recurring["interval"], recurring["interval_count"])

    def after(self, anchor: int, cycles: int = 1) -> int:
        """The second that lies so many cycles after the anchor (before it, when negative)."""
        if self.interval in _DAYS:
            return anchor + cycles * self.count * _DAYS[self.interval] * DAY_SECONDS
        return months_after(anchor, cycles * self.count * _MONTHS[self.interval])

    def period(self, anchor: int, moment: int) -> tuple[int, int]:
        """The period, from its first second to the first of the next, in which the moment lies."""
        number = self._estimate(anchor, moment)
        while self.after(anchor, number) > moment:
            number -= 1
        while self.after(anchor, number + 1) <= moment:
            number += 1
        return self.after(anchor, number), self.after(anchor, number + 1)

    def _estimate(self, anchor: int, moment: int) -> int:
        longest = self.count * (_DAYS[self.interval] if self.interval in _DAYS else 31 * _MONTHS[self.interval])
        return (moment - anchor) // (longest * DAY_SECONDS)


def months_after(anchor: int, months: int) -> int:
    """The same day and time of day so many months later, or the last day of a month that is too short."""
    start = _moment(anchor)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def on_its_day(anchor: int, day: int, cycle: Cycle) -> int:
    """The anchor so many cycles later that its month has the configured day, from which periods are counted.

    The anchor itself may lie on the last day of a shorter month.
    """
    for cycles in range(_CYCLES_TO_A_LONG_MONTH):
        start = _moment(cycle.after(anchor, cycles))
        if calendar.monthrange(start.year, start.month)[1] >= day:
            return int(start.replace(day=day).timestamp())
    return anchor


_CYCLES_TO_A_LONG_MONTH = 9


def configured(config: Json, cycle: Cycle, start: int) -> int:
    """The first second from the start that a `billing_cycle_anchor_config` names.

    A part of the time of day that is not given is the start's own; a month counts for cycles of months and years.
    """
    begun = _moment(start)
    clock = {part: config[part] if config.get(part) is not None else getattr(begun, part) for part in _CLOCK}
    month = config.get("month") or begun.month
    step = 12 if cycle.interval == "year" else 1
    base = datetime(begun.year, month, 1, tzinfo=UTC)
    first = int(base.timestamp())
    for months in range(-12, 25):
        if months % step:
            continue
        candidate = _on_day(months_after(first, months), config["day_of_month"], clock)
        if candidate >= start:
            return candidate
    raise ValueError("no month of two years holds the day")


_CLOCK = ("hour", "minute", "second")


def _on_day(month: int, day: int, clock: dict[str, int]) -> int:
    first = _moment(month)
    last = calendar.monthrange(first.year, first.month)[1]
    return int((first.replace(**clock) + timedelta(days=min(day, last) - 1)).timestamp())  # type: ignore[arg-type]


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
