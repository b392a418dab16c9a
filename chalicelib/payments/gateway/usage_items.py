"""Charges for use on Stripe's bills: on a draft, or on a bill of their own when no other will come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.billing.mirror_lines import USAGE_CATEGORY, USAGE_KEY
from chalicelib.payments.gateway.client import Connected, keyed
from chalicelib.payments.usage_charge import UsageCharge

if TYPE_CHECKING:
    from stripe.params import InvoiceItemCreateParams


class UsageItems(Connected):
    """A BillsUsage."""

    def add_usage(self, bill_id: str, charge: UsageCharge) -> None:
        """Put a charge on a draft, once for its key within 24 hours. Raises Refused, Unavailable."""
        params: InvoiceItemCreateParams = {
            "customer": charge.customer_id,
            "invoice": bill_id,
            "currency": charge.currency.lower(),
            "amount": charge.net_minor,
            "description": charge.description,
            "period": {"start": charge.starts_at, "end": charge.ends_at},
            "metadata": {USAGE_KEY: charge.key, USAGE_CATEGORY: charge.category},
        }
        if charge.tax_rates:
            params["tax_rates"] = list(charge.tax_rates)
        with self._stripe() as stripe:
            stripe.v1.invoice_items.create(params, keyed("usage", f"{charge.key}-{bill_id}"))
