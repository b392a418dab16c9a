"""The second walk: Stripe's objects against our rows. What our books do not show goes through the events' handlers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic

from chalicelib.payments.handling import Fact, StripeEvents
from chalicelib.payments.markers import Outcome
from chalicelib.payments.objects import ReadsObjects, Window
from chalicelib.payments.reconciliation.comparing import Comparison, R, Said
from chalicelib.payments.reconciliation.model import Disagreement, Step, Tally, reason_of
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import DeskError, Unavailable


@dataclass(frozen=True)
class ObjectsWalk(Generic[R]):
    """A hundred objects that agree cost one call of Stripe and two to four round trips to the table.

    Lists go by when an object was made, so the overlap is as long as a bank takes to decide over a debit.
    """

    stripe: ReadsObjects
    comparison: Comparison[R]
    events: StripeEvents
    clock: Clock
    overlap: timedelta = timedelta(days=7)

    @property
    def name(self) -> str:
        return self.comparison.kind

    def step(self, window: Window, cursor: str, cause: str) -> Step:
        """Compare and mend one page; the cursor is its last object."""
        page = self.stripe.page(self.name, window, cursor or None)
        unlike = self.comparison.unlike(page.objects)
        wrong = [found for said in unlike if (found := self._mended(said, cause))]
        tally = Tally(read=len(page.objects), repaired=len(unlike) - len(wrong), differences=len(wrong))
        return Step(page.after, tally, wrong)

    def _mended(self, listed: Said, cause: str) -> Disagreement | None:
        """Have the object as it is now brought into the books; what still differs then. Raises Unavailable."""
        said = self.stripe.read(self.name, str(listed["id"])) or listed
        event_type = self.comparison.type_of(said)
        if event_type is None or self._agrees(said):
            return None
        try:
            # Its own time first: entries of the ledger bear it. A row that has heard later news believes only what
            # was just read.
            for at in (_own_time(said), int(self.clock().timestamp())):
                if self.events.deal_with(Fact(event_type, cause, at, said)) is not Outcome.OLDER:
                    break
        except Unavailable:
            raise
        except (DeskError, ValueError) as error:
            return self._disagreement(said, reason_of(error))
        return None if self._agrees(said) else self._disagreement(said)

    def _agrees(self, said: Said) -> bool:
        return self.comparison.agrees(self.comparison.row(said), said)

    def _disagreement(self, said: Said, reason: str = "") -> Disagreement:
        row = self.comparison.row(said)
        return Disagreement(
            object_id=self.comparison.told_as(said),
            what=self.name,
            in_books=reason or (str(self.comparison.shown(row)) if row else "nothing"),
            at_stripe=str(self.comparison.said(said)),
            account_id=row.account_id if row else None,
        )


def _own_time(said: Said) -> int:
    """When, by what an object shows, it last changed; epoch seconds."""
    parts = [said, said.get("latest_charge"), *(said.get("balance_transactions") or ())]
    shown = [part.get(name) for part in parts if isinstance(part, dict) for name in ("created", "canceled_at")]
    return max(at for at in shown if isinstance(at, int))
