"""What follows from news of money: one row a topic. The rows are the desk's policy; `VERSION` is kept with each
decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.cases.model import Priority, Queue, Resolution
from chalicelib.payments.news import Fact, News, Starter, Topic

VERSION: Final = "2026-11-22"


class Matter(StrEnum):
    """What a case of the desk's own is about; with the object's id it names the case."""

    PAYMENT = "payment"
    MONEY = "money"
    REFUND = "refund"
    DISPUTE = "dispute"
    INVOICE = "invoice"
    METHOD = "method"
    PLAN = "plan"
    QUOTE = "quote"
    USE = "use"
    WARNING = "warning"
    BOOKS = "books"


@dataclass(frozen=True)
class Opening:
    """The case that bad news opens, or takes up again. It is due `within` this time, or `ahead` of the news' deadline.

    Where the customer can mend the matter, `within` is the time they get before somebody looks. A case that is not
    `for_customer` does not stand among the account's: its notes name the account."""

    category: str
    queue: Queue = Queue.BILLING
    priority: Priority = Priority.NORMAL
    within: timedelta = timedelta(days=3)
    ahead: timedelta = timedelta()
    for_customer: bool = True

    def due_at(self, news: News, now: datetime) -> datetime:
        return max(now, news.deadline - self.ahead) if news.deadline else now + self.within


@dataclass(frozen=True)
class Rule:
    """What news does to the case of its matter: opens it (`opening`), ends it (`settles`), or else is noted if there is
    one. `mail`: the customer is told. `unless`: success of the same object that came first leaves nothing to open."""

    matter: Matter
    opening: Opening | None = None
    settles: Resolution | None = None
    mail: bool = True
    unless: Topic | None = None


_FAILED_PAYMENT: Final = Opening("failed_payment", Queue.PAYMENTS)
_DEBT: Final = Opening("late_payment")
_CHARGEBACK: Final = Opening(
    "chargeback", Queue.FINANCE, Priority.HIGH, within=timedelta(days=1), ahead=timedelta(days=2)
)
_UNEXPLAINED: Final = Opening(
    "unexplained_money", Queue.FINANCE, Priority.HIGH, within=timedelta(days=1), for_customer=False
)
_PAID: Final = Resolution(reason="failed_payment", outcome="paid", root_cause="payment_declined")
_EXPLAINED: Final = Resolution(reason="unexplained_money", outcome="matched", root_cause="payer_not_named")
_DISPUTE_OVER: Final = Resolution(reason="chargeback", outcome="decided_by_bank", root_cause="disputed_by_customer")

RULES: Final[Mapping[Topic, Rule]] = {
    Topic.PAYMENT_FAILED: Rule(Matter.PAYMENT, _FAILED_PAYMENT, unless=Topic.PAYMENT_SUCCEEDED),
    Topic.ACTION_REQUIRED: Rule(Matter.PAYMENT),
    Topic.PAYMENT_SUCCEEDED: Rule(Matter.PAYMENT, settles=_PAID),
    Topic.PAY_LINK: Rule(Matter.PAYMENT),
    Topic.PAYMENT_UNMATCHED: Rule(Matter.MONEY, _UNEXPLAINED, mail=False),
    Topic.PAYMENT_MATCHED: Rule(Matter.MONEY, settles=_EXPLAINED, mail=False),
    Topic.REFUND_SUCCEEDED: Rule(Matter.REFUND),
    Topic.REFUND_FAILED: Rule(
        Matter.REFUND, Opening("failed_refund", Queue.PAYMENTS, Priority.HIGH, within=timedelta(days=1))
    ),
    Topic.DISPUTE_OPENED: Rule(Matter.DISPUTE, _CHARGEBACK),
    Topic.DISPUTE_UPDATED: Rule(Matter.DISPUTE, mail=False),
    Topic.DISPUTE_CLOSED: Rule(Matter.DISPUTE, settles=_DISPUTE_OVER),
    # Collections asks for late money, letter by letter, and says when a person has to go on.
    Topic.INVOICE_OVERDUE: Rule(Matter.INVOICE, mail=False),
    Topic.DEBT_HANDED_OVER: Rule(Matter.INVOICE, _DEBT, mail=False),
    Topic.INVOICE_PAYMENT_FAILED: Rule(Matter.INVOICE, _FAILED_PAYMENT),
    Topic.INVOICE_PAID: Rule(Matter.INVOICE, settles=_PAID, mail=False),
    Topic.MANDATE_WITHDRAWN: Rule(Matter.METHOD, Opening("mandate_withdrawn", Queue.PAYMENTS)),
    # The plan's own letter tells the customer; somebody looks for what the customer can bear.
    Topic.PLAN_BROKEN: Rule(Matter.PLAN, Opening("broken_plan", Queue.BILLING), mail=False),
    # The desk finds out before the customer has to ask.
    Topic.QUOTE_BROKEN: Rule(Matter.QUOTE, Opening("bill_not_as_quoted", within=timedelta(days=1)), mail=False),
    Topic.RECONCILIATION_DIFFERENCE: Rule(Matter.BOOKS, _UNEXPLAINED, mail=False),
    Topic.USE_LEFT_OVER: Rule(Matter.USE, Opening("use_left_over", Queue.FINANCE), mail=False),
    # Its own letter warns the customer; somebody looks before the bill is issued, or soon after.
    Topic.UNUSUAL_BILL: Rule(Matter.WARNING, Opening("unusual_bill", within=timedelta(days=1)), mail=False),
}


NOTED: Final = Rule(Matter.PAYMENT, mail=False)
"""What news of a payment does to the case that it was asked for in."""


def rule_of(news: News) -> Rule:
    """The row of the topic; less for who saw on the screen what became of the payment and for what a payment plan tries
    again, more for a dispute that waits for us again."""
    rule = RULES[news.topic]
    if news.fact(Fact.STARTED_BY) == Starter.CUSTOMER and news.topic in (Topic.PAYMENT_FAILED, Topic.ACTION_REQUIRED):
        return replace(rule, opening=None, mail=False)
    if news.fact(Fact.STARTED_BY) == Starter.PLAN and news.topic is Topic.PAYMENT_FAILED:
        return replace(rule, opening=None)
    if news.topic is Topic.DISPUTE_UPDATED and (news.fact(Fact.STATUS) or "").endswith("needs_response"):
        return replace(rule, opening=_CHARGEBACK)
    return rule
