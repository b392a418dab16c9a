"""Books what paid an invoice of Stripe's: intents that Stripe collected, and money that it was told of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.billing.ledger import book
from chalicelib.billing.mirror_bill import BillPayment, StripeBill
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.store import BillingStore
from chalicelib.billing.suspense import is_suspense
from chalicelib.payments.handling import Objects
from chalicelib.payments.intents import STRIPE
from chalicelib.payments.model import Payment, PaymentStatus, foreign_payment_id
from chalicelib.payments.news import Newsroom
from chalicelib.payments.rows import Stands, until_first
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.telling import receipt_news
from chalicelib.platform.clock import Clock


@dataclass(frozen=True)
class BillPayments:
    payments: PaymentStore
    ledger: BillingStore
    stripe: Objects
    newsroom: Newsroom
    clock: Clock

    def unbooked(self, bill: StripeBill, account_id: str, paid_by: str | None = None) -> list[Payment]:
        """Payments of the bill that have no row yet, and are not the desk's own: those the news of their intents book.

        `paid_by` is an intent known to have succeeded, though the bill may not count it: its news came first, or the
        bill was given up while its bank took its time. Two round trips a payment, and one to Stripe for a new one.
        Raises Unavailable.
        """
        found = []
        for part in _paid(bill, paid_by):
            intent_id = part.intent_id or ""
            if self.payments.get(foreign_payment_id(intent_id), consistent=True):
                continue
            intent = self.stripe.read("payment_intent", intent_id) or {}
            minor = intent.get("amount_received") or part.amount_paid or 0
            if minor and not self._is_ours(intent):
                at = part.status_transitions.paid_at or _charged_at(intent) or bill.issued_at
                found.append(_payment(foreign_payment_id(intent_id), bill, account_id, minor, at, intent_id))
        if bill.told_minor > 0 and not self.payments.get(_told_id(bill), consistent=True):
            found.append(_payment(_told_id(bill), bill, account_id, bill.told_minor, bill.paid_at))
        return found

    def book(self, payment: Payment, invoice_id: str, cause: str) -> None:
        """Book it to this invoice and no other, exactly once, and tell of it. Raises Unavailable."""
        with suppress(Stands):
            until_first(lambda: self._kept(payment, invoice_id, cause))
        self._tell(payment.payment_id)

    def has_booked(self, intent_id: str) -> bool:
        """Whether the money of an intent that the desk did not begin is in the books. Two round trips."""
        payment = self.payments.get(foreign_payment_id(intent_id), consistent=True)
        return payment is not None and payment.status is PaymentStatus.SUCCEEDED

    def tell(self, bill: StripeBill) -> bool:
        """Tell of every booked payment of the bill, also when a crash kept that unsaid; whether there is any."""
        ids = [foreign_payment_id(part.intent_id or "") for part in _paid(bill)]
        told = [self._tell(payment_id) for payment_id in (*ids, _told_id(bill))]
        return any(told)

    def _tell(self, payment_id: str) -> bool:
        payment = self.payments.get(payment_id, consistent=True)
        if payment is None or payment.status is not PaymentStatus.SUCCEEDED or is_suspense(payment.account_id):
            return False
        self.newsroom.tell(receipt_news(payment, self.ledger.receivables(payment.account_id, consistent=True)))
        return True

    def _kept(self, payment: Payment, invoice_id: str, cause: str) -> None:
        before = self.ledger.receivables(payment.account_id, consistent=True)
        minor = payment.amount_minor
        if payment.payment_intent_id is None:
            # That somebody called it paid is no proof of money beyond what no payment of ours has paid.
            invoice = self.ledger.invoice(invoice_id)
            credit = invoice.credit_applied_minor if invoice else 0
            minor = min(minor, before.due_minor(invoice_id) + credit)
        if not minor:
            return
        after, allocations = before.paid(minor, [invoice_id], only=True)
        settled = payment.model_copy(update={"amount_minor": minor, "allocations": allocations})
        at = payment.settled_at or payment.created_at
        movement = Movement(EntryKind.PAYMENT, minor, payment.payment_id, at, cause, STRIPE)
        self.payments.receive(settled, book(before, after, movement, self.clock()))

    def _is_ours(self, intent: dict[str, Any]) -> bool:
        named = (intent.get("metadata") or {}).get("payment_id")
        return bool(named and self.payments.get(named, consistent=True))


def _paid(bill: StripeBill, known: str | None = None) -> Iterator[BillPayment]:
    parts = (part for part in bill.payments.data if part.intent_id)
    return (part for part in parts if part.status == "paid" or part.intent_id == known)


def _charged_at(intent: dict[str, Any]) -> int | None:
    charge = intent.get("latest_charge")
    return charge.get("created") if isinstance(charge, dict) else None


def _told_id(bill: StripeBill) -> str:
    return f"pay_{bill.id}_oob"


def _payment(
    payment_id: str, bill: StripeBill, account_id: str, amount_minor: int, at: int, intent_id: str | None = None
) -> Payment:
    when = datetime.fromtimestamp(at, UTC)
    return Payment(
        payment_id=payment_id,
        account_id=account_id,
        amount_minor=amount_minor,
        currency=bill.currency.upper(),
        status=PaymentStatus.SUCCEEDED,
        invoice_ids=(bill.invoice_id,),
        payment_intent_id=intent_id,
        off_session=True,
        as_of=at,
        taken_by=STRIPE.subject,
        taken_by_name=STRIPE.name,
        created_at=when,
        settled_at=when,
    )
