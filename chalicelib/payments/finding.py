"""The payment behind an intent, also when the news of it comes later than the news of its refund or dispute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.payments.handling import Fact, Objects
from chalicelib.payments.intents import Intents
from chalicelib.payments.model import Payment, PaymentStatus, foreign_payment_id
from chalicelib.payments.store import PaymentStore


@dataclass(frozen=True)
class PaymentFinder:
    payments: PaymentStore
    objects: Objects
    intents: Intents

    def settled(self, intent_id: str, currency: str, cause: str) -> Payment | None:
        """The payment that this intent settled, booked by now; None when it is none of the desk's.

        None too when it was not in this currency: its ledger cannot hold what goes back in another one. Reads the
        intent at Stripe unless the payment began there and is booked. Raises Unavailable.
        """
        payment = self._booked(foreign_payment_id(intent_id), intent_id) or self._at_stripe(intent_id, cause)
        return payment if payment and payment.currency == currency else None

    def _at_stripe(self, intent_id: str, cause: str) -> Payment | None:
        intent = self.objects.read("payment_intent", intent_id)
        if intent is None or intent.get("status") != "succeeded":
            return None
        named = (intent.get("metadata") or {}).get("payment_id") or ""
        payment = self._booked(named, intent_id)
        if payment is None:
            self.intents.apply(Fact("payment_intent.succeeded", cause, _taken_at(intent), intent))
            payment = self._booked(named, intent_id) or self._booked(foreign_payment_id(intent_id), intent_id)
        return payment

    def _booked(self, payment_id: str, intent_id: str) -> Payment | None:
        """The payment, if this very intent has settled it."""
        payment = self.payments.get(payment_id, consistent=True) if payment_id else None
        settled = payment and (payment.status, payment.payment_intent_id) == (PaymentStatus.SUCCEEDED, intent_id)
        return payment if settled else None


def _taken_at(intent: dict[str, Any]) -> int:
    """When the money was taken, as near as Stripe's objects say: its charge was made then."""
    charge = intent.get("latest_charge")
    return int(charge["created"] if isinstance(charge, dict) else intent["created"])
