"""Invoices whose due day has passed unpaid are told to the newsroom, once each; days that were missed are caught up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.billing.store import BillingStore
from chalicelib.payments.due_store import DueMarker, DueStore, Progress
from chalicelib.payments.news import Fact, News, Newsroom, Topic
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound

PAGE: Final = 100
CATCH_UP: Final = timedelta(days=90)
"""How far back missed days are looked for; as long as billing keeps due markers."""


@dataclass(frozen=True)
class Overdue:
    """`today` is the calendar day where the desk bills; `count` adds one to a named counter."""

    due: DueStore
    billing: BillingStore
    newsroom: Newsroom
    clock: Clock
    today: Callable[[], date]
    count: Callable[[str], None]

    def run(self) -> int:
        """Tell the invoices of all due days before today that nobody went through yet; how many. A second run on the
        same day tells none. How far it came is kept with each page of 100, so that a run that is cut off loses
        nothing. A page costs 2 round trips, each invoice 1 more and what the newsroom needs. Raises Unavailable."""
        today, told = self.today(), 0
        progress = self.due.progress() or Progress(day=today - timedelta(days=1))
        if progress.day < today - CATCH_UP:
            progress = Progress(day=today - CATCH_UP)
        while progress.day < today:
            markers = self.due.due(progress, PAGE)
            told += sum(self._tell(marker, progress.day, today) for marker in markers)
            progress = _after(progress, markers)
            self.due.keep(progress)
        return told

    def _tell(self, marker: DueMarker, due_on: date, today: date) -> bool:
        try:
            owed = self.billing.receivables(marker.account_id)
        except NotFound:
            self.count("OverdueWithoutAccount")
            return False
        due_minor = owed.due_minor(marker.invoice_id)
        if not due_minor or not owed.overdue_minor(today):
            return False
        self.newsroom.tell(
            News(
                topic=Topic.INVOICE_OVERDUE, object_id=marker.invoice_id, at=self.clock(), amount_minor=due_minor,
                account_id=marker.account_id, currency=owed.currency, facts={Fact.DUE_ON: due_on.isoformat()},
            )
        )  # fmt: skip
        return True


def _after(progress: Progress, markers: list[DueMarker]) -> Progress:
    if len(markers) < PAGE:
        return Progress(day=progress.day + timedelta(days=1))
    return Progress(day=progress.day, after=markers[-1].sk)
