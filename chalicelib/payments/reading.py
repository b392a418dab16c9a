"""What Stripe says of intents, refunds and disputes, as facts of the desk; few fields are read, the rest is let go.

Each reader raises Unreadable for an object that is not of the shape that the API version promises.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.payments.chargeback import ChargebackFact, ChargebackStatus
from chalicelib.payments.events import Unreadable, named
from chalicelib.payments.handling import Fact
from chalicelib.payments.model import IntentFact, PaymentStatus
from chalicelib.payments.refund import RefundFact, RefundStatus

STATUS_BY_TYPE = {
    "payment_intent.canceled": PaymentStatus.CANCELED,
    "payment_intent.payment_failed": PaymentStatus.FAILED,
    "payment_intent.processing": PaymentStatus.PROCESSING,
    "payment_intent.requires_action": PaymentStatus.REQUIRES_ACTION,
    "payment_intent.succeeded": PaymentStatus.SUCCEEDED,
}
"""The types that move a payment; the others of an intent say nothing that these do not."""

DELAYED_METHODS = frozenset({"bacs_debit", "sepa_debit", "us_bank_account", "au_becs_debit", "acss_debit"})
"""Methods whose bank answers days later (docs.stripe.com/payments/payment-methods#delayed-notification)."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    called: ClassVar[str] = "an object"


S = TypeVar("S", bound=_Shape)


class _Method(_Shape):
    type: str | None = None


class _Failure(_Shape):
    code: str | None = None
    decline_code: str | None = None
    payment_method: _Method = _Method()


class _PaymentIntent(_Shape):
    called: ClassVar[str] = "a payment intent"

    id: str
    amount: int
    amount_received: int = 0
    currency: str
    customer: Any = None
    description: str | None = None
    metadata: dict[str, str] | None = None
    latest_charge: Any = None
    receipt_email: str | None = None
    last_payment_error: _Failure | None = None


class _Refund(_Shape):
    called: ClassVar[str] = "a refund"

    id: str
    amount: int
    currency: str
    status: RefundStatus
    created: int = Field(ge=0)
    payment_intent: Any = None
    metadata: dict[str, str] | None = None
    failure_reason: str | None = None


class _EvidenceDetails(_Shape):
    due_by: int | None = None


class _Dispute(_Shape):
    called: ClassVar[str] = "a dispute"

    id: str
    amount: int
    currency: str
    status: ChargebackStatus
    reason: str
    created: int = Field(ge=0)
    payment_intent: Any = None
    evidence_details: _EvidenceDetails = _EvidenceDetails()


def read_intent(fact: Fact) -> IntentFact:
    """A fact of a type in STATUS_BY_TYPE. Success counts what was received, the rest what was asked for."""
    intent = _shaped(_PaymentIntent, fact)
    status = STATUS_BY_TYPE[fact.type]
    ours = intent.metadata or {}
    failure = intent.last_payment_error if status is PaymentStatus.FAILED else None
    return IntentFact(
        cause=fact.cause,
        intent_id=intent.id,
        status=status,
        amount_minor=intent.amount_received if status is PaymentStatus.SUCCEEDED else intent.amount,
        currency=intent.currency.upper(),
        at=fact.at,
        payment_id=ours.get("payment_id"),
        account_id=ours.get("account_id"),
        customer_id=_id(intent.customer),
        failure_code=(failure.decline_code or failure.code) if failure else None,
        delayed=failure is not None and failure.payment_method.type in DELAYED_METHODS,
        charge_id=_id(intent.latest_charge),
        hints=tuple(filter(None, (intent.description, *ours.values()))),
        mail=intent.receipt_email,
    )


def read_refund(fact: Fact) -> RefundFact:
    """A refund as it stands in the fact."""
    refund = _shaped(_Refund, fact)
    ours = refund.metadata or {}
    return RefundFact(
        stripe_refund_id=refund.id,
        payment_intent_id=_id(refund.payment_intent),
        status=refund.status,
        amount_minor=refund.amount,
        currency=refund.currency.upper(),
        made_at=_instant(refund.created),
        at=_instant(fact.at),
        refund_id=ours.get("refund_id"),
        failure_reason=refund.failure_reason,
    )


def read_chargeback(fact: Fact) -> ChargebackFact:
    """A dispute as it stands in the fact."""
    dispute = _shaped(_Dispute, fact)
    due_by = dispute.evidence_details.due_by
    return ChargebackFact(
        chargeback_id=dispute.id,
        payment_intent_id=_id(dispute.payment_intent),
        status=dispute.status,
        reason=dispute.reason,
        amount_minor=dispute.amount,
        currency=dispute.currency.upper(),
        opened_at=_instant(dispute.created),
        at=_instant(fact.at),
        due_at=_instant(due_by) if due_by else None,
    )


def _shaped(shape: type[S], fact: Fact) -> S:
    try:
        return shape.model_validate(fact.object)
    except ValidationError as error:
        raise Unreadable(named(shape.called, error)) from None


def _id(expandable: Any) -> str | None:
    """The id of a field that may hold the object in its place."""
    found = expandable.get("id") if isinstance(expandable, dict) else expandable
    return found if isinstance(found, str) else None


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
