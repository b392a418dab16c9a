"""Use cases of billing: issue a bill once, read bills, read and prove the ledger, keep subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar

from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import Difference, LedgerEntry, book, verify
from chalicelib.billing.model import Invoice, StandingInvoice, Subscription
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore, InvoiceStands, LedgerMoved
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, NotFound, Unavailable

ATTEMPTS: Final = 8
"""How often a movement is decided anew when others of its account come first."""
BILLING: Final = Actor("billing", "billing")
T = TypeVar("T")


def in_turn(store: BillingStore, account_id: str, decide: Callable[[Receivables], T]) -> T:
    """Let `decide` move an account's money: it gets what is owed, and anew each time that it raises LedgerMoved.

    Raises NotFound without the account, Unavailable when others always come first.
    """
    for _ in range(ATTEMPTS):
        try:
            return decide(store.receivables(account_id, consistent=True))
        except LedgerMoved:
            continue
    raise Unavailable("The account is too busy just now; try again.")


@dataclass(frozen=True)
class Invoices:
    """`today` is the calendar day where the desk bills."""

    store: BillingStore
    clock: Clock
    today: Callable[[], date]

    def issue(self, invoice: Invoice, actor: Actor = BILLING, cause: str | None = None) -> StandingInvoice:
        """Bill an account: invoice and ledger entry in one transaction; the same bill again changes nothing.

        Standing credit pays what it can of it at once. It happened at the beginning (UTC) of its day of issue; its own
        id is the cause when no other is given. Returns the invoice as it stands. Raises NotFound without the account,
        Conflict for another currency or another bill under the same id, Unavailable when the account is too busy.
        """

        def decide(before: Receivables) -> StandingInvoice:
            if before.currency != invoice.currency:
                raise Conflict("The invoice is not in the currency of its account.")
            if before.due_minor(invoice.invoice_id):
                raise InvoiceStands(invoice.invoice_id)
            after, booked = before.issued(invoice)
            self.store.issue(booked, book(before, after, _movement(booked, actor, cause), self.clock()))
            return after.standing(booked)

        try:
            return in_turn(self.store, invoice.account_id, decide)
        except InvoiceStands:
            standing = self.get(invoice.invoice_id)
        if not standing.is_same_bill(invoice):
            raise Conflict("Another bill has been issued under this id.")
        return standing

    def get(self, invoice_id: str) -> StandingInvoice:
        """The invoice with what is due of it. Three round trips. Raises NotFound."""
        invoice = self._document(invoice_id)
        return self.store.receivables(invoice.account_id, consistent=True).standing(invoice)

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[StandingInvoice], Item | None]:
        """Invoices of an account, newest first, with what is due of each. Two round trips, one when there is none."""
        found, key = self.store.invoices(account_id, limit, start)
        if not found:
            return [], key
        # Read after the invoices, and as it is: a tail older than a bill would call the bill paid.
        owed = self.store.receivables(account_id, consistent=True)
        return [owed.standing(invoice) for invoice in found], key

    def receivables(self, account_id: str) -> Receivables:
        """What the account owes. Raises NotFound."""
        return self.store.receivables(account_id)

    def _document(self, invoice_id: str) -> Invoice:
        invoice = self.store.invoice(invoice_id)
        if invoice is None:
            raise NotFound
        return invoice


def _movement(invoice: Invoice, actor: Actor, cause: str | None) -> Movement:
    at, of = datetime.combine(invoice.issued_on, time(), UTC), invoice.invoice_id
    return Movement(EntryKind.INVOICE, invoice.total_minor, of, at, cause or of, actor, invoice.tax_minor)


@dataclass(frozen=True)
class Proof:
    """How many entries were read, and the first that does not follow from those before it."""

    entries: int
    difference: Difference | None


@dataclass(frozen=True)
class Ledger:
    """Reads and proves the ledger of an account."""

    store: BillingStore

    def entries(self, account_id: str, limit: int, start: Item | None) -> tuple[list[LedgerEntry], Item | None]:
        """Ledger entries of an account, newest first. One round trip."""
        return self.store.entries(account_id, limit, start)

    def owed(self, account_id: str, currency: str) -> Receivables:
        """What an account that is known to exist owes. One round trip."""
        tail = self.store.tail(account_id)
        return tail.receivables if tail else Receivables(account_id=account_id, currency=currency)

    def check(self, account_id: str) -> Proof:
        """Read the whole ledger as it is and prove it. Raises NotFound without the account."""
        entries = list(self.store.ledger(account_id))
        if not entries:
            self.store.receivables(account_id)
        return Proof(len(entries), verify(entries))


@dataclass(frozen=True)
class Subscriptions:
    store: BillingStore

    def start(self, subscription: Subscription) -> None:
        """Keep a subscription; the same one again changes nothing."""
        self.store.add_subscription(subscription)

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Subscription], Item | None]:
        """Subscriptions of an account."""
        return self.store.subscriptions(account_id, limit, start)
