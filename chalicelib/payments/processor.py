"""What the desk needs of a card processor, and what it answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from chalicelib.payments.model import Payment, PaymentStatus

S = PaymentStatus
STATUS_OF_ANSWER: Final = {
    "requires_payment_method": S.REQUIRES_PAYMENT,
    "requires_confirmation": S.REQUIRES_PAYMENT,
    "requires_action": S.REQUIRES_ACTION,
    "processing": S.PROCESSING,
    "requires_capture": S.PROCESSING,
    "succeeded": S.PROCESSING,  # taken, not booked yet: the event books it
    "canceled": S.CANCELED,
}
"""Our state by the status of an intent that Stripe answers directly."""


@dataclass(frozen=True)
class Intent:
    """A payment intent as Stripe answers it. The client secret goes to the customer's app, never into the payment."""

    intent_id: str
    status: str
    client_secret: str | None
    charge_id: str | None = None
    failure_code: str | None = None


class CardDeclined(Exception):
    """The customer's bank said no; `code` is Stripe's decline code, not all of which may be shown."""

    def __init__(self, code: str, intent_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.intent_id = intent_id


class AuthenticationRequired(CardDeclined):
    """The bank wants the customer to approve the payment, and the customer is not there: have the customer pay it."""


class CardProcessor(Protocol):
    """Stripe, as the desk sees it. Each call may raise Unprocessable, Refused or Unavailable."""

    def create_customer(self, account_id: str, after: str | None = None) -> str:
        """The id of a customer for this account, after one that is no more; the same one when called again soon."""

    def create_intent(self, payment: Payment, customer_id: str, *, off_session: bool = False) -> Intent:
        """Ask for the money; with a payment method it is tried at once. Repeats within 24 hours give the same intent.

        Raises CardDeclined.
        """

    def read_intent(self, intent_id: str) -> Intent:
        """The intent as it is now."""
