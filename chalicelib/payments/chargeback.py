"""A payment disputed at the customer's bank, and the states it goes through. Pure rules.

An inquiry moves no money and may become a chargeback; a chargeback takes the money at once, and it comes back only
when the dispute is won (docs.stripe.com/disputes/how-disputes-work).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.billing.movements import EntryKind
from chalicelib.payments.row import Row
from chalicelib.platform.clock import Instant
from chalicelib.platform.money import Currency, Minor


class ChargebackStatus(StrEnum):
    """Stripe's states; those that begin with `warning` are of an inquiry."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    PREVENTED = "prevented"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    LOST = "lost"
    APPEAL_NEEDS_RESPONSE = "appeal_needs_response"
    APPEAL_UNDER_REVIEW = "appeal_under_review"
    WON = "won"


D = ChargebackStatus
_RANK: Final = {status: rank for rank, status in enumerate(ChargebackStatus)}
"""Which of two states of one second is the later one; Stripe's times have whole seconds."""
_LOST: Final = (EntryKind.DISPUTE_OPENED, EntryKind.DISPUTE_LOST)
_ENTRIES: Final = {
    D.NEEDS_RESPONSE: (EntryKind.DISPUTE_OPENED,),
    D.UNDER_REVIEW: (EntryKind.DISPUTE_OPENED,),
    D.LOST: _LOST,
    D.APPEAL_NEEDS_RESPONSE: _LOST,
    D.APPEAL_UNDER_REVIEW: _LOST,
    D.WON: (EntryKind.DISPUTE_OPENED, EntryKind.DISPUTE_WON),
}
"""What the ledger holds of a dispute in each state, however it got there; nothing for the others."""
CLOSED: Final = frozenset({D.WARNING_CLOSED, D.PREVENTED, D.WON, D.LOST})


class Chargeback(Row):
    """One dispute at the bank, under Stripe's id. `due_at` is until when evidence counts; `booked` its ledger entries.

    `as_of` is the Stripe time of the newest fact in it.
    """

    chargeback_id: str
    payment_id: str
    amount_minor: Minor
    currency: Currency
    status: ChargebackStatus
    reason: str
    due_at: Instant | None = None
    booked: tuple[EntryKind, ...] = ()
    as_of: Instant
    opened_at: Instant
    closed_at: Instant | None = None

    @property
    def row_id(self) -> str:
        return self.chargeback_id

    @property
    def begun_at(self) -> datetime:
        return self.opened_at

    def is_changed_by(self, fact: ChargebackFact) -> bool:
        """Whether the fact is news: a lost dispute can be appealed, so Stripe's time decides."""
        return (fact.at, _RANK[fact.status]) > (self.as_of, _RANK[self.status])

    def moved(self, fact: ChargebackFact) -> tuple[Chargeback, tuple[EntryKind, ...]]:
        """The dispute after the fact, and the entries still to be booked for it.

        What was booked stays what the dispute is over: an inquiry alone may become a chargeback over another amount.
        """
        due = _ENTRIES.get(fact.status, ())
        if fact.status is D.WON and EntryKind.DISPUTE_LOST in self.booked:
            due = (EntryKind.APPEAL_WON,)
        missing = tuple(kind for kind in due if kind not in self.booked)
        news = {
            "status": fact.status,
            "amount_minor": self.amount_minor if self.booked else fact.amount_minor,
            "due_at": fact.due_at or self.due_at,
            "booked": (*self.booked, *missing),
            "as_of": fact.at,
            "closed_at": fact.at if fact.status in CLOSED else None,
            "version": self.version + 1,
        }
        return self.model_copy(update=news), missing


def held_minor(chargeback: Chargeback) -> int:
    """What the bank has of the payment's money."""
    back = {EntryKind.DISPUTE_WON, EntryKind.APPEAL_WON} & set(chargeback.booked)
    return chargeback.amount_minor if EntryKind.DISPUTE_OPENED in chargeback.booked and not back else 0


@dataclass(frozen=True)
class ChargebackFact:
    """What Stripe says of a dispute; `at` is when it said so."""

    chargeback_id: str
    payment_intent_id: str | None
    status: ChargebackStatus
    reason: str
    amount_minor: int
    currency: str
    opened_at: datetime
    at: datetime
    due_at: datetime | None = None
