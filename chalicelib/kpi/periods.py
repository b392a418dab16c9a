"""Hours, days, weeks and months of a zone as half-open spans of UTC, exact when the clocks change. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Granularity(StrEnum):
    """Weeks are ISO weeks, from Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Span:
    """From `start` up to, not including, `end`; both UTC on a whole hour."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Calendar:
    """The calendar of a zone. Figures are kept by the hour, so its days must begin on one: it refuses other zones."""

    zone: ZoneInfo

    def __post_init__(self) -> None:
        for month in (1, 7):
            offset = datetime(2026, month, 1, tzinfo=self.zone).utcoffset()
            if offset is None or offset % HOUR:
                raise ValueError(f"days of {self.zone.key} do not begin on a whole hour of UTC")

    def midnight(self, day: date) -> datetime:
        """When a day begins, in UTC; the first instant of it where its midnight is skipped."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def day(self, day: date) -> Span:
        """A day: 23, 24 or 25 hours."""
        return Span(self.midnight(day), self.midnight(day + _DAY))

    def bound(self, given: date | datetime) -> datetime:
        """A day as the instant at which it begins, an instant as it is.

        Raises ValueError for years before 2000 or after 2099, and off the whole hour.
        """
        if not 2000 <= given.year < 2100:
            raise ValueError("there are figures from 2000 to 2099")
        at = given if isinstance(given, datetime) else self.midnight(given)
        if at.minute or at.second or at.microsecond:
            raise ValueError("figures are kept by the hour: give a day or an instant on a whole hour")
        return at

    def whole_days(self, span: Span) -> list[date]:
        """The days that lie in the span altogether."""
        first = self.day_of(span.start)
        if self.midnight(first) < span.start:
            first += _DAY
        return [first + _DAY * n for n in range((self.day_of(span.end) - first).days)]

    def periods(self, span: Span, granularity: Granularity) -> Iterator[Span]:
        """The span cut into periods; the first and the last may be cut short by it."""
        start = span.start
        while start < span.end:
            end = min(self._next(start, granularity), span.end)
            yield Span(start, end)
            start = end

    def _next(self, at: datetime, granularity: Granularity) -> datetime:
        if granularity is Granularity.HOUR:
            return at + HOUR
        day = self.day_of(at)
        if granularity is Granularity.DAY:
            return self.midnight(day + _DAY)
        if granularity is Granularity.WEEK:
            return self.midnight(day + _DAY * (7 - day.weekday()))
        return self.midnight((day.replace(day=28) + _DAY * 4).replace(day=1))
