"""Keys and queries of rollups: one item for each dimension and hour or day, with all members inside.

| item   | pk                                     | sk              | round trips, units                             |
| hour   | `R#H#<dimension>#<month>`              | `<hour>` UTC    | replace 2: one get, one transaction            |
| day    | `R#D#<zone>#<dimension>#<month>`       | `<day>` local   | 90 days of a dimension are 3 or 4 queries      |
| state  | `R#state`                              | `#`             | put 1                                          |

`rev` of the total guards a period: a fold reads it, then what it sums, and replaces all dimensions in one transaction
only if no other fold did so meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.kpi.facts import hour_of
from chalicelib.kpi.fold import TOTAL, Cell, Members, Rollup
from chalicelib.kpi.periods import Calendar, Span
from chalicelib.platform.clock import format_instant, parse_instant
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Key, Put, Table

_STATE: Final = "R#state"
_PAGE: Final = 10_000
_INSTANT: Final = timedelta(microseconds=1)


class FoldedMeanwhile(Exception):
    """Another fold replaced this period since its revision was read."""


@dataclass(frozen=True)
class RollupStore:
    table: Table
    calendar: Calendar

    def revision(self, key: str) -> int:
        """How often a period was replaced; `key` is an hour or a day. One round trip."""
        item = self.table.get(self._partition(key, TOTAL), key, consistent=True)
        return int(item["rev"]) if item else 0

    def replace(self, key: str, rollup: Rollup, revision: int) -> None:
        """Store the sums of an hour or a day in all dimensions. One transaction. Raises FoldedMeanwhile."""
        free = Attr("rev").eq(revision) if revision else ABSENT
        writes = [
            Put(
                {
                    "pk": self._partition(key, dimension), "sk": key, "kind": "rollup", "rev": revision + 1,
                    "members": {member: cell.packed() for member, cell in members.items()},
                },
                free if dimension == TOTAL else None,
            )
            for dimension, members in rollup.items()
        ]  # fmt: skip
        try:
            self.table.transact(writes)
        except ConditionFailed:
            raise FoldedMeanwhile(key) from None

    def hours(self, dimension: str, span: Span, *, consistent: bool = False) -> Iterator[tuple[datetime, Members]]:
        """The hours of a span that have sums, by their start. One round trip for each month touched."""
        if span.start < span.end:
            for key, members in self._between(dimension, hour_of(span.start), hour_of(span.end - _INSTANT), consistent):
                yield parse_instant(f"{key}:00:00Z"), members

    def days(self, dimension: str, span: Span) -> Iterator[tuple[datetime, Members]]:
        """The whole days in a span that have sums, by their start. One round trip for each month touched."""
        days = self.calendar.whole_days(span)
        if days:
            by_key = {day.isoformat(): day for day in days}
            for key, members in self._between(dimension, min(by_key), max(by_key), consistent=False):
                yield self.calendar.midnight(by_key[key]), members

    def _between(self, dimension: str, first: str, last: str, consistent: bool) -> Iterator[tuple[str, Members]]:
        for month in _months(first[:7], last[:7]):
            partition = self._partition(month + first[7:], dimension)
            key, start = Key("pk").eq(partition) & Key("sk").between(first, last), None
            while True:
                page = self.table.query(key, limit=_PAGE, start=start, consistent=consistent)
                for item in page.items:
                    yield item["sk"], {name: Cell.unpacked(cell) for name, cell in item["members"].items()}
                start = page.next_key
                if start is None:
                    break

    def finished(self, at: datetime) -> None:
        """Note that a fold which began at `at` went through. One round trip."""
        later = ABSENT | Attr("folded_at").lt(format_instant(at))
        try:
            self.table.write(Put({"pk": _STATE, "sk": "#", "kind": "rollup", "folded_at": format_instant(at)}, later))
        except ConditionFailed:
            return

    def folded_at(self) -> datetime | None:
        """What was marked before this instant is in the sums; None before the first fold. One round trip."""
        item = self.table.get(_STATE, "#")
        return parse_instant(item["folded_at"]) if item else None

    def _partition(self, key: str, dimension: str) -> str:
        """`key` is an hour (`2026-11-02T09`) or a day (`2026-11-02`)."""
        level = "H" if "T" in key else f"D#{self.calendar.zone.key}"
        return f"R#{level}#{dimension}#{key[:7]}"


def _months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while f"{year:04d}-{month:02d}" <= last:
        yield f"{year:04d}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
