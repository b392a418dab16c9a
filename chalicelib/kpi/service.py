"""Use case of the dashboard: figures of a span, by period and member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from chalicelib.kpi.figures import Figure, figures
from chalicelib.kpi.fold import TOTAL, Cell, Members, merged
from chalicelib.kpi.periods import Granularity, Span
from chalicelib.kpi.rollups import RollupStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import BadRequest, FieldError, Unprocessable

LONGEST: Final = timedelta(days=5 * 366)
"""Each month of it is one round trip."""
MOST_PERIODS: Final = 800
MOST_ITEMS: Final = 1500
"""An answer of Lambda has 6 MB at most, and an item some 3 KB."""


@dataclass(frozen=True)
class Group:
    """The figures of one member over one period."""

    span: Span
    member: str
    kpis: dict[str, Figure]


@dataclass(frozen=True)
class Report:
    """Figures as known at `as_of`; changes marked before `folded_at` are in them."""

    time_zone: str
    as_of: datetime
    folded_at: datetime | None
    groups: list[Group]


@dataclass(frozen=True)
class Kpis:
    rollups: RollupStore
    clock: Clock

    def report(
        self,
        start: date | datetime,
        end: date | datetime,
        granularity: Granularity,
        dimension: str,
        as_of: datetime | None = None,
    ) -> Report:
        """Figures from `start` up to, not including, `end`. One round trip for each month touched, and one more.

        Members without anything in a period are left out of it; the total is always there. Raises BadRequest for a span
        that is empty, off the hour or too long, Unprocessable for a state of the past, which is not kept.
        """
        now = self.clock()
        if as_of is not None and as_of < now:
            error = FieldError("/as_of", "figures as they were known in the past are not kept yet; leave it out")
            raise Unprocessable("Only the present state of knowledge can be asked for.", [error])
        span = self._span(start, end)
        periods = list(islice(self.rollups.calendar.periods(span, granularity), MOST_PERIODS + 1))
        if len(periods) > MOST_PERIODS:
            raise BadRequest(f"That is more than {MOST_PERIODS} periods; ask for fewer or longer ones.")
        folded_at = self.rollups.folded_at()
        pieces = sorted(self._pieces(dimension, span, granularity), key=lambda piece: piece[0])
        groups = _groups(periods, pieces, dimension, folded_at)
        if len(groups) > MOST_ITEMS:
            raise BadRequest(f"That is more than {MOST_ITEMS} items; ask for fewer or longer periods.")
        return Report(self.rollups.calendar.zone.key, now, folded_at, groups)

    def _span(self, start: date | datetime, end: date | datetime) -> Span:
        try:
            span = Span(self.rollups.calendar.bound(start), self.rollups.calendar.bound(end))
        except ValueError as reason:
            raise BadRequest(f"The period cannot be read: {reason}.") from None
        if span.start >= span.end:
            raise BadRequest("`from` must be before `to`.")
        if span.end - span.start > LONGEST:
            raise BadRequest(f"That is more than {LONGEST.days} days at once.")
        return span

    def _pieces(self, dimension: str, span: Span, granularity: Granularity) -> Iterator[tuple[datetime, Members]]:
        """The span in whole days as far as it has them, and in hours before and after."""
        calendar = self.rollups.calendar
        days = [] if granularity is Granularity.HOUR else calendar.whole_days(span)
        if not days:
            yield from self.rollups.hours(dimension, span)
            return
        whole = Span(calendar.midnight(days[0]), calendar.day(days[-1]).end)
        yield from self.rollups.hours(dimension, Span(span.start, whole.start))
        yield from self.rollups.days(dimension, whole)
        yield from self.rollups.hours(dimension, Span(whole.end, span.end))


def _groups(
    periods: list[Span], pieces: list[tuple[datetime, Members]], dimension: str, folded_at: datetime | None
) -> list[Group]:
    """Each piece lies in one period altogether; both are in order of time."""
    groups, at = [], 0
    for period in periods:
        inside: list[Members] = []
        while at < len(pieces) and pieces[at][0] < period.end:
            inside.append(pieces[at][1])
            at += 1
        members = merged(inside)
        if dimension == TOTAL:
            members.setdefault(TOTAL, Cell())
        groups += [
            Group(period, member, figures(members[member], period.end, folded_at)) for member in sorted(members)
        ]  # fmt: skip
    return groups
