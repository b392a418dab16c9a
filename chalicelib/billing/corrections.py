"""Use cases that take back what was billed: void, write-off and its end, credit note.

Each moves the ledger once, however repeated. Who may do so is for the callers of these to say; each names the actor and
the event or request that caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import LedgerEntry, book
from chalicelib.billing.model import ClosedAs, CreditNote, Invoice, InvoiceStatus, StandingInvoice
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.receivables import Allocation, InvoiceNotOpen, Receivables
from chalicelib.billing.service import in_turn
from chalicelib.billing.store import BillingStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, NotFound

GiveUp = Callable[[Receivables, Invoice], tuple[Receivables, Movement]]
"""How an invoice is given up: from what is owed to what is owed after it, and the movement. Raises InvoiceNotOpen."""


@dataclass(frozen=True)
class Corrections:
    """Each raises NotFound without the invoice, Unavailable when the account is too busy."""

    store: BillingStore
    clock: Clock

    def void(
        self, invoice_id: str, at: datetime, actor: Actor, cause: str, *, paid_too: bool = False
    ) -> StandingInvoice:
        """Annul an open invoice: it is owed no more, and what had been paid of it becomes credit.

        A repeat changes nothing. Raises Conflict when it is written off, and when nothing of it is due, unless a paid
        one is to be annulled too.
        """

        def annulled(before: Receivables, invoice: Invoice) -> tuple[Receivables, Movement]:
            notes = self.store.credit_notes(invoice.account_id, invoice_id)
            billed, tax = _billed(invoice, notes), invoice.tax_minor - sum(n.tax_minor for n in notes if not n.is_void)
            after, _ = before.voided(invoice_id, billed, paid_too=paid_too)
            return after, Movement(EntryKind.INVOICE_VOIDED, billed, invoice_id, at, cause, actor, tax)

        return self._close(invoice_id, InvoiceStatus.VOID, annulled)

    def write_off(
        self, invoice_id: str, at: datetime, actor: Actor, cause: str, *, lost_minor: int | None = None
    ) -> StandingInvoice:
        """Give up on what is due of an open invoice, as bad debt; what was paid stays paid.

        `lost_minor` is what another's books give up: standing credit that paid of it here at issue, and not there,
        is credit again. A repeat changes nothing, also where a refund made some of it due meanwhile: to give that up,
        reinstate first. Raises Conflict when it is void or nothing of it is due.
        """

        def given_up(before: Receivables, invoice: Invoice) -> tuple[Receivables, Movement]:
            unpaid = before.due_minor(invoice_id) + invoice.credit_applied_minor
            after, lost = before.written_off(invoice_id, min(lost_minor, unpaid) if lost_minor and unpaid else None)
            return after, Movement(EntryKind.WRITTEN_OFF, lost, invoice_id, at, cause, actor)

        return self._close(invoice_id, InvoiceStatus.UNCOLLECTIBLE, given_up)

    def reinstate(self, invoice_id: str, at: datetime, actor: Actor, cause: str) -> StandingInvoice:
        """Take a write-off back, because the debt is paid or annulled after all: what was given up is due again.

        Reads the whole ledger. An invoice that is not written off stays as it is.
        """
        account_id = self._invoice(invoice_id).account_id

        def decide(before: Receivables) -> StandingInvoice:
            invoice = self._invoice(invoice_id)
            if invoice.closed_as is not InvoiceStatus.UNCOLLECTIBLE:
                return before.standing(invoice)
            lost = _written_off(self.store.ledger(account_id), invoice_id)
            after, standing = before.reinstated(invoice, lost), invoice.model_copy(update={"closed_as": None})
            movement = Movement(EntryKind.WRITE_OFF_UNDONE, lost, invoice_id, at, cause, actor)
            self.store.close(standing, book(before, after, movement, self.clock()))
            return after.standing(standing)

        return in_turn(self.store, account_id, decide)

    def credit(self, note: CreditNote, actor: Actor, cause: str) -> Receivables:
        """Take back a part of an invoice: less of it is due, and what had been paid of that part becomes credit.

        The same note again changes nothing. Returns what the account owes. Raises Conflict for another note under the
        same id, for an invoice that was given up, and for more than earlier notes left of it.
        """

        def decide(before: Receivables) -> Receivables:
            invoice, notes = self._invoice(note.invoice_id), self.store.credit_notes(note.account_id, note.invoice_id)
            standing = _known(note, notes)
            if standing:
                return _same(standing, note, before)
            if invoice.account_id != note.account_id or invoice.closed_as:
                raise Conflict("The invoice takes no credit note.")
            if note.amount_minor > _billed(invoice, notes):
                raise Conflict("The credit note is over more than is left of the invoice.")
            after, _ = before.credited(note.invoice_id, note.amount_minor)
            movement = _movement(EntryKind.CREDIT_NOTE, note, note.issued_at, actor, cause)
            self.store.credit(note, book(before, after, movement, self.clock()))
            return after

        return in_turn(self.store, note.account_id, decide)

    def withdraw_credit(self, note: CreditNote, at: datetime, actor: Actor, cause: str) -> Receivables:
        """Take a credit note back: unused credit goes first, then its invoice is due again.

        A repeat changes nothing. Returns what the account owes. Raises NotFound when the note was never booked,
        Conflict when the invoice is void: nothing of it can be due.
        """

        def decide(before: Receivables) -> Receivables:
            invoice = self._invoice(note.invoice_id)
            standing = _known(note, self.store.credit_notes(note.account_id, note.invoice_id))
            if standing is None:
                raise NotFound
            if standing.is_void:
                return before
            if invoice.closed_as is InvoiceStatus.VOID:
                raise Conflict("The invoice is void; its credit notes stay.")
            due = {name: getattr(invoice, name) for name in ("invoice_id", "period", "due_on")}
            again = Allocation(**due, amount_minor=standing.amount_minor)
            after, _ = before.refunded(standing.amount_minor, [again])
            movement = _movement(EntryKind.CREDIT_NOTE_VOIDED, standing, at, actor, cause)
            self.store.withdraw(standing, book(before, after, movement, self.clock()))
            return after

        return in_turn(self.store, note.account_id, decide)

    def _close(self, invoice_id: str, status: ClosedAs, give_up: GiveUp) -> StandingInvoice:
        account_id = self._invoice(invoice_id).account_id

        def decide(before: Receivables) -> StandingInvoice:
            invoice = self._invoice(invoice_id)
            if invoice.closed_as is status:
                return before.standing(invoice)
            if invoice.closed_as:
                raise Conflict(f"The invoice was given up as {invoice.closed_as} before.")
            after, movement = give_up(before, invoice)
            closed = invoice.model_copy(update={"closed_as": status})
            self.store.close(closed, book(before, after, movement, self.clock()))
            return after.standing(closed)

        try:
            return in_turn(self.store, account_id, decide)
        except InvoiceNotOpen:
            raise Conflict("Nothing of this invoice is due.") from None

    def _invoice(self, invoice_id: str) -> Invoice:
        invoice = self.store.invoice(invoice_id)
        if invoice is None:
            raise NotFound
        return invoice


def _known(note: CreditNote, notes: Sequence[CreditNote]) -> CreditNote | None:
    return next((each for each in notes if each.credit_note_id == note.credit_note_id), None)


def _written_off(entries: Iterable[LedgerEntry], invoice_id: str) -> int:
    """What the newest write-off of the invoice gave up."""
    own = [entry for entry in entries if entry.reference_id == invoice_id]
    return next(-entry.amount_minor for entry in reversed(own) if entry.entry_kind is EntryKind.WRITTEN_OFF)


def _billed(invoice: Invoice, notes: Sequence[CreditNote]) -> int:
    return invoice.total_minor - sum(note.amount_minor for note in notes if not note.is_void)


def _movement(kind: EntryKind, note: CreditNote, at: datetime, actor: Actor, cause: str) -> Movement:
    return Movement(kind, note.amount_minor, note.credit_note_id, at, cause, actor, note.tax_minor)


def _same(standing: CreditNote, note: CreditNote, owed: Receivables) -> Receivables:
    if (standing.amount_minor, standing.tax_minor) != (note.amount_minor, note.tax_minor):
        raise Conflict("Another credit note has been issued under this id.")
    return owed
