"""A refund and the states it goes through. Pure rules.

requested -> pending -> succeeded; from any of them -> failed or canceled. Money leaves when Stripe has taken the refund
on, and comes back when it fails, even long after it succeeded (docs.stripe.com/refunds#failed-refunds).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from chalicelib.audit.model import Actor
from chalicelib.billing.movements import EntryKind
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.row import Row
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, FieldError, Unprocessable
from chalicelib.platform.money import Currency, Minor


class RefundStatus(StrEnum):
    """`refused` is ours: Stripe did not take the refund on, so no money moved."""

    REQUESTED = "requested"
    REQUIRES_ACTION = "requires_action"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    FAILED = "failed"
    REFUSED = "refused"


R = RefundStatus
_RANK: Final = {R.REQUESTED: 0, R.REFUSED: 0, R.REQUIRES_ACTION: 1, R.PENDING: 1, R.SUCCEEDED: 2, R.CANCELED: 3,
                R.FAILED: 3}  # fmt: skip
"""Later states outrank earlier ones whatever order the news of them comes in; equals are the same news. Stripe's word
outranks whatever we think of a refund."""
RETURNED: Final = frozenset({R.CANCELED, R.FAILED})
"""The money is with us again."""


class RefundReason(StrEnum):
    """Why money goes back; Stripe's vocabulary."""

    DUPLICATE = "duplicate"
    FRAUDULENT = "fraudulent"
    REQUESTED_BY_CUSTOMER = "requested_by_customer"


@dataclass(frozen=True)
class RefundOrder:
    """What is to go back: an amount in minor units (none: all that is left) of one payment."""

    payment_id: str
    amount_minor: int | None = None
    reason: RefundReason | None = None


class Refund(Row):
    """One refund of one payment to the method that paid. `booked` are the ledger entries that stand for it.

    `requested_by` fields name who asked for it: a person, or Stripe when it was made there.
    """

    refund_id: str
    payment_id: str
    payment_intent_id: str
    amount_minor: Minor
    currency: Currency
    status: RefundStatus = R.REQUESTED
    reason: RefundReason | None = None
    stripe_refund_id: str | None = None
    failure_reason: str | None = None
    booked: tuple[EntryKind, ...] = ()
    requested_by: str
    requested_by_name: str
    request_id: str = ""
    created_at: Instant
    settled_at: Instant | None = None

    @property
    def row_id(self) -> str:
        return self.refund_id

    @property
    def begun_at(self) -> datetime:
        return self.created_at

    @property
    def reserved_minor(self) -> int:
        """What of its payment cannot be refunded again: it went back, or is to."""
        return 0 if self.status is R.REFUSED or self.status in RETURNED else self.amount_minor

    def is_for(self, order: RefundOrder) -> bool:
        """Whether it was begun by the same order."""
        return self.payment_id == order.payment_id and order.amount_minor in (None, self.amount_minor)

    def is_changed_by(self, fact: RefundFact) -> bool:
        """Whether the fact is news: it outranks what is known."""
        return _RANK[fact.status] > _RANK[self.status]

    def is_of(self, fact: RefundFact) -> bool:
        """Whether Stripe speaks of this refund as it was asked for."""
        known = self.stripe_refund_id in (None, fact.stripe_refund_id)
        return known and (self.amount_minor, self.currency) == (fact.amount_minor, fact.currency)

    def moved(self, fact: RefundFact) -> tuple[Refund, tuple[EntryKind, ...]]:
        """The refund after the fact, and the entries still to be booked for it."""
        missing = tuple(kind for kind in _entries(fact.status) if kind not in self.booked)
        settled = fact.at if fact.status is R.SUCCEEDED else self.settled_at
        news = {
            "status": fact.status,
            "stripe_refund_id": fact.stripe_refund_id,
            "failure_reason": fact.failure_reason,
            "booked": (*self.booked, *missing),
            "settled_at": settled,
            "version": self.version + 1,
        }
        return self.model_copy(update=news), missing


def _entries(status: RefundStatus) -> tuple[EntryKind, ...]:
    """What the ledger holds of a refund in this state, however it got there."""
    if status in (R.REQUESTED, R.REFUSED):
        return ()
    return (EntryKind.REFUND, EntryKind.REFUND_FAILED) if status in RETURNED else (EntryKind.REFUND,)


@dataclass(frozen=True)
class RefundFact:
    """What Stripe says of a refund, made at `made_at`; `refund_id` is from our metadata, if it has it."""

    stripe_refund_id: str
    payment_intent_id: str | None
    status: RefundStatus
    amount_minor: int
    currency: str
    made_at: datetime
    at: datetime
    refund_id: str | None = None
    failure_reason: str | None = None


class Refunder(Protocol):
    """Stripe, as refunds see it."""

    def create_refund(self, refund: Refund) -> RefundFact:
        """Ask for the money to go back. Repeats within 24 hours give the same refund. Raises Refused, Unavailable."""

    def find_refund(self, refund: Refund) -> RefundFact | None:
        """What became of it, if Stripe has ever taken it on. Raises Refused, Unavailable."""


def refund_of(payment: Payment, order: RefundOrder, refund_id: str, actor: Actor, now: datetime) -> Refund:
    """The refund that is asked for. Raises Conflict without money, Unprocessable for more than is left of it."""
    if payment.status is not PaymentStatus.SUCCEEDED or payment.payment_intent_id is None:
        raise Conflict("This payment has taken no money.", reason="payment_not_settled")
    left = max(0, payment.refundable_minor)
    amount = left if order.amount_minor is None else order.amount_minor
    if not 0 < amount <= left:
        wrong = FieldError("/amount/amount_minor", f"{left} can still be refunded")
        raise Unprocessable("The refund is more than what is left of the payment.", [wrong])
    return Refund(
        refund_id=refund_id,
        account_id=payment.account_id,
        payment_id=payment.payment_id,
        payment_intent_id=payment.payment_intent_id,
        amount_minor=amount,
        currency=payment.currency,
        reason=order.reason,
        requested_by=actor.subject,
        requested_by_name=actor.name,
        request_id=actor.request_id,
        created_at=now,
    )


def foreign_refund_id(stripe_refund_id: str) -> str:
    """The id of a refund that the desk did not ask for."""
    return f"ref_{stripe_refund_id}"
