"""Facts: what one call or one milestone of a case adds to one hour. Pure.

A fact carries a version and replaces any older one at its key, so that repeated and late deliveries end in the same
facts in whatever order they come; when something moves to another hour, the old hour gets a fact without rows (a
tombstone).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kpi.fold import Row


@dataclass(frozen=True)
class Fact:
    """Rows of one entity in one hour; none is a tombstone. A higher version replaces a lower one."""

    hour: str
    entity: str
    version: int
    rows: tuple[Row, ...]


def hour_of(at: datetime) -> str:
    """The UTC hour of an instant, such as `2026-11-02T09`."""
    return at.strftime("%Y-%m-%dT%H")
