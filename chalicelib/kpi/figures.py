"""Figures from the sums of one period. Ratios are made here, when they are read, and nowhere else. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from chalicelib.kpi.definitions import DEFINITIONS, Definition
from chalicelib.kpi.fold import Cell
from chalicelib.kpi.histogram import percentile
from chalicelib.platform.fields import Record


class Figure(Record):
    """One KPI of one member and period. `value` is None when there was nothing to measure.

    `n` measured contacts or cases stand behind it, `unknown` more could not be measured.
    """

    value: int | float | None
    unit: str
    numerator: int | None
    denominator: int | None
    n: int
    unknown: int
    provisional: bool
    definition: str


def figures(cell: Cell, end: datetime, folded_at: datetime | None) -> dict[str, Figure]:
    """Every figure of a cell by name; `end` is the end of its period, `folded_at` what is known by now."""
    return {d.name: _figure(d, cell, folded_at is None or folded_at < end + d.settles) for d in DEFINITIONS}


def _figure(definition: Definition, cell: Cell, is_early: bool) -> Figure:
    value, numerator, denominator, n = _measured(definition, cell)
    unknown = cell.counts[definition.unknown] if definition.unknown else 0
    return Figure(
        value=value, unit=definition.unit, numerator=numerator, denominator=denominator, n=n, unknown=unknown,
        provisional=is_early or unknown > 0, definition=definition.id,
    )  # fmt: skip


def _measured(definition: Definition, cell: Cell) -> tuple[int | float | None, int | None, int | None, int]:
    """Value, numerator, denominator and n."""
    if definition.percent is not None:
        histogram = cell.histograms.get(definition.numerator) or Counter[int]()
        return percentile(histogram, definition.percent), None, None, sum(histogram.values())
    numerator = cell.counts[definition.numerator]
    if definition.denominator is None:
        return numerator, numerator, None, numerator
    denominator = cell.counts[definition.denominator]
    return (numerator / denominator if denominator else None), numerator, denominator, denominator
