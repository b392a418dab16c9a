"""The ledger of an account: a chain of balanced entries, each with what is owed after it, and the proof of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pydantic import Field, model_validator

from chalicelib.billing.movements import Book, EntryKind, Movement, Posting
from chalicelib.billing.receivables import LastInvoice, OpenInvoice, Receivables
from chalicelib.billing.suspense import is_suspense
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency

_BALANCE: Final = (Book.RECEIVABLE, Book.SUSPENSE)
"""The books that make a balance: a customer's account stands in the one, a suspense account in the other."""
RETURNS: Final = frozenset({EntryKind.REFUND, EntryKind.DISPUTE_LOST, EntryKind.CREDIT_NOTE_VOIDED})
"""Kinds that may leave more owed than the open invoices say."""


class LedgerEntry(Record):
    """A movement of money, never changed, and what the account owes after it.

    `at` is when it happened, `booked_at` when it was written; `seq` counts the account's entries from one.
    """

    seq: int = Field(ge=1)
    account_id: str
    currency: Currency
    at: Instant
    booked_at: Instant
    entry_kind: EntryKind
    postings: tuple[Posting, ...]
    reference_id: str
    cause: str
    actor: str
    actor_name: str
    balance_minor: int
    open_invoices: tuple[OpenInvoice, ...] = ()
    last_invoice: LastInvoice | None = None

    @property
    def amount_minor(self) -> int:
        """How it changes the balance: above zero more is owed to us, below zero less."""
        return sum(posting.amount_minor for posting in self.postings if posting.book in _BALANCE)

    @property
    def receivables(self) -> Receivables:
        """What the account owes after this entry."""
        return Receivables(**{name: getattr(self, name) for name in Receivables.model_fields})

    @model_validator(mode="after")
    def _balanced(self) -> LedgerEntry:
        if sum(posting.amount_minor for posting in self.postings):
            raise ValueError("the postings do not balance")
        return self


def book(before: Receivables, after: Receivables, movement: Movement, booked_at: datetime) -> LedgerEntry:
    """The entry that takes the account from `before` to `after`. Raises ValueError when the movement does not."""
    entry = LedgerEntry(
        **dict(after), at=movement.at, booked_at=booked_at, entry_kind=movement.kind,
        postings=_placed(movement.postings, after.account_id), reference_id=movement.reference_id,
        cause=movement.cause, actor=movement.actor.subject, actor_name=movement.actor.name,
    )  # fmt: skip
    if wrong := difference(before, entry):
        raise ValueError(f"{wrong.what}: expected {wrong.expected}, found {wrong.found}")
    return entry


def _placed(postings: tuple[Posting, ...], account_id: str) -> tuple[Posting, ...]:
    """As this account books them: what a suspense account holds, gives back or loses was never a receivable."""
    if not is_suspense(account_id):
        return postings
    held = {"book": Book.SUSPENSE}
    return tuple(each.model_copy(update=held) if each.book is Book.RECEIVABLE else each for each in postings)


class Difference(Record):
    """The first entry of a ledger that does not follow from those before it, and in what."""

    seq: int
    what: str
    expected: str
    found: str


def verify(entries: Iterable[LedgerEntry]) -> Difference | None:
    """Prove a whole ledger, oldest entry first; None when it holds."""
    before: Receivables | None = None
    for entry in entries:
        wrong = difference(before or Receivables(account_id=entry.account_id, currency=entry.currency), entry)
        if wrong:
            return wrong
        before = entry.receivables
    return None


def difference(before: Receivables, entry: LedgerEntry) -> Difference | None:
    """What of an entry does not follow from what was owed before it, the most basic fault first."""
    after, amount = entry.receivables, entry.amount_minor
    opened = after.open_minor - before.open_minor
    listed = [invoice.invoice_id for invoice in after.open_invoices]
    dues = [invoice.due_minor for invoice in after.open_invoices]
    alien = _BALANCE[0] if is_suspense(before.account_id) else _BALANCE[1]
    least = after.credit_minor if entry.entry_kind in RETURNS else min(0, before.credit_minor)
    checks = (
        ("seq", before.seq + 1, entry.seq),
        ("account and currency", (before.account_id, before.currency), (entry.account_id, entry.currency)),
        ("sum of postings", 0, sum(posting.amount_minor for posting in entry.postings)),
        ("postings to the other kind of account", 0, sum(posting.book is alien for posting in entry.postings)),
        ("balance", before.balance_minor + amount, entry.balance_minor),
        ("open invoices, each once", sorted(set(listed)), sorted(listed)),
        ("open invoices, each with something due", [max(1, due) for due in dues], dues),
        ("change of what is open, between nothing and the amount", sorted((0, opened, amount))[1], opened),
        ("credit, not below nothing", max(least, after.credit_minor), after.credit_minor),
    )
    for what, expected, found in checks:
        if expected != found:
            return Difference(seq=entry.seq, what=what, expected=str(expected), found=str(found))
    return None
