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

    def settled(self, intent_id: str, cause: str) -> Payment | None:
        """The payment that this intent settled, booked by now; None when it is none of the desk's.

        Reads the intent at Stripe unless the payment began there and is known. Raises Unavailable.
        """
        payment = self.payments.get(foreign_payment_id(intent_id), consistent=True)
        if payment:
            return payment
        intent = self.objects.read("payment_intent", intent_id)
        if intent is None or intent.get("status") != "succeeded":
            return None
        payment = self._of(intent)
        if payment is None or payment.status is not PaymentStatus.SUCCEEDED:
            self.intents.apply(Fact("payment_intent.succeeded", cause, _taken_at(intent), intent))
            payment = self._of(intent)
        return payment

    def _of(self, intent: dict[str, Any]) -> Payment | None:
        named = (intent.get("metadata") or {}).get("payment_id")
        payment = self.payments.get(named, consistent=True) if named else None
        if payment and payment.payment_intent_id in (None, intent["id"]):
            return payment
        return self.payments.get(foreign_payment_id(intent["id"]), consistent=True)


def _taken_at(intent: dict[str, Any]) -> int:
    """When the money was taken, as near as Stripe's objects say: its charge was made then."""
    charge = intent.get("latest_charge")
    return int(charge["created"] if isinstance(charge, dict) else intent["created"])
