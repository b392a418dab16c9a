"""What the people and the customer have to hear of money: the words between payments, which tell, and whoever listens.

Payments decides that something happened and to what; what follows from it (a case, a mail, nothing) is decided by who
implements `Newsroom`. Pure: nothing here is stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from pydantic import Field, model_validator

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor


class Topic(StrEnum):
    """What happened. `News.object_id` is the thing in brackets."""

    PAYMENT_FAILED = "payment_failed"  # payment
    ACTION_REQUIRED = "action_required"  # payment: the customer has to approve it
    PAYMENT_SUCCEEDED = "payment_succeeded"  # payment: booked
    PAYMENT_UNMATCHED = "payment_unmatched"  # payment in suspense: money that nobody is known for
    PAYMENT_MATCHED = "payment_matched"  # that money: somebody said whose it is
    PAY_LINK = "pay_link"  # payment: the customer is to get a link to pay by
    REFUND_SUCCEEDED = "refund_succeeded"  # refund
    REFUND_FAILED = "refund_failed"  # refund: the money is with us again
    DISPUTE_OPENED = "dispute_opened"  # dispute; `deadline` is Stripe's due_by
    DISPUTE_UPDATED = "dispute_updated"  # dispute; Fact.STATUS says whether it waits for us
    DISPUTE_CLOSED = "dispute_closed"  # dispute; Fact.OUTCOME says how
    INVOICE_OVERDUE = "invoice_overdue"  # invoice
    INVOICE_PAID = "invoice_paid"  # invoice: nothing is due of it any more; payments that pay it imply it
    INVOICE_PAYMENT_FAILED = "invoice_payment_failed"  # invoice that Stripe collects
    DEBT_HANDED_OVER = "debt_handed_over"  # invoice: letters did not help, a person goes on
    MANDATE_WITHDRAWN = "mandate_withdrawn"  # payment method
    PLAN_BROKEN = "plan_broken"  # payment plan: an instalment was missed, and the grace for it has run out
    QUOTE_BROKEN = "quote_broken"  # change quote: the bill that came is not what it promised
    RECONCILIATION_DIFFERENCE = "reconciliation_difference"  # what differs
    USE_LEFT_OVER = "use_left_over"  # subscription that ended: no bill comes any more that its last use could go on
    UNUSUAL_BILL = "unusual_bill"  # invoice that is about to be issued and is far above those before it


class Fact(StrEnum):
    """The words that news may carry beside its fields. All values are text."""

    DECLINE_CODE = "decline_code"  # Stripe's true code; what may be shown of it, `declines.shown` decides
    REASON = "reason"  # Stripe's reason of a dispute, or why a refund failed
    OUTCOME = "outcome"  # of a dispute: an `Ending`
    STARTED_BY = "started_by"  # of a payment: a `Starter`
    METHOD = "method"  # as the customer knows it, such as "Visa ending in 4242"
    INVOICE_NUMBER = "invoice_number"
    CASE_ID = "case_id"  # the case that the payment was asked for in
    PAYMENT_ID = "payment_id"  # the payment that a refund or dispute belongs to
    DUE_ON = "due_on"  # of an invoice, ISO 8601
    URL = "url"  # where the customer goes on
    STATUS = "status"  # Stripe's status of the object
    PROPOSAL = "proposal"  # of money in suspense: the account that it may be for, and how sure that is
    EXPECTED = "expected"  # of a difference: what our books say
    FOUND = "found"  # of a difference: what Stripe says


class Starter(StrEnum):
    """Who is there when a payment is tried: who started it saw on the screen what became of it."""

    CUSTOMER = "customer"
    PLAN = "plan"  # an instalment of a payment plan: the plan says what follows when it fails
    DESK = "desk"  # saved method without the customer, or a bank debit whose answer comes days later


PLANS: Final = "payment-plans"
"""Subject of the actor that takes the instalments of payment plans."""


class Ending(StrEnum):
    """How a dispute ended, from our side."""

    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"  # an enquiry that became no chargeback


class PaidPart(Record):
    """The part of a payment that paid one invoice; `left_minor` is what is still due of that invoice."""

    invoice_id: str
    amount_minor: Minor
    left_minor: Minor


class News(Record):
    """One fact. The same topic, object, occasion and account are the same news, whatever else is told with it.

    `occasion` tells apart what can happen to an object more than once, by an id that every source of the news knows:
    the failed charge, the status of a dispute; never the id of the event that brought it. A payment succeeds once and
    has none then. Amounts are of the object;
    `balance_minor` is what the account owes after it; `parts` are what a payment paid. `at` is when it happened,
    `deadline` until when somebody outside waits for us."""

    topic: Topic
    object_id: str
    at: Instant
    occasion: str = ""
    account_id: str | None = None
    amount_minor: Minor | None = None
    currency: Currency | None = None
    balance_minor: Minor | None = None
    parts: tuple[PaidPart, ...] = ()
    deadline: Instant | None = None
    facts: dict[Fact, str] = Field(default_factory=dict)

    @property
    def news_id(self) -> str:
        """What makes a repeat a repeat."""
        return f"{self.topic}:{self.object_id}:{self.occasion}"

    def fact(self, name: Fact) -> str | None:
        return self.facts.get(name)

    @model_validator(mode="after")
    def _complete(self) -> News:
        if self.topic is Topic.PAY_LINK and Fact.URL not in self.facts:
            raise ValueError("a link to pay needs its url")
        if self.currency is None and (self.amount_minor is not None or self.balance_minor is not None):
            raise ValueError("an amount needs its currency")
        return self


class Newsroom(Protocol):
    """Whoever has to hear. Tell after the money is booked and before the event's marker, so that a crash repeats it."""

    def tell(self, news: News) -> None:
        """Any number of calls with the same news have the effect of one. Raises Unavailable; tell it again then."""
        ...


@dataclass(frozen=True)
class Newsrooms:
    """Several who have to hear, one after the other. When one fails all are told again: each knows repeats."""

    listeners: tuple[Newsroom, ...]

    def tell(self, news: News) -> None:
        """Raises Unavailable."""
        for listener in self.listeners:
            listener.tell(news)
