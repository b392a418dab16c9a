"""Invoices of Stripe's that are paid elsewhere: Stripe is told, so that it does not collect them once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.billing.mirror_bill import SETTLED_HERE
from chalicelib.payments.gateway.client import Connected, keyed

if TYPE_CHECKING:
    from stripe.params import InvoiceUpdateParams


class Bills(Connected):
    """A TellsBills, and a CollectsBills."""

    def attach_payment(self, stripe_id: str, intent_id: str) -> None:
        """All money of this intent paid the invoice. Raises Refused, Unavailable."""
        options = keyed("attach", f"{stripe_id}-{intent_id}")
        with self._stripe() as stripe:
            stripe.v1.invoices.attach_payment(stripe_id, {"payment_intent": intent_id}, options)

    def paid_elsewhere(self, stripe_id: str) -> None:
        """Nothing of the invoice is due any more, and the desk has booked all that paid it: the invoice says so, or its
        news would pass for money that came in another way. Raises Refused, Unavailable."""
        with self._stripe() as stripe:
            stripe.v1.invoices.update(stripe_id, {"metadata": {SETTLED_HERE: "yes"}}, keyed("settled", stripe_id))
            stripe.v1.invoices.pay(stripe_id, {"paid_out_of_band": True}, keyed("elsewhere", stripe_id))

    def collect_by_itself(self, stripe_id: str, *, wanted: bool, note: str | None = None) -> None:
        """Whether Stripe goes on trying to collect this open invoice. `note` is the metadata that says why it does not,
        taken away when it does. Raises Refused, Unavailable."""
        said: InvoiceUpdateParams = {"auto_advance": wanted}
        if note:
            said["metadata"] = {note: "" if wanted else "yes"}
        with self._stripe() as stripe:
            stripe.v1.invoices.update(stripe_id, said)
