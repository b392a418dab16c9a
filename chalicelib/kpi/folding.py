"""Use case of the schedule: hours whose facts changed are summed again, and then the days that they are in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Final

from chalicelib.kpi.fold import DIMENSIONS, Rollup, fold, merged
from chalicelib.kpi.rollups import FoldedMeanwhile, RollupStore
from chalicelib.kpi.store import FactStore
from chalicelib.platform.clock import Clock, parse_instant
from chalicelib.platform.errors import Unavailable

_TRIES: Final = 5


@dataclass(frozen=True)
class Folding:
    """May run twice at a time: what is summed is read after the revision that it replaces, and a marker goes last.

    So a change that comes during a fold either is in the sums or leaves its hour marked.
    """

    facts: FactStore
    rollups: RollupStore
    clock: Clock

    def run(self) -> int:
        """Fold every dirty hour, day by day, oldest first; how many. Raises Unavailable; then the rest stays dirty."""
        began = self.clock()
        markers = self.facts.dirty()
        for day, of_day in groupby(markers, key=lambda marker: self._day(marker.hour)):
            hours = list(of_day)
            for marker in hours:
                self._replace(marker.hour, partial(self._sums_of_hour, marker.hour))
            self._replace(day.isoformat(), partial(self._sums_of_day, day))
            for marker in hours:
                self.facts.clean(marker)
        self.rollups.finished(began)
        return len(markers)

    def _day(self, hour: str) -> date:
        return self.rollups.calendar.day_of(parse_instant(f"{hour}:00:00Z"))

    def _sums_of_hour(self, hour: str) -> Rollup:
        return fold(self.facts.rows(hour))

    def _sums_of_day(self, day: date) -> Rollup:
        span = self.rollups.calendar.day(day)
        return {
            dimension: merged(members for _, members in self.rollups.hours(dimension, span, consistent=True))
            for dimension in DIMENSIONS
        }

    def _replace(self, key: str, sums: Callable[[], Rollup]) -> None:
        for _ in range(_TRIES):
            revision = self.rollups.revision(key)
            try:
                return self.rollups.replace(key, sums(), revision)
            except FoldedMeanwhile:
                continue
        raise Unavailable("Another fold is at work on the same hours; try again.")
