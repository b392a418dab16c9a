"""Whose money it is that came without our name on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chalicelib.payments.markers import Outcome


class InvoicePayments(Protocol):
    """Stripe, where it says which invoice an intent pays."""

    def invoice_of_intent(self, intent_id: str) -> str | None:
        """The id of Stripe's invoice; None when the intent pays none. Raises Refused, Unavailable."""


class KnowsCustomers(Protocol):
    def account_of(self, customer_id: str) -> str | None:
        """The account of a Stripe customer."""


class FollowsBills(Protocol):
    def follow(self, stripe_id: str, cause: str, paid_by: str) -> Outcome:
        """Bring the books to where an invoice of Stripe's is now that this intent has paid it."""


@dataclass(frozen=True)
class StripeOwners:
    """Owners, by Stripe's own links."""

    customers: KnowsCustomers
    bills: FollowsBills
    stripe: InvoicePayments

    def follow_invoice(self, intent_id: str, cause: str) -> Outcome | None:
        """Follow the invoice of Stripe's that the intent pays, which books it; None when it pays none."""
        invoice_id = self.stripe.invoice_of_intent(intent_id)
        return self.bills.follow(invoice_id, cause, intent_id) if invoice_id else None

    def account_of(self, customer_id: str) -> str | None:
        """The account of a Stripe customer."""
        return self.customers.account_of(customer_id)
