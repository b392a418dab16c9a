"""Whose money it is that came without our name on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chalicelib.payments.store import PaymentStore


class InvoicePayments(Protocol):
    """Stripe, where it says which invoice an intent pays."""

    def invoice_of_intent(self, intent_id: str) -> str | None:
        """The id of Stripe's invoice; None when the intent pays none. Raises Refused, Unavailable."""


@dataclass(frozen=True)
class StripeOwners:
    """Owners, by Stripe's own links."""

    payments: PaymentStore
    stripe: InvoicePayments

    def has_invoice(self, intent_id: str) -> bool:
        """Whether the intent pays an invoice of Stripe's."""
        return self.stripe.invoice_of_intent(intent_id) is not None

    def account_of(self, customer_id: str) -> str | None:
        """The account of a Stripe customer."""
        return self.payments.account_of(customer_id)
