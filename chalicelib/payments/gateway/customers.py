"""Customers at Stripe: they know our account id and nothing personal."""

from __future__ import annotations

from chalicelib.payments.gateway.client import Connected, keyed


class Customers(Connected):
    """Makes customers."""

    def create_customer(self, account_id: str, after: str | None = None) -> str:
        """The id of a customer for this account; the same one when called again within 24 hours.

        `after` is the customer that it had before, which is no more. Raises Refused, Unavailable.
        """
        key = keyed("customer", f"{account_id}-{after}" if after else account_id)
        with self._stripe() as stripe:
            customer = stripe.v1.customers.create({"metadata": {"account_id": account_id}}, key)
            return customer.id
