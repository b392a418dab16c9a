"""Fakes that can be read: a clock that stands still until it is moved, ids that count."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta


class FixedClock:
    """Says what it was set to; `tick` moves it on."""

    def __init__(self, at: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def tick(self, seconds: float) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at


class CountingIds:
    """`acc_1`, `acc_2`, `case_1`: sortable by eye, the same in each run."""

    def __init__(self) -> None:
        self.drawn: Counter[str] = Counter()

    def __call__(self, prefix: str) -> str:
        self.drawn[prefix] += 1
        return f"{prefix}_{self.drawn[prefix]:06d}"
