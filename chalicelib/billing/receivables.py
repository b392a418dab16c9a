"""What an account owes, and how each movement of money changes it. Pure: each move returns the account after it.

The law of every move: `balance = open invoices - credit`. Who owes more gets no credit by it, who owes less loses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.billing.model import Invoice, InvoiceStatus, Period, StandingInvoice
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor


class InvoiceNotOpen(Exception):
    """Nothing of this invoice is due."""


class OpenInvoice(Record):
    """An invoice of which `due_minor`, above zero, is still to be paid."""

    invoice_id: str
    period: Period
    due_on: date
    due_minor: Minor


class LastInvoice(Record):
    """The newest bill in few words, so that a call screen needs no further read.

    `before_minor` is the total of the newest bill before it, None when there was none.
    """

    invoice_id: str
    number: str
    period: Period
    issued_on: date
    due_on: date
    total_minor: Minor
    before_minor: Minor | None = None


class Allocation(Record):
    """The part of a payment that pays one invoice, with all that it takes to open that invoice again."""

    invoice_id: str
    period: Period
    due_on: date
    amount_minor: Minor


class Receivables(Record):
    """What an account owes after `seq` ledger entries; above zero the customer owes, below zero we do."""

    account_id: str
    currency: Currency
    seq: int = 0
    balance_minor: int = 0
    open_invoices: tuple[OpenInvoice, ...] = ()
    last_invoice: LastInvoice | None = None

    @property
    def open_minor(self) -> int:
        return sum(invoice.due_minor for invoice in self.open_invoices)

    @property
    def credit_minor(self) -> int:
        """Money of the customer that pays no invoice yet.

        Below zero only after money went back that can open no invoice again: that much is owed on no invoice.
        """
        return self.open_minor - self.balance_minor

    def overdue_minor(self, today: date) -> int:
        """What should have been paid before `today`, less credit; what is owed on no invoice is due at once."""
        late = sum(invoice.due_minor for invoice in self.open_invoices if invoice.due_on < today)
        return max(0, late - self.credit_minor)

    def due_minor(self, invoice_id: str) -> int:
        """What is still to be paid of an invoice; zero when it is not open."""
        return sum(invoice.due_minor for invoice in self.open_invoices if invoice.invoice_id == invoice_id)

    def standing(self, invoice: Invoice) -> StandingInvoice:
        """The invoice with what is due of it now. It is open exactly while something is."""
        due = self.due_minor(invoice.invoice_id)
        status = InvoiceStatus.OPEN if due else invoice.closed_as or InvoiceStatus.PAID
        return StandingInvoice(**dict(invoice), due_minor=due, status=status, version=max(1, self.seq))

    def payable(self, chosen: Sequence[str] = ()) -> list[OpenInvoice]:
        """The open invoices in the order in which money pays them: the chosen ones first, then the oldest."""
        rank = {invoice_id: place for place, invoice_id in enumerate(chosen)}
        return sorted(
            self.open_invoices, key=lambda each: (rank.get(each.invoice_id, len(rank)), each.due_on, each.invoice_id)
        )

    def noted(self) -> Receivables:
        """After an entry that leaves what is owed as it is."""
        return self._moved(0, self.open_invoices)

    def issued(self, invoice: Invoice) -> tuple[Receivables, Invoice]:
        """After this bill, and the bill with the standing credit that paid its part of it at once."""
        used = max(0, min(self.credit_minor, invoice.total_minor))
        booked = invoice.model_copy(update={"credit_applied_minor": used})
        due = {name: getattr(booked, name) for name in ("invoice_id", "period", "due_on")}
        opened = [OpenInvoice(**due, due_minor=invoice.total_minor - used)] if invoice.total_minor > used else []
        after = self._moved(invoice.total_minor, (*self.open_invoices, *opened))
        if self.last_invoice is None or self.last_invoice.issued_on <= booked.issued_on:
            after = after.model_copy(update={"last_invoice": self._newest(booked)})
        return after, booked

    def paid(
        self, amount_minor: int, chosen: Sequence[str] = (), *, only: bool = False
    ) -> tuple[Receivables, tuple[Allocation, ...]]:
        """After a payment, and its spread: chosen invoices in their order, then the others, oldest first.

        `only`: no others. What no invoice needs stays as credit; a chosen invoice that is not open takes nothing.
        """
        payable = [each for each in self.payable(chosen) if not only or each.invoice_id in chosen]
        parts = allocate(amount_minor, payable)
        taken = {part.invoice_id: part.amount_minor for part in parts}
        return self._moved(-amount_minor, self._reduced(taken)), parts

    def refunded(
        self, amount_minor: int, allocations: Sequence[Allocation]
    ) -> tuple[Receivables, tuple[Allocation, ...]]:
        """After money of a payment went back (a refund, a lost dispute), and which of its allocations that undid.

        Unused credit is taken first, then the allocations are undone, the last one first, each up to its amount: give
        those that still stand, less what was undone before. What is left after both is owed on no invoice.
        """
        left = amount_minor - max(0, min(self.credit_minor, amount_minor))
        undone: list[Allocation] = []
        for part in reversed(allocations):
            if back := min(left, part.amount_minor):
                undone.append(part.model_copy(update={"amount_minor": back}))
                left -= back
        return self._moved(amount_minor, self._reopened(undone)), tuple(undone)

    def credited(self, invoice_id: str, amount_minor: int) -> tuple[Receivables, int]:
        """After a credit note, and how much of it what was due of its invoice took; the rest is credit."""
        taken = min(amount_minor, self.due_minor(invoice_id))
        return self._moved(-amount_minor, self._reduced({invoice_id: taken})), taken

    def voided(self, invoice_id: str, billed_minor: int, *, paid_too: bool = False) -> tuple[Receivables, int]:
        """After an open invoice was annulled, and how much of it was due; what had been paid of it becomes credit.

        `billed_minor` is its total less its credit notes; what is due above that, because credit that it gave was spent
        elsewhere, stays due. Raises InvoiceNotOpen, unless one that is paid is to be annulled too; a bill that gave
        credit is never open, and the credit may be spent.
        """
        if billed_minor < 0:
            raise InvoiceNotOpen(invoice_id)
        due = min(self.due_minor(invoice_id) if paid_too else self._open(invoice_id), billed_minor)
        return self._moved(-billed_minor, self._reduced({invoice_id: due})), due

    def written_off(self, invoice_id: str, lost_minor: int | None = None) -> tuple[Receivables, int]:
        """After giving up on an open invoice, and what was given up: what was due of it, unless it is said how much.

        What was paid stays; what is given up beyond what is due becomes credit. Raises InvoiceNotOpen.
        """
        lost = self._open(invoice_id) if lost_minor is None else lost_minor
        return self._moved(-lost, self._reduced({invoice_id: min(lost, self.due_minor(invoice_id))})), lost

    def reinstated(self, invoice: Invoice, amount_minor: int) -> Receivables:
        """After so much of an invoice that was written off is due again."""
        named = {name: getattr(invoice, name) for name in ("invoice_id", "period", "due_on")}
        return self._moved(amount_minor, self._reopened([Allocation(**named, amount_minor=amount_minor)]))

    def _newest(self, invoice: Invoice) -> LastInvoice:
        billed = {name: getattr(invoice, name) for name in LastInvoice.model_fields if name in Invoice.model_fields}
        return LastInvoice(**billed, before_minor=self.last_invoice.total_minor if self.last_invoice else None)

    def _open(self, invoice_id: str) -> int:
        if not (due := self.due_minor(invoice_id)):
            raise InvoiceNotOpen(invoice_id)
        return due

    def _moved(self, amount_minor: int, invoices: Sequence[OpenInvoice]) -> Receivables:
        moved = {"balance_minor": self.balance_minor + amount_minor, "open_invoices": tuple(invoices)}
        return self.model_copy(update={**moved, "seq": self.seq + 1})

    def _reduced(self, taken: dict[str, int]) -> list[OpenInvoice]:
        left = [(invoice, invoice.due_minor - taken.get(invoice.invoice_id, 0)) for invoice in self.open_invoices]
        return [invoice.model_copy(update={"due_minor": due}) for invoice, due in left if due]

    def _reopened(self, parts: Iterable[Allocation]) -> list[OpenInvoice]:
        listed = {invoice.invoice_id: invoice for invoice in self.open_invoices}
        for part in parts:
            standing = listed.get(part.invoice_id)
            due = part.amount_minor + (standing.due_minor if standing else 0)
            listed[part.invoice_id] = OpenInvoice(**part.model_dump(exclude={"amount_minor"}), due_minor=due)
        return list(listed.values())


def allocate(amount_minor: int, invoices: Iterable[OpenInvoice]) -> tuple[Allocation, ...]:
    """Pay invoices one after the other, each in full before the next, until the amount is used up."""
    left, parts = amount_minor, []
    for invoice in invoices:
        part = min(left, invoice.due_minor)
        if part <= 0:
            break
        parts.append(Allocation(**invoice.model_dump(exclude={"due_minor"}), amount_minor=part))
        left -= part
    return tuple(parts)
