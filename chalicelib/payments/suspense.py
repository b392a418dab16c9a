"""Money that belongs to nobody known: it waits in the suspense account of its currency until somebody says whose it is.

The suspense account has no head, only payment rows and a ledger, whose suspense book is the money held.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.billing.ledger import EntryKind, Movement, book
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore
from chalicelib.payments.intents import STRIPE
from chalicelib.payments.markers import Outcome
from chalicelib.payments.model import IntentFact, Payment, PaymentStatus, foreign_payment_id
from chalicelib.payments.news import News, Newsroom, Topic
from chalicelib.payments.rows import Stands, until_first
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.clock import Clock


def suspense_account(currency: str) -> str:
    """The id of the account where money of this currency waits."""
    return f"acc_suspense_{currency.lower()}"


@dataclass(frozen=True)
class Suspense:
    """Keeps and tells; the dispatcher of events counts."""

    payments: PaymentStore
    ledger: BillingStore
    newsroom: Newsroom
    clock: Clock

    def receive(self, fact: IntentFact) -> Outcome:
        """Keep money of a succeeded intent, exactly once, and tell of it. Raises Unavailable."""
        with suppress(Stands):
            until_first(lambda: self._kept(fact))
        self.newsroom.tell(_news(fact))
        return Outcome.UNMATCHED

    def _kept(self, fact: IntentFact) -> None:
        account_id, at = suspense_account(fact.currency), datetime.fromtimestamp(fact.at, UTC)
        payment = Payment(
            payment_id=foreign_payment_id(fact.intent_id),
            account_id=account_id,
            amount_minor=fact.amount_minor,
            currency=fact.currency,
            status=PaymentStatus.SUCCEEDED,
            payment_intent_id=fact.intent_id,
            as_of=fact.at,
            taken_by=STRIPE.subject,
            taken_by_name=STRIPE.name,
            created_at=at,
            settled_at=at,
        )
        tail = self.ledger.tail(account_id, consistent=True)
        held = tail.receivables if tail else Receivables(account_id=account_id, currency=fact.currency)
        movement = Movement(EntryKind.SUSPENSE_TAKEN, fact.amount_minor, payment.payment_id, at, fact.cause, STRIPE)
        self.payments.receive(payment, book(held, held.noted(), movement, self.clock()))


def _news(fact: IntentFact) -> News:
    return News(
        topic=Topic.PAYMENT_UNMATCHED,
        object_id=foreign_payment_id(fact.intent_id),
        at=datetime.fromtimestamp(fact.at, UTC),
        amount_minor=fact.amount_minor,
        currency=fact.currency,
    )
