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
        """Nothing of the invoice is due any more, and the desk has booked all that paid it."""


@dataclass(frozen=True)
class PaidHere:
    """A newsroom in front of another."""

    newsroom: Newsroom
    payments: PaymentStore
    stripe: TellsBills

    def tell(self, news: News) -> None:
        """Tell Stripe which of its bills a payment has paid, then pass the news on. A repeat tells nothing twice.

        Two round trips and up to four to Stripe for each bill of Stripe's; none for others. Raises Unavailable.
        """
        if news.topic is Topic.PAYMENT_SUCCEEDED:
            for part in news.parts:
                if part.invoice_id.startswith(_MIRRORED):
                    self._tell_stripe(news, part)
        self.newsroom.tell(news)

    def _tell_stripe(self, news: News, part: PaidPart) -> None:
        stripe_id = part.invoice_id.removeprefix("inv_")
        payment, bill = self.payments.existing(news.object_id), self._open_bill(stripe_id)
        whole = payment.payment_intent_id if part.amount_minor == payment.amount_minor else None
        known = _known(bill or {}, payment.payment_intent_id)
        if bill is None or (known and known.get("is_default")):  # Stripe counts its own charge of a bill by itself
            return
        try:
            if whole and not known:
                self.stripe.attach_payment(stripe_id, whole)
                bill = self._open_bill(stripe_id)
            if bill and not part.left_minor:
                # What Stripe still misses was paid by parts of other payments, or by credit of the account.
                self.stripe.paid_elsewhere(stripe_id)
            elif bill and not whole and bill.get("auto_advance"):
                self._differs(news, part, "a part of it was paid at the desk; Stripe goes on collecting all of it")
        except (Conflict, Refused, Unprocessable):
            self._differs(news, part, "it was paid at the desk; Stripe does not take that and goes on collecting it")

    def _open_bill(self, stripe_id: str) -> dict[str, Any] | None:
        """The bill as it is now, while Stripe says that something of it is due."""
        bill = self.stripe.read("invoice", stripe_id) or {}
        return bill if bill.get("status") in _COLLECTED else None

    def _differs(self, news: News, part: PaidPart, said: str) -> None:
        at, what = int(news.at.timestamp()), "an invoice that Stripe collects"
        self.newsroom.tell(bill_news.differs(part.invoice_id, news.account_id or "", at, what, said))


def _known(bill: dict[str, Any], intent_id: str | None) -> dict[str, Any] | None:
    """How Stripe knows that the intent pays the bill, if it does."""
    paying: list[dict[str, Any]] = (bill.get("payments") or {}).get("data", [])
    mine = (each for each in paying if intent_id and (each.get("payment") or {}).get("payment_intent") == intent_id)
    return next(mine, None)
