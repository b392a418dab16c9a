"""How a subscription stands when its change is asked for, and what forbids one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.billing.model import Subscription
from chalicelib.platform.errors import Conflict
from chalicelib.subscriptions.calendar import nth_period
from chalicelib.subscriptions.offer import Offer
from chalicelib.subscriptions.parts import Part, StandingPlan
from chalicelib.subscriptions.terms import Terms
from chalicelib.subscriptions.wish import Kind

_CHANGEABLE: Final = frozenset({"active", "past_due"})
_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True)
class Standing:
    """A subscription, the plan of Stripe's that it is a part of, and what is known of all its parts.

    `now` is the second by the plan's own time; `offers` by code, `terms` by the desk's id of a part;
    `old_schedule_id` is a schedule that has nothing left to do; `zone` is where the desk bills.
    """

    subscription: Subscription
    plan: StandingPlan
    parts: tuple[Part, ...]
    now: int
    offers: Mapping[str, Offer]
    terms: Mapping[str, Terms]
    old_schedule_id: str | None
    zone: ZoneInfo

    @property
    def part(self) -> Part:
        """The part that the subscription is. Raises Conflict when Stripe has it no more."""
        for part in self.parts:
            if part.subscription_id == self.subscription.subscription_id:
                return part
        raise Conflict("This subscription has ended.", reason="subscription_ended")

    @property
    def currency(self) -> str:
        return self.plan.currency.upper()

    @property
    def names(self) -> dict[str, Any]:
        """What every order says."""
        return {
            "plan_id": self.plan.id,
            "customer_id": self.plan.customer_id or "",
            "currency": self.currency,
            "old_schedule_id": self.old_schedule_id,
        }

    @property
    def whole_period(self) -> tuple[int, int]:
        """The present period as its cycle has it; a first one may have begun later, and was billed in part."""
        start, end = self.plan.period
        turn, anchor = datetime.fromtimestamp(end, UTC), self.plan.anchor_day(_UTC)
        begun = nth_period(turn.date(), anchor, -1).starts_on
        return min(start, int(datetime.combine(begun, turn.timetz()).timestamp())), end

    def period_end(self, not_before: int) -> int:
        """The first end of a period at or after a second; the present period's at the earliest."""
        end = self.plan.period[1]
        first, anchor = datetime.fromtimestamp(end, UTC), self.plan.anchor_day(_UTC)
        number = 0
        while end < not_before:
            number += 1
            following = nth_period(first.date(), anchor, number).starts_on
            end = int(datetime.combine(following, first.timetz()).timestamp())
        return end

    def day(self, second: int) -> date:
        """The calendar day of a second where the desk bills."""
        return datetime.fromtimestamp(second, self.zone).date()

    def must_allow(self, kind: Kind) -> None:
        """Raises Conflict, with the reason, when this change cannot be made of it as it stands."""
        plan = self.plan
        if plan.status not in _CHANGEABLE:
            raise Conflict("This subscription cannot be changed as it stands.", reason=f"status_{plan.status}")
        if plan.cancel_at or plan.cancel_at_period_end:
            raise Conflict("It is going to end. Take that back first.", reason="end_planned")
        if bool(plan.pause_collection) is not (kind is Kind.RESUME) and kind is not Kind.CANCEL:
            now = "is paused. Resume it first." if plan.pause_collection else "is not paused."
            raise Conflict(f"This subscription {now}", reason="paused" if plan.pause_collection else "not_paused")
        start, end = plan.period
        if not start <= self.now < end:
            raise Conflict("Its next billing period is just beginning. Try again in a moment.", reason="period_turns")
        prices = [item.price for item in plan.items.data]
        if any(
            price.recurring is None or (price.recurring.interval, price.recurring.interval_count) != ("month", 1)
            for price in prices
        ):
            raise Conflict("Only what is billed by the month can be changed here.", reason="other_interval")
