"""What an account owes, the ledger that says why, and how a payment is spread over open invoices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from pydantic import Field

from chalicelib.billing.model import Invoice, InvoiceStatus, Period
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor

MOST_PAID_AT_ONCE = 90
"""Invoices that one payment pays at most: they are written in one transaction, which takes 100 writes."""


class OpenInvoice(Record):
    """An unpaid invoice as the account head lists it."""

    invoice_id: str
    period: Period
    due_on: date
    due_minor: Minor


class LastInvoice(Record):
    """The newest bill as the account head shows it, so that a call screen needs no further read."""

    invoice_id: str
    number: str
    period: Period
    issued_on: date
    due_on: date
    total_minor: Minor


class Allocation(Record):
    """The part of a payment that pays one invoice."""

    invoice_id: str
    amount_minor: Minor


class EntryKind(StrEnum):
    INVOICE = "invoice"
    PAYMENT = "payment"


class LedgerEntry(Record):
    """A movement of the balance; never changed. `amount_minor` above zero is owed to us, below zero is paid to us."""

    entry_id: str
    account_id: str
    at: Instant
    entry_kind: EntryKind
    amount_minor: Minor
    currency: Currency
    reference_id: str = Field(description="The invoice or payment that moved the balance.")


class Receivables(Record):
    """What an account owes: `balance = open invoices - credit`, always. `ledger_version` grows with each entry."""

    account_id: str
    currency: Currency
    balance_minor: int = 0
    open_invoices: tuple[OpenInvoice, ...] = ()
    last_invoice: LastInvoice | None = None
    ledger_version: int = 0

    @property
    def credit_minor(self) -> int:
        """Money of the customer that pays no invoice yet."""
        return sum(invoice.due_minor for invoice in self.open_invoices) - self.balance_minor

    def overdue_minor(self, today: date) -> int:
        """What should have been paid before `today`, less credit."""
        late = sum(invoice.due_minor for invoice in self.open_invoices if invoice.due_on < today)
        return max(0, late - self.credit_minor)

    def issued(self, invoice: Invoice) -> tuple[Receivables, Invoice]:
        """The account after this bill, and the bill after standing credit has paid what it can of it."""
        used = max(0, min(self.credit_minor, invoice.total_minor))
        due = max(0, invoice.total_minor - used)
        status = InvoiceStatus.OPEN if due else InvoiceStatus.PAID
        booked = invoice.model_copy(update={"credit_applied_minor": used, "due_minor": due, "status": status})
        head = {name: getattr(booked, name) for name in LastInvoice.model_fields}
        newest = self.last_invoice is None or self.last_invoice.issued_on <= booked.issued_on
        listed = OpenInvoice(invoice_id=booked.invoice_id, period=booked.period, due_on=booked.due_on, due_minor=due)
        after = self.model_copy(
            update={
                "balance_minor": self.balance_minor + invoice.total_minor,
                "open_invoices": (*self.open_invoices, listed) if due else self.open_invoices,
                "last_invoice": LastInvoice(**head) if newest else self.last_invoice,
                "ledger_version": self.ledger_version + 1,
            }
        )
        return after, booked

    def paid(self, amount_minor: int, chosen: Sequence[str] = ()) -> tuple[Receivables, tuple[Allocation, ...]]:
        """The account after a payment, and its spread over the chosen invoices in their order, else oldest first.

        What those invoices do not need stays as credit; a chosen invoice that is no longer open takes nothing.
        """
        allocations = allocate(amount_minor, self.payable(chosen)[:MOST_PAID_AT_ONCE])
        taken = {part.invoice_id: part.amount_minor for part in allocations}
        left = [
            invoice.model_copy(update={"due_minor": invoice.due_minor - taken.get(invoice.invoice_id, 0)})
            for invoice in self.open_invoices
        ]
        after = {
            "balance_minor": self.balance_minor - amount_minor,
            "open_invoices": tuple(invoice for invoice in left if invoice.due_minor),
            "ledger_version": self.ledger_version + 1,
        }
        return self.model_copy(update=after), allocations

    def payable(self, chosen: Sequence[str] = ()) -> list[OpenInvoice]:
        """The open invoices a payment goes to, in order."""
        if not chosen:
            return sorted(self.open_invoices, key=lambda invoice: (invoice.due_on, invoice.invoice_id))
        by_id = {invoice.invoice_id: invoice for invoice in self.open_invoices}
        return [by_id[invoice_id] for invoice_id in chosen if invoice_id in by_id]


def allocate(amount_minor: int, invoices: Iterable[OpenInvoice]) -> tuple[Allocation, ...]:
    """Pay invoices one after the other, each in full before the next, until the amount is used up."""
    left, parts = amount_minor, []
    for invoice in invoices:
        part = min(left, invoice.due_minor)
        if part <= 0:
            break
        parts.append(Allocation(invoice_id=invoice.invoice_id, amount_minor=part))
        left -= part
    return tuple(parts)
