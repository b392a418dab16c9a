"""Keys and transactions of payments in suspense: they stand as all payments do (`rows.py`), under their own account.

Receive: 1 round trip, 6 write units or more, by the length of the hints (pointer, row, ledger entry). Match: 1 round
trip, 12 write units (pointer, old row, new row, audit entry, an entry in each of the two ledgers). List: 1 round trip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.store import AccountStore
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore, entry_put
from chalicelib.billing.suspense import is_suspense, suspense_account
from chalicelib.payments.rows import Rows
from chalicelib.payments.suspense_model import SuspensePayment
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Table
from chalicelib.platform.errors import NotFound

_HOUSEHOLD: Final = 6
"""How many accounts of one mail address are looked at: one more than are ever proposed."""


@dataclass(frozen=True)
class SuspenseStore:
    table: Table

    @property
    def rows(self) -> Rows[SuspensePayment]:
        return Rows(self.table, SuspensePayment, "payment", "P")

    def receive(self, payment: SuspensePayment, entry: LedgerEntry) -> None:
        """Keep a payment with what is booked for it, in one transaction. Raises Stands, Outrun."""
        self.rows.begin(payment, entry_put(entry))

    def existing(self, payment_id: str) -> SuspensePayment:
        """A payment as it truly is, in suspense or not. Raises NotFound."""
        payment = self.rows.get(payment_id, consistent=True)
        if payment is None:
            raise NotFound
        return payment

    def held(self, currency: str, limit: int, start: Item | None) -> tuple[list[SuspensePayment], Item | None]:
        """Payments of a currency that were not matched, those sent back too, newest first. One round trip."""
        return self.rows.of_account(suspense_account(currency), limit, start)

    def match(self, before: SuspensePayment, after: SuspensePayment, audit: AuditEntry, *booked: LedgerEntry) -> None:
        """Take a payment to its account with what is booked for it, in one transaction. Raises Outrun."""
        self.rows.hand_over(before, after, audit_put(audit), *map(entry_put, booked))


@dataclass(frozen=True)
class KnownAccountsStore:
    """Who is known to the desk, as the search for a payer asks for it."""

    accounts: AccountStore
    billing: BillingStore

    def by_number(self, account_number: str) -> str | None:
        """The id of the account with this number. One round trip."""
        found, _ = self.accounts.find("account_number", account_number, limit=1)
        return found[0].account_id if found else None

    def by_mail(self, mail: str) -> Sequence[str]:
        """The ids of the first accounts with this mail address. One round trip."""
        found, _ = self.accounts.find("email", mail, limit=_HOUSEHOLD)
        return [each.account_id for each in found]

    def of_bill(self, id_or_number: str) -> tuple[str, str] | None:
        """The ids of the account and the bill. Two round trips, three by its number."""
        by_number = not id_or_number.startswith("inv_")
        invoice_id = self.billing.numbered(id_or_number) if by_number else id_or_number
        invoice = self.billing.invoice(invoice_id) if invoice_id else None
        return (invoice.account_id, invoice.invoice_id) if invoice else None

    def owed(self, account_id: str) -> Receivables | None:
        """What a customer's account owes; None when there is no such account. One round trip, two before its first
        ledger entry."""
        if is_suspense(account_id):
            return None
        try:
            return self.billing.receivables(account_id)
        except NotFound:
            return None
