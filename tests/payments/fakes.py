"""A Stripe that can be read: it answers by the name of the payment method, and the events that it would send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.payments.events import API_VERSION
from chalicelib.payments.model import Payment
from chalicelib.payments.objects import Window
from chalicelib.payments.processor import CardDeclined, Intent
from chalicelib.payments.refund import Refund, RefundFact, RefundStatus
from chalicelib.platform.errors import Refused, Unavailable

STATUS_BY_METHOD = {
    None: "requires_payment_method",
    "pm_card_visa": "succeeded",
    "pm_card_authenticationRequired": "requires_action",
    "pm_bank_debit": "processing",
    "pm_from_the_future": "a_status_of_next_year",
}
DECLINE_BY_METHOD = {"pm_card_poor": "insufficient_funds", "pm_card_lost": "lost_card"}
AT = 1_793_610_000
"""A second of November 2026."""


@dataclass
class FakeStripe:
    """All of Stripe that moving money needs. `down` is how many calls fail before it answers.

    `objects` are what it says when asked again, by kind and id; `invoices` are the invoices that intents pay. Once it
    has `forgotten` the idempotency keys of the day, a repeat is a second action under an id that ends so.
    """

    intents: dict[str, tuple[str, Payment]] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    invoices: dict[str, str] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    refund_status: RefundStatus = RefundStatus.SUCCEEDED
    refuses_refunds: bool = False
    forgotten: str = ""
    down: int = 0

    def create_customer(self, account_id: str, after: str | None = None) -> str:
        asked = f"{account_id}-{after}" if after else account_id
        return self.customers.setdefault(asked, f"cus_{asked}")

    def create_intent(self, payment: Payment, customer_id: str, *, off_session: bool = False) -> Intent:
        self._answer()
        if payment.payment_method == "pm_broken":
            raise Refused("Stripe refuses")
        intent_id = f"pi_{payment.payment_id}"
        self.intents.setdefault(intent_id, (customer_id, payment))
        if payment.payment_method in DECLINE_BY_METHOD:
            raise CardDeclined(DECLINE_BY_METHOD[payment.payment_method], intent_id)
        return Intent(intent_id, STATUS_BY_METHOD[payment.payment_method], f"{intent_id}_secret")

    def read_intent(self, intent_id: str) -> Intent:
        _, payment = self.intents[intent_id]
        return Intent(intent_id, STATUS_BY_METHOD[payment.payment_method], f"{intent_id}_secret")

    def create_refund(self, refund: Refund) -> RefundFact:
        self._answer()
        if self.refuses_refunds:
            raise Refused("Stripe refuses")
        self.refunds.setdefault(refund.refund_id + self.forgotten, refund)
        return self._said(refund.refund_id + self.forgotten)

    def find_refund(self, refund: Refund) -> RefundFact | None:
        return next((self._said(key) for key, made in self.refunds.items() if made.refund_id == refund.refund_id), None)

    def _said(self, key: str) -> RefundFact:
        refund = self.refunds[key]
        return RefundFact(
            stripe_refund_id=f"re_{key}",
            payment_intent_id=refund.payment_intent_id,
            status=self.refund_status,
            amount_minor=refund.amount_minor,
            currency=refund.currency,
            made_at=datetime.fromtimestamp(AT, UTC),
            at=datetime.fromtimestamp(AT, UTC),
            refund_id=refund.refund_id,
        )

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        return self.objects.get((kind, object_id))

    def each(self, kind: str, window: Window, **only: Any) -> Iterator[dict[str, Any]]:
        """All objects of a kind with these values, the newest first."""
        found = [about for (its_kind, _), about in self.objects.items() if its_kind == kind]
        return (each for each in found[::-1] if all(each.get(name) == value for name, value in only.items()))

    def invoice_of_intent(self, intent_id: str) -> str | None:
        return self.invoices.get(intent_id)

    def knows(self, about: dict[str, Any]) -> None:
        """From now on it says this of the object when asked."""
        self.objects[about["object"], about["id"]] = about

    def _answer(self) -> None:
        if self.down:
            self.down -= 1
            raise Unavailable("Stripe is down")


def an_intent(payment: Payment | None = None, status: str = "succeeded", **changes: Any) -> dict[str, Any]:
    """The intent of a payment of ours, or of nobody's, with fields that the desk does not know."""
    about: dict[str, Any] = {"id": "pi_foreign", "amount": 500, "currency": "gbp", "metadata": {}}
    if payment:
        ours = {"payment_id": payment.payment_id, "account_id": payment.account_id}
        amount, currency = payment.amount_minor, payment.currency.lower()
        about = {"id": f"pi_{payment.payment_id}", "amount": amount, "currency": currency, "metadata": ours}
    about["amount_received"] = about["amount"] if status == "succeeded" else 0
    fixed = {"object": "payment_intent", "created": AT, "status": status, "shipping": None}
    return {**fixed, **about, **changes}


def an_event(
    payment: Payment | None = None,
    event_type: str = "payment_intent.succeeded",
    event_id: str = "evt_1",
    at: int = AT,
    api_version: str = API_VERSION,
    **intent: Any,
) -> str:
    """The body of a webhook about the intent of `payment`."""
    status = "succeeded" if event_type.endswith("succeeded") else "processing"
    return as_event(event_type, an_intent(payment, status, **intent), event_id, at, api_version)


def as_event(
    event_type: str, about: dict[str, Any], event_id: str = "evt_1", at: int = AT, api_version: str = API_VERSION
) -> str:
    """The body of a webhook about any object."""
    event = {
        "id": event_id,
        "object": "event",
        "api_version": api_version,
        "created": at,
        "type": event_type,
        "data": {"object": about},
        "livemode": False,
    }
    return json.dumps(event)


def a_refund(refund_id: str, intent_id: str, amount: int, status: str = "succeeded", **changes: Any) -> dict[str, Any]:
    """A refund as Stripe shows it; made at Stripe itself unless the metadata name one of ours."""
    fixed = {"object": "refund", "created": AT, "currency": "gbp", "metadata": {}, "failure_reason": None}
    about = {"id": refund_id, "payment_intent": intent_id, "amount": amount, "status": status}
    return {**fixed, **about, **changes}


def a_dispute(
    dispute_id: str, intent_id: str, amount: int, status: str = "needs_response", **changes: Any
) -> dict[str, Any]:
    """A dispute as Stripe shows it."""
    fixed = {"object": "dispute", "created": AT, "currency": "gbp", "reason": "fraudulent"}
    about = {"id": dispute_id, "payment_intent": intent_id, "amount": amount, "status": status}
    return {**fixed, **about, "evidence_details": {"due_by": AT + 7 * 86_400}, **changes}


def a_decline(code: str) -> dict[str, Any]:
    return {"last_payment_error": {"code": "card_declined", "decline_code": code, "type": "card_error"}}
