"""Money that belongs to nobody known: it waits in the suspense account of its currency until somebody says whose it is.

The suspense account has no head, only payment rows and a ledger; what it owes is the money held, below zero.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.billing.ledger import book
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore
from chalicelib.billing.suspense import suspense_account
from chalicelib.payments.intents import STRIPE
from chalicelib.payments.markers import Outcome
from chalicelib.payments.model import IntentFact, PaymentStatus, foreign_payment_id
from chalicelib.payments.news import Newsroom
from chalicelib.payments.rows import Stands, until_first
from chalicelib.payments.suspense_model import SuspensePayment, kept_hints
from chalicelib.payments.suspense_search import SuspenseSearch
from chalicelib.payments.suspense_store import SuspenseStore
from chalicelib.payments.telling import unmatched_news
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item


@dataclass(frozen=True)
class Suspense:
    """Keeps and tells; the dispatcher of events counts."""

    store: SuspenseStore
    ledger: BillingStore
    search: SuspenseSearch
    newsroom: Newsroom
    clock: Clock

    def receive(self, fact: IntentFact) -> Outcome:
        """Keep money of a succeeded intent, exactly once, and tell of it. Raises Unavailable."""
        held = self._held(fact)
        with suppress(Stands):
            until_first(lambda: self._keep(held, fact.cause))
        standing = self.store.existing(held.payment_id)
        if standing.account_id != held.account_id:
            return Outcome.OLDER
        self.newsroom.tell(unmatched_news(standing, standing.proposal))
        return Outcome.UNMATCHED

    def waiting(self, currency: str, limit: int, start: Item | None) -> tuple[list[SuspensePayment], Item | None]:
        """Payments of which money is still held for nobody known, newest first; at most `limit`."""
        found, key = self.store.held(currency, limit, start)
        return [payment for payment in found if payment.refundable_minor], key

    def _held(self, fact: IntentFact) -> SuspensePayment:
        at, hints = datetime.fromtimestamp(fact.at, UTC), kept_hints(fact.hints)
        return SuspensePayment(
            payment_id=foreign_payment_id(fact.intent_id),
            account_id=suspense_account(fact.currency),
            amount_minor=fact.amount_minor,
            currency=fact.currency,
            status=PaymentStatus.SUCCEEDED,
            payment_intent_id=fact.intent_id,
            as_of=fact.at,
            taken_by=STRIPE.subject,
            taken_by_name=STRIPE.name,
            created_at=at,
            settled_at=at,
            hints=hints,
            payer_mail=fact.mail,
            proposal=self.search.proposal(hints, fact.mail, fact.amount_minor, fact.currency),
        )

    def _keep(self, payment: SuspensePayment, cause: str) -> None:
        tail = self.ledger.tail(payment.account_id, consistent=True)
        owed = tail.receivables if tail else Receivables(account_id=payment.account_id, currency=payment.currency)
        kind, amount_minor = EntryKind.SUSPENSE_TAKEN, payment.amount_minor
        movement = Movement(kind, amount_minor, payment.payment_id, payment.created_at, cause, STRIPE)
        self.store.receive(payment, book(owed, owed.paid(amount_minor)[0], movement, self.clock()))
