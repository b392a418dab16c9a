"""Bank debits as the tests make them."""

from typing import Any

import stripe

from tests.infra.stripe.desk import Desk

ACCEPTED: Any = {
    "customer_acceptance": {"type": "online", "online": {"ip_address": "203.0.113.5", "user_agent": "Browser/1"}}
}
HOLDER: Any = {"name": "Ada Byron", "email": "ada@example.com"}


def debit(desk: Desk, method: str | None, **more: Any) -> stripe.PaymentIntent:
    """A debit of ten pounds, confirmed at once; a parameter given empty is left out."""
    params: Any = {"amount": 1000, "currency": "gbp", "confirm": True, "mandate_data": ACCEPTED}
    params |= {"payment_method": method} if method else {}
    if "allowed_payment_method_types" not in more:
        params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    given: Any = {name: value for name, value in (params | more).items() if value != ""}
    return desk.v1.payment_intents.create(given)


def set_up(desk: Desk, customer: str, method: str) -> stripe.SetupIntent:
    """The account saved for the customer, who accepts the mandate."""
    return desk.v1.setup_intents.create(
        {
            "customer": customer,
            "payment_method": method,
            "allowed_payment_method_types": ["bacs_debit"],
            "confirm": True,
            "mandate_data": ACCEPTED,
        }
    )


def answered(desk: Desk, intent: stripe.PaymentIntent) -> stripe.PaymentIntent:
    """The intent after the bank's answer, with its charge."""
    desk.control("settle")
    return desk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})


def bacs(number: str) -> dict[str, str]:
    """A test account as a form gives it."""
    return {"account_number": number, "sort_code": "10-88-00"}
