"""Use cases of billing: issue a bill once, read bills, say what is owed, keep subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from chalicelib.billing.model import Invoice, Subscription
from chalicelib.billing.receivables import EntryKind, LedgerEntry, Receivables
from chalicelib.billing.store import BillingStore, InvoiceStands, LedgerMoved
from chalicelib.platform.clock import NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, NotFound, Unavailable

ATTEMPTS = 5
"""How often a bill is decided anew when other movements of its account come first."""


@dataclass(frozen=True)
class Invoices:
    """`today` is the calendar day where the desk bills."""

    store: BillingStore
    new_id: NewId
    today: Callable[[], date]

    def issue(self, invoice: Invoice) -> Invoice:
        """Bill an account: invoice, ledger entry and balance in one transaction; the same bill again changes nothing.

        Standing credit pays what it can of it at once. The ledger books it at the beginning (UTC) of its day of issue.
        Returns the invoice as it stands. Raises NotFound without the account, Conflict for another currency or another
        bill under the same id, Unavailable when the account is too busy.
        """
        for _ in range(ATTEMPTS):
            before = self.store.receivables(invoice.account_id, consistent=True)
            if before.currency != invoice.currency:
                raise Conflict("The invoice is not in the currency of its account.")
            after, booked = before.issued(invoice)
            try:
                self.store.issue(before, after, booked, self._entry(booked))
            except InvoiceStands:
                return self._standing(invoice)
            except LedgerMoved:
                continue
            return booked
        raise Unavailable("The account is too busy just now; try again.")

    def get(self, invoice_id: str) -> Invoice:
        """The invoice. Raises NotFound."""
        invoice = self.store.invoice(invoice_id)
        if invoice is None:
            raise NotFound
        return invoice

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Invoice], Item | None]:
        """Invoices of an account, newest first."""
        return self.store.invoices(account_id, limit, start)

    def receivables(self, account_id: str) -> Receivables:
        """What the account owes. Raises NotFound."""
        return self.store.receivables(account_id)

    def _standing(self, invoice: Invoice) -> Invoice:
        standing = self.get(invoice.invoice_id)
        if not standing.is_same_bill(invoice):
            raise Conflict("Another bill has been issued under this id.")
        return standing

    def _entry(self, invoice: Invoice) -> LedgerEntry:
        return LedgerEntry(
            entry_id=self.new_id("led"),
            account_id=invoice.account_id,
            at=datetime.combine(invoice.issued_on, time(), UTC),
            entry_kind=EntryKind.INVOICE,
            amount_minor=invoice.total_minor,
            currency=invoice.currency,
            reference_id=invoice.invoice_id,
        )


@dataclass(frozen=True)
class Subscriptions:
    store: BillingStore

    def start(self, subscription: Subscription) -> None:
        """Keep a subscription; the same one again changes nothing."""
        self.store.add_subscription(subscription)

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Subscription], Item | None]:
        """Subscriptions of an account."""
        return self.store.subscriptions(account_id, limit, start)
