"""Use cases of saved payment methods: see them, add one on Stripe's page, choose the default, remove one.

The audit entry is written before Stripe is asked: a wish that failed stands in the trail, a change never goes without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.accounts.heads import refuse_merged
from chalicelib.audit.model import Actor, entry
from chalicelib.payments.customers import Customers
from chalicelib.payments.hosted import HostedPage, HostedPages, Returns, SetupPage
from chalicelib.payments.ids import derived_id
from chalicelib.payments.methods_model import MethodVault, SavedMethod
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import NotFound


@dataclass(frozen=True)
class PaymentMethods:
    """`id_key` keys the ids of set-ups; `returns` is where the customer comes back to from a page of Stripe's."""

    customers: Customers
    vault: MethodVault
    pages: HostedPages
    clock: Clock
    new_id: NewId
    id_key: Callable[[], bytes]
    returns: Returns

    def of_account(self, account_id: str) -> tuple[SavedMethod, ...]:
        """The methods of an account, the newest first. Raises NotFound, Refused, Unavailable."""
        customer_id = self.customers.holder(account_id).stripe_customer_id
        return self.vault.methods_of(customer_id) if customer_id else ()

    def add(self, account_id: str, key: str, actor: Actor) -> HostedPage:
        """A page on which the customer saves a method; one for an account and Idempotency-Key within 24 hours.

        Raises NotFound, AccountMerged, Refused, Unavailable.
        """
        holder = self.customers.holder(account_id)
        refuse_merged(holder.merged_into)
        customer_id = self.customers.customer(holder)
        setup_id = derived_id("setup", self.id_key(), account_id, key)
        self._note(account_id, "payment_method.setup_opened", actor, {}, {"setup_id": setup_id})
        return self.pages.setup_page(SetupPage(setup_id, account_id, customer_id, holder.currency, self.returns))

    def choose(self, account_id: str, method_id: str, actor: Actor) -> SavedMethod:
        """Pay the account's bills by this method from now on. Raises NotFound, Unprocessable, Refused, Unavailable."""
        customer_id, method = self._own(account_id, method_id)
        before = self.vault.default_method_of(customer_id)
        chosen = replace(method, is_default=True)
        if before == method_id:
            return chosen
        noted = self._note(
            account_id, "payment_method.default_chosen", actor, {"default": before}, {"default": method_id}
        )
        self.vault.make_default(customer_id, method_id, noted)
        return chosen

    def remove(self, account_id: str, method_id: str, actor: Actor) -> SavedMethod:
        """Forget a method, for good; returns what it was. Raises NotFound, Refused, Unavailable."""
        _, method = self._own(account_id, method_id)
        self._note(account_id, "payment_method.removed", actor, {"payment_method": method_id}, {})
        self.vault.detach(method_id)
        return method

    def portal(self, account_id: str, actor: Actor) -> HostedPage:
        """Stripe's page on which the customer looks after methods and bills. Raises NotFound, Refused, Unavailable."""
        customer_id = self.customers.customer(self.customers.holder(account_id))
        noted = self._note(account_id, "portal.opened", actor, {}, {"stripe_customer_id": customer_id})
        return self.pages.portal_page(noted, customer_id, self.returns.back)

    def _own(self, account_id: str, method_id: str) -> tuple[str, SavedMethod]:
        customer_id = self.customers.holder(account_id).stripe_customer_id
        method = self.vault.read_method(method_id) if customer_id else None
        if customer_id is None or method is None or method.customer_id != customer_id:
            raise NotFound
        return customer_id, method

    def _note(
        self, account_id: str, action: str, actor: Actor, before: dict[str, object], after: dict[str, object]
    ) -> str:
        """Keep the audit entry; its id names the action also towards Stripe."""
        entry_id = self.new_id("aud")
        noted = entry(entry_id, f"A#{account_id}", action, actor, self.clock(), before, after)
        self.customers.holders.note(noted)
        return entry_id
