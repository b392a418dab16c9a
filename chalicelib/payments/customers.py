"""Which customer of Stripe's stands for an account; made when it is first needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chalicelib.accounts.store import head_key
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.dynamo import Table
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency


class Holder(Record):
    """An account as the holder of payment methods."""

    account_id: str
    currency: Currency
    stripe_customer_id: str | None = None
    former_customer_id: str | None = None
    merged_into: str | None = None
    emails: tuple[str, ...] = ()


class MakesCustomers(Protocol):
    """Stripe."""

    def create_customer(self, account_id: str, after: str | None = None) -> str:
        """The id of a customer for this account, after one that is no more. Raises Refused, Unavailable."""


class KeepsCustomers(Protocol):
    """The store of payments."""

    def set_customer(self, account_id: str, customer_id: str) -> str:
        """Keep the account's customer; returns the one that stands."""


@dataclass(frozen=True)
class HolderStore:
    table: Table

    def get(self, account_id: str) -> Holder:
        """The holder. One round trip. Raises NotFound."""
        item = self.table.get(*head_key(account_id), consistent=True)
        if item is None:
            raise NotFound("There is no account with this id.")
        return Holder.model_validate(item)

    def note(self, entry: AuditEntry) -> None:
        """Keep an audit entry where the change itself is made elsewhere. One write unit."""
        self.table.write(audit_put(entry))


@dataclass(frozen=True)
class Customers:
    holders: HolderStore
    keeper: KeepsCustomers
    stripe: MakesCustomers

    def holder(self, account_id: str) -> Holder:
        """The account as it stands, with or without a customer. Raises NotFound."""
        return self.holders.get(account_id)

    def customer(self, holder: Holder) -> str:
        """The account's customer, made when there is none. Raises Refused, Unavailable."""
        if holder.stripe_customer_id:
            return holder.stripe_customer_id
        made = self.stripe.create_customer(holder.account_id, holder.former_customer_id)
        return self.keeper.set_customer(holder.account_id, made)
