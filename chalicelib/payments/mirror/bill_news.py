"""What is told of the invoices that Stripe collects. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.model import StandingInvoice
from chalicelib.payments.handling import Fact
from chalicelib.payments.model import foreign_payment_id
from chalicelib.payments.news import Fact as Word
from chalicelib.payments.news import News, Starter, Topic
from chalicelib.payments.telling import difference_news


def failed(bill: StripeBill, account_id: str, attempt: int, code: str | None, fact: Fact) -> News:
    """An automatic payment did not go through; each attempt is news of its own."""
    words = _words(bill) | ({Word.DECLINE_CODE: code} if code else {})
    return _news(Topic.INVOICE_PAYMENT_FAILED, bill.invoice_id, bill, account_id, fact, str(attempt), words)


def action_required(bill: StripeBill, account_id: str, attempt: int, intent_id: str | None, fact: Fact) -> News:
    """The customer has to approve an automatic payment; what comes of it lands on the same case."""
    object_id = foreign_payment_id(intent_id) if intent_id else bill.invoice_id
    words = _words(bill) | {Word.STARTED_BY: Starter.DESK.value}
    return _news(Topic.ACTION_REQUIRED, object_id, bill, account_id, fact, str(attempt), words)


def overdue(invoice: StandingInvoice, fact: Fact) -> News:
    """The same news as that of the desk's own calendar, whichever comes first."""
    return News(
        topic=Topic.INVOICE_OVERDUE,
        object_id=invoice.invoice_id,
        at=_instant(fact.at),
        account_id=invoice.account_id,
        amount_minor=invoice.due_minor,
        currency=invoice.currency,
        facts={Word.DUE_ON: invoice.due_on.isoformat()},
    )


def settled(bill: StripeBill, account_id: str) -> News:
    """Nothing is due of an invoice that no payment paid."""
    return News(topic=Topic.INVOICE_PAID, object_id=bill.invoice_id, at=_instant(bill.paid_at), account_id=account_id)


def differs(object_id: str, account_id: str | None, at: int, expected: str, found: str) -> News:
    """Our books cannot follow Stripe here: somebody has to look."""
    return difference_news(object_id, account_id, _instant(at), {Word.EXPECTED: expected, Word.FOUND: found})


def _news(
    topic: Topic, object_id: str, bill: StripeBill, account_id: str, fact: Fact, occasion: str, words: dict[Word, str]
) -> News:
    return News(
        topic=topic,
        object_id=object_id,
        at=_instant(fact.at),
        occasion=occasion,
        account_id=account_id,
        amount_minor=bill.amount_remaining,
        currency=bill.currency.upper(),
        facts=words,
    )


def _words(bill: StripeBill) -> dict[Word, str]:
    words = {Word.INVOICE_NUMBER: bill.number, Word.URL: bill.hosted_invoice_url}
    return {word: text for word, text in words.items() if text}


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
