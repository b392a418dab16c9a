"""Follows Stripe's invoices, what pays them and what takes them back, and tells who has to hear."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.billing.mirror_bill import BillStatus, StripeBill
from chalicelib.billing.mirror_shapes import Unmirrorable, id_of
from chalicelib.payments.events import Unreadable
from chalicelib.payments.handling import Fact
from chalicelib.payments.markers import Outcome
from chalicelib.payments.mirror import bill_news
from chalicelib.payments.mirror.accounts import CustomerAccounts
from chalicelib.payments.mirror.bill_books import BillBooks
from chalicelib.payments.mirror.bill_followers import BillFollower, DraftFollower
from chalicelib.payments.mirror.reading import read_as
from chalicelib.payments.news import Newsroom
from chalicelib.platform.errors import Conflict, NotFound

_PAID: Final = frozenset({"invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid"})
_FAILED: Final = "invoice.payment_failed"
_ACTION: Final = "invoice.payment_action_required"
_OVERDUE: Final = "invoice.overdue"
_DRAFTED: Final = frozenset({"invoice.created", "invoice.updated"})
_CREDIT: Final = frozenset({"credit_note.created", "credit_note.updated", "credit_note.voided"})
_FOLLOWED: Final = frozenset(
    {
        "invoice.finalized",
        "invoice.voided",
        "invoice.marked_uncollectible",
        _FAILED,
        _ACTION,
        _OVERDUE,
        *_PAID,
        *_CREDIT,
    }
)
"""The types that move a bill; drafts, previews and mails of Stripe's move nothing."""


@dataclass(frozen=True)
class Bills:
    accounts: CustomerAccounts
    books: BillBooks
    newsroom: Newsroom
    followers: tuple[BillFollower, ...] = ()
    drafts: tuple[DraftFollower, ...] = ()

    def apply(self, fact: Fact) -> Outcome:
        """Handle `invoice.*`, `invoice_payment.*` and `credit_note.*`. Raises Unreadable, Unavailable."""
        if fact.type in _DRAFTED:
            return self._drafted(fact)
        if fact.type not in _FOLLOWED:
            return Outcome.NOTED
        stripe_id = id_of(fact.object.get("id" if fact.type.startswith("invoice.") else "invoice"))
        if stripe_id is None:
            raise Unreadable("not an object of an invoice")
        return self._followed(stripe_id, fact)

    def follow(self, stripe_id: str, cause: str, paid_by: str) -> Outcome:
        """Bring the books to where an invoice is now, because this intent has paid it. Raises Unavailable.

        UNMATCHED when the money is not booked by that: there is no such bill, or our books cannot follow it.
        """
        with suppress(Unreadable):
            self._followed(stripe_id, Fact("invoice_payment.paid", cause, 0, {}), paid_by)
        return Outcome.APPLIED if self.books.paying.has_booked(paid_by) else Outcome.UNMATCHED

    def _drafted(self, fact: Fact) -> Outcome:
        """What is added to a draft changes it, so those who add hear of it again; they have nothing to add then."""
        stripe_id = id_of(fact.object.get("id"))
        if not self.drafts or fact.object.get("status") != BillStatus.DRAFT or stripe_id is None:
            return Outcome.NOTED
        found = self.books.stripe.read("invoice", stripe_id)
        customer_id = id_of(found.get("customer")) if found and found.get("status") == BillStatus.DRAFT else None
        account_id = self.accounts.account_of(customer_id) if customer_id else None
        if found is None or account_id is None:
            return Outcome.NOTED
        for follower in self.drafts:
            follower.drafted(account_id, found)
        return Outcome.APPLIED

    def _followed(self, stripe_id: str, fact: Fact, paid_by: str | None = None) -> Outcome:
        found = self.books.stripe.read("invoice", stripe_id)
        bill = read_as(StripeBill, found) if found else None
        if bill is None or bill.status in (None, BillStatus.DRAFT):
            return Outcome.NOTED
        account_id = self.accounts.account_of(bill.customer_id) if bill.customer_id else None
        if account_id is None:
            return Outcome.UNMATCHED
        try:
            notes = self.books.bring_up(bill, account_id, fact.cause, credited=fact.type in _CREDIT, paid_by=paid_by)
        except (Unmirrorable, Conflict, NotFound) as error:
            self.newsroom.tell(
                bill_news.differs(
                    bill.invoice_id, account_id, bill.issued_at, "an invoice as Stripe has it", str(error)
                )
            )
            return Outcome.UNMATCHED
        for note in notes:
            if note.out_of_band_amount and not note.is_void:
                said = f"{note.out_of_band_amount} in minor units given back outside of Stripe"
                self.newsroom.tell(bill_news.differs(note.id, account_id, note.created, "a refund of it", said))
        self._tell(bill, account_id, fact)
        if self.followers and fact.type not in _CREDIT:
            standing = self.books.invoices.get(bill.invoice_id)
            for follower in self.followers:
                follower.issued(standing, bill)
        return Outcome.APPLIED

    def _tell(self, bill: StripeBill, account_id: str, fact: Fact) -> None:
        invoice, attempt = self.books.invoices.get(bill.invoice_id), int(fact.object.get("attempt_count") or 0)
        if fact.type in _PAID and not self.books.paying.tell(bill) and not invoice.due_minor:
            self.newsroom.tell(bill_news.settled(bill, account_id))
        if bill.status is not BillStatus.OPEN:
            return
        if fact.type == _FAILED:
            code = _decline_code(self._open_intent(bill))
            self.newsroom.tell(bill_news.failed(bill, account_id, attempt, code, fact))
        elif fact.type == _ACTION:
            self.newsroom.tell(bill_news.action_required(bill, account_id, attempt, _open_intent_id(bill), fact))
        elif fact.type == _OVERDUE and invoice.due_minor:
            self.newsroom.tell(bill_news.overdue(invoice, fact))

    def _open_intent(self, bill: StripeBill) -> dict[str, Any]:
        intent_id = _open_intent_id(bill)
        return (self.books.stripe.read("payment_intent", intent_id) if intent_id else None) or {}


def _open_intent_id(bill: StripeBill) -> str | None:
    waiting = [part.intent_id for part in bill.payments.data if part.status == "open"]
    return waiting[-1] if waiting else None


def _decline_code(intent: dict[str, Any]) -> str | None:
    error = intent.get("last_payment_error") or {}
    code = error.get("decline_code") or error.get("code")
    return str(code) if code else None
