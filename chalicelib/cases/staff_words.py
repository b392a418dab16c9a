"""News in the words of the desk: the subject of a case, which its customer reads too, and the note for who works on
it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.payments.declines import shown, shown_failure
from chalicelib.payments.news import Fact, News, Topic
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.clock import format_instant
from chalicelib.platform.money import Money, spoken

_SUBJECTS: Final[Mapping[Topic, str]] = {
    Topic.PAYMENT_FAILED: "Payment{of} failed",
    Topic.ACTION_REQUIRED: "Payment{of} waits to be approved",
    Topic.PAYMENT_SUCCEEDED: "Payment{of} received",
    Topic.PAYMENT_UNMATCHED: "Money{of} that belongs to no payment of ours",
    Topic.PAYMENT_MATCHED: "Payer of the money{of} found",
    Topic.PAY_LINK: "Link to pay{of}",
    Topic.REFUND_SUCCEEDED: "Refund{of} made",
    Topic.REFUND_FAILED: "Refund{of} failed",
    Topic.DISPUTE_OPENED: "Payment{of} disputed at the bank",
    Topic.DISPUTE_UPDATED: "Dispute{of} moved on at the bank",
    Topic.DISPUTE_CLOSED: "Dispute{of} decided by the bank",
    Topic.INVOICE_OVERDUE: "Invoice{of} overdue",
    Topic.INVOICE_PAID: "Invoice{of} paid",
    Topic.INVOICE_PAYMENT_FAILED: "Automatic payment{of} of an invoice failed",
    Topic.DEBT_HANDED_OVER: "Invoice{of} not paid after our letters",
    Topic.MANDATE_WITHDRAWN: "Direct debit withdrawn",
    Topic.PLAN_BROKEN: "Payment plan ended with a balance{of}",
    Topic.QUOTE_BROKEN: "Bill{of} is not what the quote of a change said",
    Topic.RECONCILIATION_DIFFERENCE: "Our books differ from Stripe's",
    Topic.USE_LEFT_OVER: "Use{of} of a subscription that has ended is on no bill",
    Topic.UNUSUAL_BILL: "Bill{of} is far above those before it",
}
_NOT_NOTED: Final = frozenset({Fact.URL})
"""A key to a page of the customer's."""


def subject_of(news: News) -> str:
    """One line, fit for the customer's eyes."""
    return _SUBJECTS[news.topic].format(of=f" of {_amount(news)}" if news.amount_minor is not None else "")


def note_of(news: News) -> str:
    """What staff have to know, a line each. Of what failed it says no more than may be told to the customer."""
    lines = [f"{subject_of(news)}.", f"object: {news.object_id}", f"happened: {format_instant(news.at)}"]
    if news.account_id:
        lines.append(f"account: {news.account_id}")
    if news.deadline:
        lines.append(f"deadline: {format_instant(news.deadline)}")
    for name in Fact:
        value = news.fact(name)
        if value and name not in _NOT_NOTED:
            lines.append(f"{name.value.replace('_', ' ')}: {_told(name, value)}")
    return hide_cards("\n".join(lines))


def _told(name: Fact, value: str) -> str | None:
    if name is Fact.DECLINE_CODE:
        return shown(value).code
    return shown_failure(value) if name is Fact.REASON else value


def _amount(news: News) -> str:
    assert news.amount_minor is not None
    assert news.currency is not None
    return spoken(Money(amount_minor=news.amount_minor, currency=news.currency))
