"""Reads how a subscription stands: the desk's record of it, Stripe's, and what was sold and agreed."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chalicelib.billing.mirror_plan import StripeSchedule
from chalicelib.billing.model import Subscription
from chalicelib.billing.store import BillingStore
from chalicelib.payments.mirror.reading import read_as
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.parts import StandingPlan, parts_of
from chalicelib.subscriptions.plan_desk import PlanDesk
from chalicelib.subscriptions.standing import Standing

_MOST_PARTS = 100


@dataclass(frozen=True)
class Standings:
    """`zone` is where the desk bills."""

    billing: BillingStore
    offers: OfferStore
    stripe: PlanDesk
    clock: Clock
    zone: ZoneInfo

    def subscription(self, subscription_id: str) -> Subscription:
        """The desk's record. Raises NotFound."""
        subscription = self.billing.subscription(subscription_id)
        if subscription is None:
            raise NotFound
        return subscription

    def plan(self, subscription: Subscription) -> StandingPlan:
        """Stripe's subscription that it is a part of, as it is now. Raises Conflict when there is none."""
        if subscription.provider_id is None:
            words = "This subscription is not billed automatically yet, so it cannot be changed here. Ask an advisor."
            raise Conflict(words, reason="not_at_provider")
        found = self.stripe.read("subscription", subscription.provider_id)
        if found is None:
            raise Conflict("This subscription has ended.", reason="subscription_ended")
        return read_as(StandingPlan, found)

    def now(self, plan: StandingPlan) -> int:
        """The second by the plan's own time."""
        return self.stripe.clock_second(plan.test_clock) if plan.test_clock else int(self.clock().timestamp())

    def coming_change(self, plan: StandingPlan) -> bool:
        """Whether a schedule is going to change the plan."""
        schedule = self.stripe.read("subscription_schedule", plan.schedule_id) if plan.schedule_id else None
        return bool(schedule and read_as(StripeSchedule, schedule).next_phase())

    def of(self, subscription_id: str) -> Standing:
        """All that a change has to know. Six round trips, two or three of them to Stripe.

        Raises NotFound, Conflict when Stripe has no such subscription or a change of it is planned already,
        Refused, Unavailable.
        """
        subscription = self.subscription(subscription_id)
        plan = self.plan(subscription)
        if self.coming_change(plan):
            raise Conflict("A change is planned already. Take that back first.", reason="change_planned")
        siblings, _ = self.billing.subscriptions(subscription.account_id, _MOST_PARTS, None)
        parts = parts_of(plan, {each.subscription_id: each.plan_name for each in siblings})
        return Standing(
            subscription=subscription,
            plan=plan,
            parts=parts,
            now=self.now(plan),
            offers=self.offers.get_many(part.code for part in parts),
            terms=self.offers.terms(subscription.account_id, (part.subscription_id or "" for part in parts)),
            old_schedule_id=plan.schedule_id,
            zone=self.zone,
        )
