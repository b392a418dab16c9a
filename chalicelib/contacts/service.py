"""Use cases of contacts: take a record in, and show what happened with an account."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.accounts.service import Accounts
from chalicelib.contacts.customer import Customer
from chalicelib.contacts.model import Contact
from chalicelib.contacts.record import read_record
from chalicelib.contacts.store import ContactStore
from chalicelib.contacts.timeline import PREFIXES, Entry, newest
from chalicelib.platform.codec import Item


@dataclass(frozen=True)
class Contacts:
    store: ContactStore
    accounts: Accounts

    def record(self, payload: bytes) -> Contact | None:
        """Take in one contact record; the contact, or None when nothing newer was said. At most two round trips.

        The account is the one that our flow named, else the only one with the customer's number or address. Raises
        UnreadableRecord for a record that no retry can mend.
        """
        reading = read_record(payload)
        contact = reading.contact
        if contact.account_id is None and reading.customer:
            contact = contact.model_copy(update={"account_id": self._only_account(reading.customer)})
        return contact if self.store.keep(contact) else None

    def _only_account(self, customer: Customer) -> str | None:
        """A household shares a number; which of them called is not known, so it is nobody's contact."""
        found, _ = self.accounts.find(customer.by, customer.value, limit=2)
        return found[0].account_id if len(found) == 1 else None

    def timeline(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Entry], Item | None]:
        """What happened with an account, newest first: one page and the key of the next. Five round trips.

        A page goes on strictly below the last entry shown, so that what happens meanwhile neither repeats nor hides
        one. Raises NotFound when there is no such account.
        """
        before = str(start["before"]) if start else None
        found = [
            item for prefix in PREFIXES for item in self.store.history(account_id, prefix, before, limit + 1)
        ]  # fmt: skip
        if not found and before is None:
            self.accounts.get(account_id)
        entries, after = newest(found, limit)
        return entries, {"before": after} if after else None
