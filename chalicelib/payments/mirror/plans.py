"""Stripe's subscriptions and their schedules as the desk's subscriptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chalicelib.billing.catalogue import CataloguePrice, CatalogueProduct
from chalicelib.billing.mirror_plan import Phase, StripePlan, StripeSchedule
from chalicelib.billing.mirror_plans import Named, ended_parts, mirrored_plans
from chalicelib.billing.mirror_shapes import id_of
from chalicelib.billing.model import Subscription
from chalicelib.billing.store import BillingStore
from chalicelib.payments.handling import Fact, Objects
from chalicelib.payments.markers import Outcome
from chalicelib.payments.mirror.accounts import CustomerAccounts
from chalicelib.payments.mirror.catalogue import Catalogue
from chalicelib.payments.mirror.reading import id_in, read_as
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item


@dataclass(frozen=True)
class Plans:
    """`zone` is where the desk bills."""

    accounts: CustomerAccounts
    catalogue: Catalogue
    billing: BillingStore
    stripe: Objects
    clock: Clock
    zone: ZoneInfo

    def apply(self, fact: Fact) -> Outcome:
        """Handle `customer.subscription.*` and `subscription_schedule.*`. Raises Unreadable, Unavailable."""
        if not fact.type.startswith("subscription_schedule."):
            return self.follow(id_in(fact))
        plan_id = id_of(fact.object.get("subscription")) or id_of(fact.object.get("released_subscription"))
        return self.follow(plan_id) if plan_id else Outcome.NOTED

    def follow(self, plan_id: str) -> Outcome:
        """Bring the subscriptions of its items to where it is now; what was read later stays."""
        as_of, found = int(self.clock().timestamp()), self.stripe.read("subscription", plan_id)
        if found is None:
            return Outcome.NOTED
        plan = read_as(StripePlan, found)
        account_id = self.accounts.account_of(plan.customer_id) if plan.customer_id else None
        if account_id is None:
            return Outcome.UNMATCHED
        coming, known = self._coming(plan), self._known(item.price.mirrored(as_of) for item in plan.items.data)
        if coming:
            prices = [self.catalogue.price(each.price_id) for each in coming.items]
            known |= self._known(price for price in prices if price)
        now = mirrored_plans(plan, account_id, known, coming, as_of, self.zone)
        gone = ended_parts(self._standing(account_id), plan.id, now, as_of)
        kept = [self.billing.add_subscription(subscription) for subscription in (*now, *gone)]
        return Outcome.APPLIED if any(kept) else Outcome.OLDER

    def _coming(self, plan: StripePlan) -> Phase | None:
        schedule = self.stripe.read("subscription_schedule", plan.schedule_id) if plan.schedule_id else None
        return read_as(StripeSchedule, schedule).next_phase() if schedule else None

    def _known(self, prices: Iterable[CataloguePrice]) -> dict[str, Named]:
        known = {}
        for price in prices:
            product = self.catalogue.product(price.product_id)
            known[price.price_id] = (price, product or CatalogueProduct(product_id=price.product_id, name=price.code))
        return known

    def _standing(self, account_id: str) -> list[Subscription]:
        found: list[Subscription] = []
        start: Item | None = None
        while True:
            page, start = self.billing.subscriptions(account_id, 100, start)
            found += page
            if start is None:
                return found
