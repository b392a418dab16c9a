"""The use case of the schedule: every account that is to be looked at today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from chalicelib.collections.agenda import Agenda, Marker
from chalicelib.collections.store import CollectionStore
from chalicelib.collections.visits import Visits
from chalicelib.platform.days import CATCH_UP

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Collections:
    """`due` lists the days on which invoices were due, `coming` those on which the ladder goes on."""

    visits: Visits
    store: CollectionStore
    due: Agenda
    coming: Agenda

    def run(self) -> int:
        """Go through every account that is to be looked at, those of missed days too; how many took a step. To be
        called at several hours of a day: what an early hour forbids, a later one may allow; else a second run on a day
        does nothing. Raises Unavailable; the next run goes on where it stopped."""
        today = self.visits.today()
        run = _Run(self.visits, self.store)
        self.due.each(today - _DAY, today - CATCH_UP, lambda marker: run.follow(marker, today))
        self.coming.each(today - _DAY, today - _DAY, lambda marker: run.follow(marker, today - _DAY))
        for marker in self.coming.on(today):
            run.follow(marker, today)
        for marker in self.due.on(today):
            if marker.due_on and marker.due_on < today:  # a bill that came to the desk late
                run.follow(marker, today)
        return run.taken


@dataclass
class _Run:
    visits: Visits
    store: CollectionStore
    taken: int = field(default=0)

    def follow(self, marker: Marker, since: date) -> None:
        """Look at the account unless it was on `since` or later, or try a held letter again."""
        if marker.mail:
            self.store.try_again(marker.account_id, marker.mail)
        elif self.visits.visit(marker.account_id, since):
            self.taken += 1
