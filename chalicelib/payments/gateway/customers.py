"""Customers at Stripe: they know our account id and nothing personal."""

from __future__ import annotations

from chalicelib.payments.gateway.client import Connected, keyed


class Customers(Connected):
    """Makes customers."""

    def create_customer(self, account_id: str) -> str:
        """The id of a customer for this account; the same one when called again within 24 hours.

        Raises Refused, Unavailable.
        """
        with self._stripe() as stripe:
            customer = stripe.v1.customers.create(
                {"metadata": {"account_id": account_id}}, keyed("customer", account_id)
            )
            return customer.id
