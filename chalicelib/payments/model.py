"""A payment and the states it goes through. Pure rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.billing.receivables import Allocation, Receivables
from chalicelib.payments.row import Row
from chalicelib.platform.clock import Instant
from chalicelib.platform.money import Currency, Minor, Money


class PaymentStatus(StrEnum):
    """`succeeded` alone means that the money is booked; only Stripe's signed event brings a payment there."""

    CREATED = "created"
    REQUIRES_PAYMENT = "requires_payment"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    FAILED = "failed"
    CANCELED = "canceled"
    SUCCEEDED = "succeeded"


S = PaymentStatus
_RANK: Final = {status: rank for rank, status in enumerate(PaymentStatus)}
"""Which of two states of one second is the later one; Stripe's times have whole seconds."""
NEEDS_CUSTOMER: Final = frozenset({S.REQUIRES_PAYMENT, S.REQUIRES_ACTION})
"""States in which the customer's app goes on with the client secret."""


@dataclass(frozen=True)
class PaymentOrder:
    """What is to be paid: an amount, to invoices in this order (none: oldest first), by a method or none yet."""

    account_id: str
    amount: Money
    invoice_ids: tuple[str, ...] = ()
    payment_method: str | None = None
    off_session: bool = False
    """The customer is not at the screen: a bank that wants an approval declines instead."""
    case_id: str | None = None
    """The case in which it was asked for."""


class Payment(Row):
    """One payment. `allocations` are planned until it has succeeded, then what stands of it on invoices.

    `refunded_minor` is what went back or is on its way, `charged_back_minor` what the bank took back. `as_of` is the
    Stripe time (epoch seconds) of the newest news in it; the `taken_by` fields name who asked for it.
    """

    payment_id: str
    amount_minor: Minor
    currency: Currency
    status: PaymentStatus = S.CREATED
    invoice_ids: tuple[str, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    payment_method: str | None = None
    payment_intent_id: str | None = None
    failure_code: str | None = Field(default=None, description="Stripe's decline code; not for the customer's eyes.")
    off_session: bool = False
    case_id: str | None = None
    refunded_minor: Minor = 0
    charged_back_minor: Minor = 0
    as_of: int = 0
    taken_by: str
    taken_by_name: str
    request_id: str = ""
    created_at: Instant
    settled_at: Instant | None = None

    @property
    def row_id(self) -> str:
        return self.payment_id

    @property
    def begun_at(self) -> datetime:
        return self.created_at

    @property
    def credit_minor(self) -> int:
        """The part that paid no invoice; none where other credit went back in place of what paid one."""
        return max(0, self.amount_minor - sum(part.amount_minor for part in self.allocations) - self.returned_minor)

    @property
    def returned_minor(self) -> int:
        """What the customer has again, or will have."""
        return self.refunded_minor + self.charged_back_minor

    @property
    def refundable_minor(self) -> int:
        """What can still be refunded."""
        return self.amount_minor - self.returned_minor if self.status is S.SUCCEEDED else 0

    def is_for(self, order: PaymentOrder) -> bool:
        """Whether it was begun by the same order, whoever sent it."""
        amount = Money(amount_minor=self.amount_minor, currency=self.currency)
        mine = PaymentOrder(
            self.account_id, amount, self.invoice_ids, self.payment_method, order.off_session, self.case_id
        )
        return mine == order

    def is_of(self, fact: IntentFact) -> bool:
        """Whether Stripe speaks of this payment as we asked for it: same account, amount and currency.

        A second intent that succeeds for a settled payment is money of its own; it must not pass for a repeat.
        """
        mine = (self.payment_id, self.account_id, self.amount_minor, self.currency)
        same = mine == (fact.payment_id, fact.account_id, fact.amount_minor, fact.currency)
        return same and not self.is_settled_beside(fact)

    def is_settled_beside(self, fact: IntentFact) -> bool:
        """Whether the fact is the success of one intent, and another has settled the payment."""
        return self.status is S.SUCCEEDED is fact.status and self.payment_intent_id != fact.intent_id

    def is_changed_by(self, fact: IntentFact) -> bool:
        """Whether the fact is news. Success is final and always news once; other states count by Stripe's time."""
        if S.SUCCEEDED in (self.status, fact.status):
            return self.status is not S.SUCCEEDED
        return (fact.at, _RANK[fact.status]) > (self.as_of, _RANK[self.status])

    def is_where(self, fact: IntentFact) -> bool:
        """Whether the fact, new or a repeat, brought the payment to where it is: no later one has overtaken it."""
        return self.status is fact.status and (self.status is S.SUCCEEDED or self.as_of == fact.at)

    def moved(self, fact: IntentFact) -> Payment:
        """The payment after the fact; what is booked for it comes beside."""
        news = {
            "status": fact.status,
            "payment_intent_id": fact.intent_id,
            "failure_code": fact.failure_code,
            "as_of": max(fact.at, self.as_of),
            "version": self.version + 1,
        }
        return self.model_copy(update=news)

    def less(self, undone: Sequence[Allocation]) -> tuple[Allocation, ...]:
        """The allocations that stand after these parts of them were undone."""
        gone = {part.invoice_id: part.amount_minor for part in undone}
        left = [(part, part.amount_minor - gone.get(part.invoice_id, 0)) for part in self.allocations]
        return tuple(part.model_copy(update={"amount_minor": minor}) for part, minor in left if minor)

    def more(self, parts: Sequence[Allocation]) -> tuple[Allocation, ...]:
        """The allocations that stand after these were added."""
        standing = {part.invoice_id: part.amount_minor for part in self.allocations}
        added = {
            part.invoice_id: part.model_copy(
                update={"amount_minor": part.amount_minor + standing.get(part.invoice_id, 0)}
            )
            for part in parts
        }
        kept = tuple(added.pop(part.invoice_id, part) for part in self.allocations)
        return (*kept, *added.values())


@dataclass(frozen=True)
class IntentFact:
    """What Stripe says of a payment intent. `at` is epoch seconds; the ids are from our metadata, if it has them.

    `cause` is the event or run that brought it; `delayed` says that its bank answers days later; `hints` and `mail`
    are what may tell whose money it is.
    """

    cause: str
    intent_id: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    at: int
    payment_id: str | None = None
    account_id: str | None = None
    customer_id: str | None = None
    charge_id: str | None = None
    failure_code: str | None = None
    delayed: bool = False
    hints: tuple[str, ...] = ()
    mail: str | None = None


class Payer(Receivables):
    """What a new payment needs to know of its account."""

    stripe_customer_id: str | None = None
    former_customer_id: str | None = None
    merged_into: str | None = None


def foreign_payment_id(intent_id: str) -> str:
    """The id of a payment that the desk did not begin."""
    return f"pay_{intent_id}"


def stale(row: Row, now: datetime) -> bool:
    """Whether asking Stripe again could move money twice: it forgets idempotency keys after 24 hours."""
    return (now - row.begun_at).total_seconds() > 23 * 3600
