"""A reconciliation: how far it has gone through Stripe's lists, what it mended, and what it cannot explain. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

from pydantic import Field, ValidationError

from chalicelib.payments.events import named
from chalicelib.payments.objects import Window
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record, Version
from chalicelib.platform.money import Currency

REMEMBERED: Final = timedelta(days=30)
"""How long Stripe keeps events (docs.stripe.com/api/events); the first run looks back so far."""


class RunStatus(StrEnum):
    """`running` is also a run that was cut off and waits to be taken up again."""

    RUNNING = "running"
    FINISHED = "finished"


class Cash(Record):
    """Money that moved in the window, fees apart, in minor units: by Stripe's balance, and by our ledgers."""

    at_stripe_minor: int = 0
    in_books_minor: int = 0


class Tally(Record):
    """What was read and mended. `missed_events` had brought us nothing yet; `repaired` counts what changed by them and
    by comparing objects. A part that is repeated after a crash counts what is left of it."""

    read: int = 0
    missed_events: int = 0
    repaired: int = 0
    differences: int = 0
    cash: dict[Currency, Cash] = Field(default_factory=dict)

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        currencies = [*self.cash, *(currency for currency in other.cash if currency not in self.cash)]
        return Tally(
            read=self.read + other.read,
            missed_events=self.missed_events + other.missed_events,
            repaired=self.repaired + other.repaired,
            differences=self.differences + other.differences,
            cash={each: _sum(self.cash.get(each, Cash()), other.cash.get(each, Cash())) for each in currencies},
        )


def _sum(one: Cash, other: Cash) -> Cash:
    return Cash(
        at_stripe_minor=one.at_stripe_minor + other.at_stripe_minor,
        in_books_minor=one.in_books_minor + other.in_books_minor,
    )


class Disagreement(Record):
    """Something of which our books say another thing than Stripe, after everything was tried that mends it.

    `object_id` is Stripe's, or our account when its ledger does not prove. Personal data stand in none of the texts.
    """

    object_id: str
    what: str = Field(examples=["payment_intent"])
    in_books: str
    at_stripe: str
    account_id: str | None = None


def reason_of(error: Exception) -> str:
    """Why something could not be dealt with: of what is not of its shape the fields, never their values."""
    return named("a record of ours", error) if isinstance(error, ValidationError) else str(error)


@dataclass(frozen=True)
class Step:
    """A part of a walk that is done. `cursor` says where the walk goes on; None at its end."""

    cursor: str | None
    tally: Tally
    disagreements: Sequence[Disagreement] = ()


class Walk(Protocol):
    """One of Stripe's lists, gone through in steps of some seconds to a minute."""

    @property
    def name(self) -> str:
        """Its name in a run."""

    @property
    def overlap(self) -> timedelta:
        """How far before the end of the last run it begins again."""

    def step(self, window: Window, cursor: str, cause: str) -> Step:
        """Compare and mend the part at `cursor` ("" at the beginning). Doing a part twice is harmless.

        `cause` is kept with what is booked. Raises Refused and Unavailable.
        """


class Run(Record):
    """One reconciliation of everything before `until`. `since` is where each walk begins, in no order: the table's maps
    have none.

    `walk` is the one under way and `cursor` where in it; `moved_at` is when the run last got further.
    """

    reconciliation_id: str
    status: RunStatus = RunStatus.RUNNING
    asked_by: str
    asked_by_name: str
    begun_at: Instant
    moved_at: Instant
    finished_at: Instant | None = None
    until: Instant
    since: dict[str, Instant]
    walk: str
    cursor: str = ""
    tally: Tally = Tally()
    version: Version = 1

    @property
    def window(self) -> Window:
        """What the walk under way looks at."""
        return Window(self.since[self.walk], self.until)

    @property
    def cause(self) -> str:
        """How entries of the ledger name this run."""
        return self.reconciliation_id

    def after(self, step: Step, following: str | None, now: Instant) -> Run:
        """The run when the step is done: in the same walk, in the one `following`, or finished when there is none."""
        is_over = step.cursor is None and following is None
        news: Mapping[str, object] = {
            "walk": self.walk if step.cursor is not None else following or self.walk,
            "cursor": step.cursor or "",
            "tally": self.tally.plus(step.tally),
            "status": RunStatus.FINISHED if is_over else RunStatus.RUNNING,
            "moved_at": now,
            "finished_at": now if is_over else None,
            "version": self.version + 1,
        }
        return self.model_copy(update=dict(news))
