"""The money desk on a given table: all handlers of Stripe's events around a Stripe that can be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from chalicelib.accounts.store import AccountStore
from chalicelib.billing.store import BillingStore
from chalicelib.payments.chargebacks import Chargebacks
from chalicelib.payments.finding import PaymentFinder
from chalicelib.payments.handling import StripeEvents
from chalicelib.payments.intents import Intents
from chalicelib.payments.markers import MarkerStore
from chalicelib.payments.news import News
from chalicelib.payments.owners import StripeOwners
from chalicelib.payments.refunds import Refunds
from chalicelib.payments.service import Payments
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.suspense import Suspense
from chalicelib.payments.suspense_matches import Matches
from chalicelib.payments.suspense_search import SuspenseSearch
from chalicelib.payments.suspense_store import KnownAccountsStore, SuspenseStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import Table
from tests.payments.fakes import FakeStripe
from tests.payments.mirror_desk import MirrorDesk


def _key() -> bytes:
    return b"key"


@dataclass
class Listener:
    """A newsroom that writes down what is news to it."""

    told: dict[str, News] = field(default_factory=dict)

    def tell(self, news: News) -> None:
        self.told.setdefault(news.news_id, news)

    @property
    def topics(self) -> list[str]:
        return [news.topic.value for news in self.told.values()]


@dataclass
class MoneyDesk:
    """Everything that moves money, on one table; several of them may share Stripe, listener and counters."""

    table: Table
    stripe: FakeStripe
    clock: Clock
    listener: Listener = field(default_factory=Listener)
    counted: Counter[str] = field(default_factory=Counter)

    def on(self, table: Table) -> MoneyDesk:
        """The same desk on another view of the table."""
        return MoneyDesk(table, self.stripe, self.clock, self.listener, self.counted)

    def count(self, name: str) -> None:
        self.counted[name] += 1

    @cached_property
    def store(self) -> PaymentStore:
        return PaymentStore(self.table)

    @cached_property
    def ledger(self) -> BillingStore:
        return BillingStore(self.table)

    @cached_property
    def payments(self) -> Payments:
        return Payments(self.store, self.stripe, self.clock, _key)

    @cached_property
    def intents(self) -> Intents:
        owners = StripeOwners(self.mirror.accounts, self.mirror.bills, self.stripe)
        return Intents(self.store, self.ledger, owners, self.suspense, self.listener, self.clock, self.count)

    @cached_property
    def suspense(self) -> Suspense:
        search = SuspenseSearch(KnownAccountsStore(AccountStore(self.table), self.ledger))
        return Suspense(SuspenseStore(self.table), self.ledger, search, self.listener, self.clock)

    @cached_property
    def matches(self) -> Matches:
        return Matches(SuspenseStore(self.table), self.ledger, self.listener, self.clock, _key)

    @cached_property
    def mirror(self) -> MirrorDesk:
        return MirrorDesk(self.table, self.stripe, self.clock, self.listener)

    @cached_property
    def finder(self) -> PaymentFinder:
        return PaymentFinder(self.store, self.stripe, self.intents)

    @cached_property
    def refunds(self) -> Refunds:
        return Refunds(self.store, self.ledger, self.finder, self.stripe, self.listener, self.clock, _key, self.count)

    @cached_property
    def chargebacks(self) -> Chargebacks:
        return Chargebacks(self.store, self.ledger, self.finder, self.listener, self.clock, self.count)

    @cached_property
    def events(self) -> StripeEvents:
        handlers = {
            **self.mirror.handlers,
            "charge.dispute": self.chargebacks.apply,
            "payment_intent": self.intents.apply,
            "refund": self.refunds.apply,
        }
        return StripeEvents(handlers, MarkerStore(self.table), self.stripe, self.clock, self.count)
