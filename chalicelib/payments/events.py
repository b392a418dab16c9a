"""Stripe's events as the desk reads them: few fields, everything else let go."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.payments.model import IntentFact, PaymentStatus

API_VERSION: Final = "2026-10-28.endive"
STATUS_BY_TYPE: Final = {
    "payment_intent.canceled": PaymentStatus.CANCELED,
    "payment_intent.payment_failed": PaymentStatus.FAILED,
    "payment_intent.processing": PaymentStatus.PROCESSING,
    "payment_intent.requires_action": PaymentStatus.REQUIRES_ACTION,
    "payment_intent.succeeded": PaymentStatus.SUCCEEDED,
}
"""The types that are applied; every other type is kept and counted."""


class Unreadable(ValueError):
    """The body is not an event of the shape that its API version promises. Names the fields, never their values."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Data(_Shape):
    object: dict[str, Any]


class StripeEvent(_Shape):
    """The envelope. `created` is epoch seconds."""

    id: str = Field(min_length=1, max_length=255)
    type: str = Field(min_length=1, max_length=255)
    api_version: str | None = None
    created: int = Field(ge=0, le=99_999_999_999)
    data: _Data

    @property
    def object_id(self) -> str | None:
        """The id of what the event is about; previews of objects have none."""
        given = self.data.object.get("id")
        return given if isinstance(given, str) else None


class _Failure(_Shape):
    code: str | None = None
    decline_code: str | None = None


class _PaymentIntent(_Shape):
    id: str
    amount: int
    amount_received: int = 0
    currency: str
    metadata: dict[str, str] | None = None
    last_payment_error: _Failure | None = None


def read_event(body: str) -> StripeEvent:
    """The envelope of a webhook's body. Raises Unreadable."""
    try:
        return StripeEvent.model_validate_json(body)
    except ValidationError as error:
        raise Unreadable(_named("an event", error)) from None


def read_intent(event: StripeEvent) -> IntentFact:
    """What an event of a type in STATUS_BY_TYPE says. Success counts what was received, the rest what was asked for.

    Raises Unreadable.
    """
    try:
        intent = _PaymentIntent.model_validate(event.data.object)
    except ValidationError as error:
        raise Unreadable(_named("a payment intent", error)) from None
    status = STATUS_BY_TYPE[event.type]
    ours = intent.metadata or {}
    failure = intent.last_payment_error if status is PaymentStatus.FAILED else None
    return IntentFact(
        event_id=event.id,
        intent_id=intent.id,
        status=status,
        amount_minor=intent.amount_received if status is PaymentStatus.SUCCEEDED else intent.amount,
        currency=intent.currency.upper(),
        at=event.created,
        payment_id=ours.get("payment_id"),
        account_id=ours.get("account_id"),
        failure_code=(failure.decline_code or failure.code) if failure else None,
    )


def _named(what: str, error: ValidationError) -> str:
    wrong = sorted({".".join(map(str, found["loc"])) or found["type"] for found in error.errors(include_input=False)})
    return f"not {what} that can be read: {', '.join(wrong)}"
