"""From facts to sums: each fact brings rows, each row is added to one cell of every dimension. Pure and without order.

Sums, counts and histograms are kept, never averages, so that cells of hours add up to cells of days, weeks and months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import Field

from chalicelib.kpi.histogram import bucket
from chalicelib.platform.fields import Record

TOTAL: Final = "total"
DIMENSIONS: Final = (TOTAL, "agent", "queue", "channel", "category")
NOBODY: Final = "(none)"
"""The member of a dimension that stands for `does not apply`, so that members always sum to the total."""


class Row(Record):
    """What one contact, chain or case adds: `counts` are summed, `values` (seconds) go into distributions."""

    id: str
    agent: str | None = None
    queue: str | None = None
    channel: str | None = None
    category: str | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    values: dict[str, int] = Field(default_factory=dict)

    def member(self, dimension: str) -> str:
        """The member of a dimension that this row belongs to."""
        return TOTAL if dimension == TOTAL else getattr(self, dimension) or NOBODY


@dataclass
class Cell:
    """Sums of one member over one period."""

    counts: Counter[str] = field(default_factory=Counter)
    histograms: dict[str, Counter[int]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.counts.update(row.counts)
        for name, value in row.values.items():
            self.histograms.setdefault(name, Counter())[bucket(value)] += 1

    def merge(self, other: Cell) -> None:
        self.counts.update(other.counts)
        for name, histogram in other.histograms.items():
            self.histograms.setdefault(name, Counter()).update(histogram)

    def packed(self) -> dict[str, Any]:
        """As it is stored: plain maps, bucket names as text."""
        histograms = {name: {str(k): n for k, n in h.items()} for name, h in self.histograms.items()}
        return {"counts": dict(self.counts), "histograms": histograms}

    @classmethod
    def unpacked(cls, stored: Mapping[str, Any]) -> Cell:
        """The Cell that `packed` stored."""
        histograms = {name: Counter({int(k): n for k, n in h.items()}) for name, h in stored["histograms"].items()}
        return cls(Counter(stored["counts"]), histograms)


Members = dict[str, Cell]
"""Cells of one dimension and period by member."""
Rollup = dict[str, Members]
"""Members of one period by dimension."""


def fold(rows: Iterable[Row]) -> Rollup:
    """The sums of some rows in every dimension."""
    rollup: Rollup = {dimension: {} for dimension in DIMENSIONS}
    for row in rows:
        for dimension, members in rollup.items():
            members.setdefault(row.member(dimension), Cell()).add(row)
    return rollup


def merged(parts: Iterable[Members]) -> Members:
    """The sums of several periods of one dimension."""
    whole: Members = {}
    for members in parts:
        for member, cell in members.items():
            whole.setdefault(member, Cell()).merge(cell)
    return whole
