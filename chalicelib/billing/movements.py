"""What moves money: the books of double entry, the kinds of entries, and what of each stands on which side. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.audit.model import Actor
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Minor


class Book(StrEnum):
    """A book of double entry. Above zero is a debit, below zero a credit.

    Each ledger balances by itself; what goes from one to another passes `transfer`, which is zero over all of them.
    """

    RECEIVABLE = "receivable"
    CASH = "cash"
    REVENUE = "revenue"
    TAX = "tax"
    DISPUTED = "disputed"
    BAD_DEBT = "bad_debt"
    SUSPENSE = "suspense"
    TRANSFER = "transfer"


class EntryKind(StrEnum):
    """What moved money. Opening and winning a dispute leaves what the customer owes as it is; losing it does not."""

    INVOICE = "invoice"
    INVOICE_VOIDED = "invoice_voided"
    WRITTEN_OFF = "written_off"
    WRITE_OFF_UNDONE = "write_off_undone"
    CREDIT_NOTE = "credit_note"
    CREDIT_NOTE_VOIDED = "credit_note_voided"
    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    APPEAL_WON = "appeal_won"
    SUSPENSE_TAKEN = "suspense_taken"
    SUSPENSE_RELEASED = "suspense_released"
    PAYMENT_MATCHED = "payment_matched"


K = EntryKind
_SIDES: Final = {
    K.INVOICE: (Book.RECEIVABLE, Book.REVENUE),
    K.INVOICE_VOIDED: (Book.REVENUE, Book.RECEIVABLE),
    K.WRITTEN_OFF: (Book.BAD_DEBT, Book.RECEIVABLE),
    K.WRITE_OFF_UNDONE: (Book.RECEIVABLE, Book.BAD_DEBT),
    K.CREDIT_NOTE: (Book.REVENUE, Book.RECEIVABLE),
    K.CREDIT_NOTE_VOIDED: (Book.RECEIVABLE, Book.REVENUE),
    K.PAYMENT: (Book.CASH, Book.RECEIVABLE),
    K.REFUND: (Book.RECEIVABLE, Book.CASH),
    K.REFUND_FAILED: (Book.CASH, Book.RECEIVABLE),
    K.DISPUTE_OPENED: (Book.DISPUTED, Book.CASH),
    K.DISPUTE_WON: (Book.CASH, Book.DISPUTED),
    K.DISPUTE_LOST: (Book.RECEIVABLE, Book.DISPUTED),
    K.APPEAL_WON: (Book.CASH, Book.RECEIVABLE),
    K.SUSPENSE_TAKEN: (Book.CASH, Book.SUSPENSE),
    K.SUSPENSE_RELEASED: (Book.SUSPENSE, Book.TRANSFER),
    K.PAYMENT_MATCHED: (Book.TRANSFER, Book.RECEIVABLE),
}
"""The debited and the credited book of each kind; of what goes to or comes from revenue, tax has its own book."""


class Posting(Record):
    """One side of an entry."""

    book: Book
    amount_minor: Minor


@dataclass(frozen=True)
class Movement:
    """What is to be booked: the amount in minor units, of which `tax_minor` is tax, and when it happened.

    `reference_id` is the invoice, payment, refund, dispute or credit note; `cause` the event or request behind it.
    """

    kind: EntryKind
    amount_minor: int
    reference_id: str
    at: datetime
    cause: str
    actor: Actor
    tax_minor: int = 0

    @property
    def postings(self) -> tuple[Posting, ...]:
        """The balanced sides of the entry; books that get nothing are left out."""
        debit, credit = _SIDES[self.kind]
        sums = {debit: self.amount_minor, credit: -self.amount_minor}
        if Book.REVENUE in sums:
            tax = self.tax_minor if debit is Book.REVENUE else -self.tax_minor
            sums |= {Book.REVENUE: sums[Book.REVENUE] - tax, Book.TAX: tax}
        return tuple(Posting(book=book, amount_minor=minor) for book, minor in sums.items() if minor)
