"""Links to pay by: a payment that waits for the customer, on a page of Stripe's that is told or mailed to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from chalicelib.audit.model import Actor
from chalicelib.payments.customers import Customers
from chalicelib.payments.declines import REFUSED, shown
from chalicelib.payments.hosted import HostedPage, HostedPages, PayLine, PayPage, Returns
from chalicelib.payments.model import Payment, PaymentOrder, PaymentStatus, stale
from chalicelib.payments.news import Fact, News, Newsroom, Topic
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, FieldError, Refused, Unprocessable

OPEN: Final = timedelta(hours=23)
"""Stripe keeps a page open for 24 hours at most, counted from when it is asked for."""
MOST_LINES: Final = 10
"""Invoices that a page names one by one."""
_DONE: Final = frozenset({PaymentStatus.PROCESSING, PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED})


class BeginsPayments(Protocol):
    """The service of payments."""

    def begin(self, order: PaymentOrder, key: str, actor: Actor) -> Payment:
        """The payment that this order and key make, begun now or before.

        Raises NotFound without the account, Unprocessable for a wrong currency or invoice, Conflict when the key
        belongs to another order.
        """


class NotesAnswers(Protocol):
    """The store of payments."""

    def answered(
        self, payment: Payment, status: PaymentStatus, intent_id: str | None = None, failure_code: str | None = None
    ) -> Payment:
        """Note Stripe's direct answer, unless an event has said more already. Returns the payment as it stands."""


@dataclass(frozen=True)
class PayLink:
    """A payment, and the page that takes it."""

    payment: Payment
    page: HostedPage


@dataclass(frozen=True)
class PayLinks:
    """`number_of` gives the number of an invoice, as its customer knows it; `account_of_case` whose a case is."""

    payments: BeginsPayments
    store: NotesAnswers
    customers: Customers
    pages: HostedPages
    newsroom: Newsroom
    clock: Clock
    number_of: Callable[[str], str]
    returns: Returns
    account_of_case: Callable[[str], str | None]

    def open(self, order: PaymentOrder, key: str, actor: Actor, *, by_mail: bool = False) -> PayLink:
        """A page for this payment; one for an account and Idempotency-Key, and one mail when it is to be mailed.

        Raises NotFound without the account, Unprocessable for a wrong currency, amount, invoice or case and for a mail
        to nobody, Conflict when the key belongs to another order or the link has expired, Refused and Unavailable of
        Stripe.
        """
        if by_mail and not self.customers.holder(order.account_id).emails:
            nowhere = FieldError("/deliver_to", "the account has no mail address")
            raise Unprocessable("There is nowhere to mail the link to.", [nowhere])
        if order.case_id and self.account_of_case(order.case_id) != order.account_id:
            wrong = FieldError("/case_id", "not a case of this account")
            raise Unprocessable("The case is not one of this account.", [wrong])
        # The NUL keeps keys of links apart from those of payments: no header can hold one.
        payment = self.payments.begin(order, f"\0{key}", actor)
        if payment.failure_code == REFUSED:
            raise Refused(shown(REFUSED).words, payment_id=payment.payment_id)
        if payment.status in _DONE:
            raise Conflict("This link has been used.", reason="link_used", payment_id=payment.payment_id)
        if stale(payment, self.clock()):
            raise Conflict("This link has expired. Use a new Idempotency-Key.", reason="link_expired")
        link = self._paged(payment)
        if by_mail:
            self.newsroom.tell(_news(link))
        return link

    def _paged(self, payment: Payment) -> PayLink:
        customer_id = self.customers.customer(self.customers.holder(payment.account_id))
        asked = PayPage(
            payment_id=payment.payment_id,
            account_id=payment.account_id,
            customer_id=customer_id,
            currency=payment.currency,
            lines=self._lines(payment),
            expires_at=payment.created_at.replace(microsecond=0) + OPEN,
            returns=self.returns,
        )
        is_new = payment.status is PaymentStatus.CREATED
        try:
            page = self.pages.pay_page(asked)
        except (Refused, Unprocessable):
            if is_new:
                self.store.answered(payment, PaymentStatus.FAILED, failure_code=REFUSED)
            raise
        return PayLink(self.store.answered(payment, PaymentStatus.REQUIRES_PAYMENT) if is_new else payment, page)

    def _lines(self, payment: Payment) -> tuple[PayLine, ...]:
        """What the customer reads on the page; the lines sum to the payment, whatever was paid meanwhile."""
        if len(payment.allocations) > MOST_LINES:
            return (PayLine(f"{len(payment.allocations)} open bills", payment.amount_minor),)
        lines = [PayLine(f"Bill {self.number_of(part.invoice_id)}", part.amount_minor) for part in payment.allocations]
        left = payment.amount_minor - sum(line.amount_minor for line in lines)
        return (*lines, *([PayLine("Credit for coming bills", left)] if left else []))


def _news(link: PayLink) -> News:
    return News(
        topic=Topic.PAY_LINK,
        object_id=link.payment.payment_id,
        at=link.payment.created_at,
        account_id=link.payment.account_id,
        amount_minor=link.payment.amount_minor,
        currency=link.payment.currency,
        deadline=link.page.expires_at,
        facts={Fact.URL: link.page.url, **({Fact.CASE_ID: link.payment.case_id} if link.payment.case_id else {})},
    )
