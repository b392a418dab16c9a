"""Which account a customer of Stripe's stands for, also when the customer was made at Stripe itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.payments.handling import Fact, Objects
from chalicelib.payments.markers import Outcome
from chalicelib.payments.mirror.reading import id_in
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.errors import Conflict, NotFound

_LINKING: Final = frozenset({"customer.created", "customer.updated"})


@dataclass(frozen=True)
class CustomerAccounts:
    payments: PaymentStore
    stripe: Objects

    def apply(self, fact: Fact) -> Outcome:
        """Handle `customer.*`. Raises Unreadable, Unavailable."""
        if fact.type == "customer.deleted":
            return self._dropped(id_in(fact))
        if fact.type not in _LINKING or self.payments.account_of(id_in(fact)):
            return Outcome.NOTED
        return Outcome.APPLIED if self.account_of(id_in(fact)) else Outcome.UNMATCHED

    def account_of(self, customer_id: str) -> str | None:
        """The account; one that the customer's metadata name becomes theirs when it has no other customer.

        One round trip; one to Stripe and one more when the customer is new to us. Raises Unavailable.
        """
        known = self.payments.account_of(customer_id)
        if known:
            return known
        customer = self.stripe.read("customer", customer_id) or {}
        account_id = (customer.get("metadata") or {}).get("account_id")
        return account_id if account_id and self._linked(account_id, customer_id) else None

    def _linked(self, account_id: str, customer_id: str) -> bool:
        try:
            return self.payments.set_customer(account_id, customer_id) == customer_id
        except (NotFound, Conflict):
            return False

    def _dropped(self, customer_id: str) -> Outcome:
        account_id = self.payments.account_of(customer_id)
        if account_id is None:
            return Outcome.UNMATCHED
        return Outcome.APPLIED if self.payments.drop_customer(account_id, customer_id) else Outcome.OLDER
