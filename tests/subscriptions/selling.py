"""A desk that sells: offers, an account with a subscription at the local Stripe on a test clock, and its mirror."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, cast

import stripe

from chalicelib.audit.model import Actor
from chalicelib.billing.model import Subscription
from chalicelib.billing.store import BillingStore
from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.mirror.bill_followers import BillFollower
from chalicelib.platform.dynamo import Put
from chalicelib.policy.model import initial
from chalicelib.subscriptions.changes import Changes
from chalicelib.subscriptions.offer import Offer
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.plan_desk import Differences, PlanDesk
from chalicelib.subscriptions.policy import CHANGE_POLICY
from chalicelib.subscriptions.promises import Promises
from chalicelib.subscriptions.quote import ChangeQuote, Comparison
from chalicelib.subscriptions.quoting import Quoting
from chalicelib.subscriptions.standings import Standings
from chalicelib.subscriptions.store import QuoteStore
from chalicelib.subscriptions.taking_back import PlannedChanges
from chalicelib.subscriptions.terms import Terms
from chalicelib.subscriptions.wish import Kind, Wish
from tests.billing.builders import open_account
from tests.fakes import CountingIds, FixedClock
from tests.infra.stripe.desk import API_KEY, Desk
from tests.infra.stripe.subscriber import Subscriber
from tests.memory_table import MemoryTable
from tests.payments.mirror_desk import LONDON, MirrorDesk
from tests.payments.money_desk import Listener, MoneyDesk
from tests.subscriptions.shelf import OFFERS, Postbox, Told

ADVISOR = Actor("sub-advisor", "advisor.one", "req-1")
ACCOUNT, SUBSCRIPTION = "acc_1", "sub_fibre"


@dataclass
class Selling:
    """The desk around one customer; `clock` is the desk's own time, Stripe's is that of the customer's test clock."""

    desk: Desk
    someone: Subscriber
    table: MemoryTable = field(default_factory=MemoryTable)
    clock: FixedClock = field(default_factory=FixedClock)
    counted: Counter[str] = field(default_factory=Counter)
    post: Postbox = field(default_factory=Postbox)
    told: Told = field(default_factory=Told)
    listener: Listener = field(default_factory=Listener)
    new_id: CountingIds = field(default_factory=CountingIds)
    heard: set[str] = field(default_factory=set)
    gateway: Any = None

    @classmethod
    def open(cls, desk: Desk, when: str = "2027-02-01T10:00:00") -> Selling:
        """An account without subscriptions, and the price list with Stripe's prices of it."""
        found = cls(desk, Subscriber.begin(desk, when))
        found.gateway = StripeGateway(lambda: API_KEY, desk.server.url)
        open_account(found.table, ACCOUNT)
        desk.v1.customers.update(found.someone.id, {"metadata": {"account_id": ACCOUNT}})
        for offer in OFFERS:
            found.sell(offer)
        return found

    def on(self, table: MemoryTable) -> Selling:
        """The same on another view of the table."""
        seen = Selling(**{name: getattr(self, name) for name in self.__dataclass_fields__})
        seen.table = table
        return seen

    def sell(self, offer: Offer) -> None:
        """Put it into the price list, with its price at Stripe."""
        self.table.write(self.row(offer))
        given: Any = {
            "currency": offer.currency.lower(),
            "product_data": {"name": offer.name, "metadata": {"service": offer.service}},
            "unit_amount": offer.monthly_minor,
            "recurring": {"interval": "month"},
            "lookup_key": offer.code,
        }
        self.desk.v1.prices.create(given)

    def row(self, offer: Offer) -> Put:
        """The write of an offer, whatever stands."""
        body = {"pk": "OFFERS", "sk": offer.code, "kind": "offer", "version": offer.version}
        return Put({**body, "offer": offer.model_dump(mode="json")})

    def price(self, code: str) -> str:
        found = self.gateway.price_coded(code)
        assert found is not None
        return str(found["id"])

    def take(self, *codes: str, tax: float | None = 20, **more: Any) -> stripe.Subscription:
        """Subscribe to these; the first is what the desk calls SUBSCRIPTION. With VAT unless said otherwise."""
        names = [SUBSCRIPTION, *(f"sub_{code.lower()}" for code in codes[1:])]
        items = [
            {"price": self.price(code), "metadata": {"desk_subscription_id": name}}
            for code, name in zip(codes, names, strict=True)
        ]
        if tax is not None:
            rate: Any = {"display_name": "VAT", "percentage": tax, "inclusive": False}
            more.setdefault("default_tax_rates", [self.desk.v1.tax_rates.create(rate).id])
        begun: Any = {"customer": self.someone.id, "items": items, **more}
        plan = self.desk.v1.subscriptions.create(begun)
        self.hear()
        return plan

    def until(self, when: str | int) -> None:
        """Let the customer's time pass, and hear of it."""
        self.someone.until(when)
        self.hear()

    def hear(self) -> None:
        """Deal with all of Stripe's events that were not heard yet, oldest first."""
        found = list(self.desk.v1.events.list({"limit": 100}).auto_paging_iter())[::-1]
        for event in found:
            if event.id not in self.heard:
                self.heard.add(event.id)
                self.money.events.apply(json.dumps(event.to_dict(for_json=True)))

    @cached_property
    def money(self) -> MoneyDesk:
        return Followed(
            self.table, cast("Any", self.gateway), self.clock, self.listener, self.counted, followers=(self.promises,)
        )

    @property
    def mirror(self) -> MirrorDesk:
        return MirrorDesk(self.table, self.gateway, self.clock, self.listener)

    @property
    def offers(self) -> OfferStore:
        return OfferStore(self.table)

    @property
    def quotes(self) -> QuoteStore:
        return QuoteStore(self.table)

    @property
    def billing(self) -> BillingStore:
        return BillingStore(self.table)

    @property
    def standings(self) -> Standings:
        return Standings(self.billing, self.offers, self.stripe, self.clock, LONDON)

    @property
    def stripe(self) -> PlanDesk:
        return cast("PlanDesk", self.gateway)

    @property
    def changes(self) -> Changes:
        quoting = Quoting(
            self.offers, self.stripe, lambda _: initial(CHANGE_POLICY), self.clock, self.new_id, self.count
        )
        return Changes(
            self.standings, quoting, self.quotes, self.stripe, self.mirror.plans, self.post, self.clock, self.count
        )

    @property
    def planned(self) -> PlannedChanges:
        return PlannedChanges(
            self.standings, self.quotes, self.stripe, self.mirror.plans, self.clock, self.new_id, self.count
        )

    @property
    def promises(self) -> Promises:
        return self.promises_told_to(self.told)

    def promises_told_to(self, told: Differences) -> Promises:
        """The promises, whose breaking is told to these."""
        return Promises(self.quotes, self.mirror.catalogue, told, self.clock, self.count)

    def count(self, name: str) -> None:
        self.counted[name] += 1

    def bound(self, ends_on: date, code: str = "FIBRE-100", **more: Any) -> None:
        """Agree to a minimum term of the subscription."""
        agreed = {"agreed_on": date(2026, 1, 1), "minimum_ends_on": ends_on, "currency": "GBP", **more}
        self.offers.agree(
            Terms(subscription_id=SUBSCRIPTION, account_id=ACCOUNT, offer_code=code, offer_version=1, **agreed)
        )

    def asked(self, kind: Kind, subscription_id: str = SUBSCRIPTION, **wish: Any) -> ChangeQuote:
        """A quote."""
        return self.changes.quote(subscription_id, Wish(kind=kind, **wish))

    def agreed(self, quote: ChangeQuote, key: str = "key-1") -> ChangeQuote:
        """The quote, confirmed."""
        ends = quote.wish.kind is Kind.CANCEL
        return self.changes.confirm(quote.subscription_id, quote.quote_id, key, ADVISOR, ends=ends)

    def subscription(self, subscription_id: str = SUBSCRIPTION) -> Subscription:
        found = self.billing.subscription(subscription_id)
        assert found is not None
        return found

    def compared(self, quote: ChangeQuote) -> Comparison:
        """What came of the promise."""
        found = self.quotes.get(quote.quote_id).comparison
        assert found is not None
        return found


@dataclass
class Followed(MoneyDesk):
    """A money desk whose bills are followed."""

    followers: tuple[BillFollower, ...] = ()

    @cached_property
    def mirror(self) -> MirrorDesk:
        return MirrorDesk(self.table, self.stripe, self.clock, self.listener, self.followers)


def second(when: str) -> int:
    """Of an ISO time in UTC."""
    return int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp())
