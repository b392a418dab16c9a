"""The effect of a guide: who came back after it, counted so that anybody can count again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.education.effect import Comparison, Counted, Followed, compare, first_each
from chalicelib.education.model import Outcome
from chalicelib.education.policy import EducationRules
from chalicelib.education.store import GuideStore
from chalicelib.platform.clock import Clock
from chalicelib.policy.model import RulesOn

SAMPLE: Final = 150
"""Accounts of a side whose contacts are read for one answer; more would not be ready in time."""


@dataclass(frozen=True)
class Effect:
    """The count. `waiting` accounts got the guide, or did not, too short a time ago; `left_out` were not drawn."""

    comparison: Comparison
    got_it: Sequence[Followed]
    held_out: Sequence[Followed]
    waiting: int
    left_out: int
    again_days: int
    policy: str


@dataclass(frozen=True)
class Effects:
    """`today` is the calendar day where the desk bills."""

    store: GuideStore
    rules: RulesOn[EducationRules]
    clock: Clock
    today: Callable[[], date]

    def of(self, slug: str, first: date, last: date) -> Effect:
        """Count a guide's effect among those whom it met on these days (UTC), both included.

        An account counts by its first guide in the period, once its days to come back are over. One read for each day
        and three for each account that is counted.
        """
        ruling = self.rules(self.today())
        window = timedelta(days=ruling.rules.again_days)
        rows = first_each(self.store.counted(slug, first, last))
        ripe = [row for row in rows if row.at + window <= self.clock()]
        sides = [drawn(ripe, outcome) for outcome in (Outcome.SENT, Outcome.HELD_OUT)]
        got_it, held_out = ([self._followed(row, window) for row in side] for side in sides)
        return Effect(
            compare(got_it, held_out), got_it, held_out, waiting=len(rows) - len(ripe),
            left_out=len(ripe) - len(got_it) - len(held_out), again_days=ruling.rules.again_days, policy=ruling.version,
        )  # fmt: skip

    def _followed(self, row: Counted, window: timedelta) -> Followed:
        return Followed(counted=row, again=tuple(self.store.contacts(row.account_id, row.at, row.at + window)))


def drawn(rows: Sequence[Counted], outcome: Outcome) -> list[Counted]:
    """Those of one side, or so many of them as are read at once: drawn by a hash, so the same ones each time."""
    side = [row for row in rows if row.outcome is outcome]
    by_hash = sorted(side, key=lambda row: hashlib.sha256(row.account_id.encode()).digest())
    return sorted(by_hash[:SAMPLE], key=lambda row: (row.at, row.account_id))
