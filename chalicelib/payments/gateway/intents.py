"""Payment intents: money asked for, with the customer there or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.payments.gateway.client import Connected, keyed
from chalicelib.payments.model import Payment
from chalicelib.payments.processor import Intent

if TYPE_CHECKING:
    from stripe import PaymentIntent
    from stripe.params import PaymentIntentConfirmParams, PaymentIntentCreateParams


class Intents(Connected):
    """Creates, confirms, cancels and reads intents.

    A bank debit is `processing` for days. Without the customer (`off_session`) there is nobody to approve, so a bank
    that asks for it is a decline: AuthenticationRequired.
    """

    def create_intent(self, payment: Payment, customer_id: str, *, off_session: bool = False) -> Intent:
        """An intent for the payment, confirmed at once when it has a method. One for a payment within 24 hours.

        Raises CardDeclined, AuthenticationRequired, Unprocessable, Refused, Unavailable.
        """
        with self._stripe() as stripe:
            params = _params(payment, customer_id, off_session)
            return _intent(stripe.v1.payment_intents.create(params, keyed("intent", payment.payment_id)))

    def confirm_intent(
        self, intent_id: str, payment_method: str, action_id: str, *, off_session: bool = False
    ) -> Intent:
        """Try an intent (again) by this method; one try for each `action_id`.

        Raises CardDeclined, AuthenticationRequired, Conflict when it waits for no payment, Unprocessable, Refused,
        Unavailable.
        """
        params: PaymentIntentConfirmParams = {"payment_method": payment_method}
        if off_session:
            params["off_session"] = True
        with self._stripe() as stripe:
            return _intent(stripe.v1.payment_intents.confirm(intent_id, params, keyed("confirm", action_id)))

    def cancel_intent(self, intent_id: str, action_id: str) -> Intent:
        """Nobody can pay it any more. Raises Conflict when it is paid, under way or canceled; Refused, Unavailable."""
        with self._stripe() as stripe:
            return _intent(stripe.v1.payment_intents.cancel(intent_id, None, keyed("cancel", action_id)))

    def read_intent(self, intent_id: str) -> Intent:
        """The intent as it is now. Raises Refused, Unavailable."""
        with self._stripe() as stripe:
            return _intent(stripe.v1.payment_intents.retrieve(intent_id))


def _params(payment: Payment, customer_id: str, off_session: bool) -> PaymentIntentCreateParams:
    params: PaymentIntentCreateParams = {
        "amount": payment.amount_minor,
        "currency": payment.currency.lower(),
        "customer": customer_id,
        "metadata": {"payment_id": payment.payment_id, "account_id": payment.account_id},
        "automatic_payment_methods": {"enabled": True},
    }
    if payment.payment_method:
        # There is no page to come back to from here, so methods that lead away are left to the app's own SDK.
        params["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
        params["payment_method"] = payment.payment_method
        params["confirm"] = True
        if off_session:
            params["off_session"] = True
    return params


def _intent(intent: PaymentIntent) -> Intent:
    """Stripe leaves out what an error has not, and the SDK raises for what is not there."""
    said = intent.to_dict()
    error = said.get("last_payment_error") or {}
    return Intent(
        intent.id,
        intent.status,
        said.get("client_secret"),
        charge_id=said.get("latest_charge"),
        failure_code=error.get("decline_code") or error.get("code"),
    )
