"""A Stripe that can be read: it answers by the name of the payment method, and the events that it would send."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from chalicelib.payments.events import API_VERSION
from chalicelib.payments.model import CardDeclined, Intent, Payment
from chalicelib.platform.errors import Refused, Unavailable

STATUS_BY_METHOD = {
    None: "requires_payment_method",
    "pm_card_visa": "succeeded",
    "pm_card_authenticationRequired": "requires_action",
    "pm_bank_debit": "processing",
    "pm_from_the_future": "a_status_of_next_year",
}
DECLINE_BY_METHOD = {"pm_card_poor": "insufficient_funds", "pm_card_lost": "lost_card"}


@dataclass
class FakeStripe:
    """A CardProcessor. `down` is how many calls fail before it answers."""

    intents: dict[str, tuple[str, Payment]] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    down: int = 0

    def create_customer(self, account_id: str) -> str:
        return self.customers.setdefault(account_id, f"cus_{account_id}")

    def create_intent(self, payment: Payment, customer_id: str) -> Intent:
        if self.down:
            self.down -= 1
            raise Unavailable("Stripe is down")
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


def an_event(
    payment: Payment | None = None,
    event_type: str = "payment_intent.succeeded",
    event_id: str = "evt_1",
    at: int = 1_793_610_000,
    api_version: str = API_VERSION,
    **intent: Any,
) -> str:
    """The body of a webhook about the intent of `payment`, with fields that the desk does not know."""
    about: dict[str, Any] = {"id": "pi_foreign", "object": "payment_intent", "amount": 500, "currency": "gbp"}
    if payment:
        ours = {"payment_id": payment.payment_id, "account_id": payment.account_id}
        amount, currency = payment.amount_minor, payment.currency.lower()
        about = {"id": f"pi_{payment.payment_id}", "amount": amount, "currency": currency, "metadata": ours}
    about["amount_received"] = about["amount"] if event_type.endswith("succeeded") else 0
    event = {
        "id": event_id,
        "object": "event",
        "api_version": api_version,
        "created": at,
        "type": event_type,
        "data": {"object": {**about, "shipping": None, **intent}},
        "livemode": False,
    }
    return json.dumps(event)


def a_decline(code: str) -> dict[str, Any]:
    return {"last_payment_error": {"code": "card_declined", "decline_code": code, "type": "card_error"}}
