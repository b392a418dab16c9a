"""Bills that Stripe collects, and that a payment of the desk's has paid: Stripe hears of it before anybody is thanked.

Otherwise its next attempt would take the money a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

from chalicelib.payments.mirror import bill_news
from chalicelib.payments.news import News, Newsroom, PaidPart, Topic
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.errors import Conflict, Refused, Unprocessable

_MIRRORED: Final = "inv_in_"
_COLLECTED: Final = frozenset({"open", "uncollectible"})


class TellsBills(Protocol):
    """Stripe, where it hears that invoices of its own are paid. Each call may raise Refused and Unavailable."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """An object as it is now."""

    def attach_payment(self, stripe_id: str, intent_id: str) -> None:
        """All money of this intent paid the invoice."""

    def paid_elsewhere(self, stripe_id: str) -> None:
        """Nothing of the invoice is due any more."""


@dataclass(frozen=True)
class PaidHere:
    """A newsroom in front of another."""

    newsroom: Newsroom
    payments: PaymentStore
    stripe: TellsBills

    def tell(self, news: News) -> None:
        """Tell Stripe which of its bills a payment has paid, then pass the news on. A repeat tells nothing twice.

        Two round trips and two to Stripe for each bill of Stripe's; none for others. Raises Unavailable.
        """
        if news.topic is Topic.PAYMENT_SUCCEEDED:
            for part in news.parts:
                if part.invoice_id.startswith(_MIRRORED):
                    self._tell_stripe(news, part)
        self.newsroom.tell(news)

    def _tell_stripe(self, news: News, part: PaidPart) -> None:
        stripe_id = part.invoice_id.removeprefix("inv_")
        bill = self.stripe.read("invoice", stripe_id) or {}
        payment = self.payments.existing(news.object_id)
        if bill.get("status") not in _COLLECTED or _has(bill, payment.payment_intent_id):
            return
        try:
            if payment.payment_intent_id and part.amount_minor == payment.amount_minor:
                self.stripe.attach_payment(stripe_id, payment.payment_intent_id)
            elif not part.left_minor:
                self.stripe.paid_elsewhere(stripe_id)
            else:
                self._differs(news, part, "a part of it was paid at the desk; Stripe goes on collecting all of it")
        except (Conflict, Refused, Unprocessable):
            self._differs(news, part, "it was paid at the desk; Stripe does not take that and goes on collecting it")

    def _differs(self, news: News, part: PaidPart, said: str) -> None:
        at, what = int(news.at.timestamp()), "an invoice that Stripe collects"
        self.newsroom.tell(bill_news.differs(part.invoice_id, news.account_id or "", at, what, said))


def _has(bill: dict[str, Any], intent_id: str | None) -> bool:
    """Whether Stripe knows that the intent pays the bill."""
    paying = (each.get("payment") or {} for each in (bill.get("payments") or {}).get("data", ()))
    return intent_id is not None and intent_id in (each.get("payment_intent") for each in paying)
