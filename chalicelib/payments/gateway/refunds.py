"""Refunds: money sent back to the method that paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.payments.gateway.client import Connected, keyed
from chalicelib.payments.handling import Fact
from chalicelib.payments.reading import read_refund
from chalicelib.payments.refund import Refund, RefundFact

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams


class Refunds(Connected):
    """A Refunder."""

    def create_refund(self, refund: Refund) -> RefundFact:
        """Send the money back, once for a refund within 24 hours.

        Raises Conflict when it was refunded before or is disputed, Unprocessable for more than is left of the payment,
        Refused, Unavailable.
        """
        params: RefundCreateParams = {
            "payment_intent": refund.payment_intent_id,
            "amount": refund.amount_minor,
            "metadata": {
                "refund_id": refund.refund_id,
                "payment_id": refund.payment_id,
                "account_id": refund.account_id,
            },
        }
        if refund.reason:
            params["reason"] = refund.reason.value
        with self._stripe() as stripe:
            made = stripe.v1.refunds.create(params, keyed("refund", refund.refund_id))
        return _said(refund, made.to_dict(for_json=True))

    def find_refund(self, refund: Refund) -> RefundFact | None:
        """What became of it, among the newest hundred of its intent; None when it was never made.

        Raises Refused, Unavailable.
        """
        made = self._json("/v1/refunds", {"payment_intent": refund.payment_intent_id, "limit": 100})["data"]
        ours = (each for each in made if (each.get("metadata") or {}).get("refund_id") == refund.refund_id)
        return next((_said(refund, each) for each in ours), None)


def _said(refund: Refund, made: dict[str, Any]) -> RefundFact:
    return read_refund(Fact("refund.created", refund.refund_id, made["created"], made))
