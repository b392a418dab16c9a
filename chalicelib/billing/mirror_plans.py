"""Stripe's subscriptions, with what their schedules change next, as the desk's: one for each item. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from chalicelib.billing.catalogue import CataloguePrice, CatalogueProduct
from chalicelib.billing.mirror_catalogue import StripePrice
from chalicelib.billing.mirror_shapes import Shape, id_of
from chalicelib.billing.model import PlannedChange, Subscription, SubscriptionStatus

Status = Literal["incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "paused", "canceled"]
_STATUS: Final[Mapping[Status, SubscriptionStatus]] = {
    "incomplete": SubscriptionStatus.PENDING,
    "incomplete_expired": SubscriptionStatus.CANCELLED,
    "trialing": SubscriptionStatus.ACTIVE,
    "active": SubscriptionStatus.ACTIVE,
    "past_due": SubscriptionStatus.PAST_DUE,
    "unpaid": SubscriptionStatus.PAST_DUE,
    "paused": SubscriptionStatus.PAUSED,
    "canceled": SubscriptionStatus.CANCELLED,
}


class StripeItem(Shape):
    id: str
    price: StripePrice
    quantity: int | None = None
    created: int
    current_period_start: int | None = None
    current_period_end: int | None = None


class _Items(Shape):
    data: list[StripeItem]


class StripePlan(Shape):
    """A subscription with all its items."""

    id: str
    status: Status
    customer: Any = None
    currency: str
    start_date: int
    billing_cycle_anchor: int
    pause_collection: dict[str, Any] | None = None
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    ended_at: int | None = None
    schedule: Any = None
    items: _Items

    @property
    def customer_id(self) -> str | None:
        return id_of(self.customer)

    @property
    def schedule_id(self) -> str | None:
        return id_of(self.schedule)

    def mirrored_status(self) -> SubscriptionStatus:
        """What the customer has of it."""
        status = _STATUS[self.status]
        return SubscriptionStatus.PAUSED if self.pause_collection and status is SubscriptionStatus.ACTIVE else status

    def ends_at(self, item: StripeItem) -> int | None:
        """When it ends or ended, in epoch seconds."""
        return self.ended_at or self.cancel_at or (item.current_period_end if self.cancel_at_period_end else None)


class _PhaseItem(Shape):
    price: Any = None
    quantity: int | None = None

    @property
    def price_id(self) -> str:
        return id_of(self.price) or ""


class Phase(Shape):
    """A part of a schedule's time, and what is taken in it."""

    start_date: int
    end_date: int | None = None
    items: list[_PhaseItem]


class _Current(Shape):
    start_date: int


class StripeSchedule(Shape):
    id: str
    status: str
    subscription: Any = None
    current_phase: _Current | None = None
    phases: list[Phase]

    @property
    def subscription_id(self) -> str | None:
        """What it changes; None before it has begun and after it let go."""
        return id_of(self.subscription)

    def next_phase(self) -> Phase | None:
        """What comes after the present phase; None when nothing does, or when the schedule is over."""
        if self.status != "active" or self.current_phase is None:
            return None
        coming = [phase for phase in self.phases if phase.start_date > self.current_phase.start_date]
        return min(coming, key=lambda phase: phase.start_date) if coming else None


Named = tuple[CataloguePrice, CatalogueProduct]
"""A price, and the product that it is for."""


def mirrored_plans(
    plan: StripePlan, account_id: str, known: Mapping[str, Named], coming: Phase | None, as_of: int, zone: ZoneInfo
) -> list[Subscription]:
    """The subscriptions of its items as they were read at that second. `known` holds their prices by id."""
    return [_of_item(plan, item, account_id, known, coming, as_of, zone) for item in plan.items.data]


def ended_parts(
    standing: Sequence[Subscription], plan_id: str, now: Sequence[Subscription], as_of: int
) -> list[Subscription]:
    """Those of the plan's subscriptions whose items it has no more."""
    left = {subscription.subscription_id for subscription in now}
    gone = {"status": SubscriptionStatus.CANCELLED, "planned": None, "as_of": as_of}
    return [
        each.model_copy(update={**gone, "ends_at": each.ends_at or _instant(as_of)})
        for each in standing
        if each.provider_id == plan_id and each.subscription_id not in left and each.status != gone["status"]
    ]


def _of_item(
    plan: StripePlan, item: StripeItem, account_id: str, known: Mapping[str, Named], coming: Phase | None, as_of: int,
    zone: ZoneInfo,
) -> Subscription:  # fmt: skip
    price, product = known[item.price.id]
    quantity, ends = item.quantity or 0 if price.is_metered else item.quantity or 1, plan.ends_at(item)
    return Subscription(
        subscription_id=f"sub_{item.id}",
        account_id=account_id,
        plan_code=price.code,
        plan_name=product.name,
        service=price.service or product.service,
        price_minor=price.monthly_minor(quantity),
        currency=plan.currency.upper(),
        started_on=datetime.fromtimestamp(max(plan.start_date, item.created), zone).date(),
        anchor_day=datetime.fromtimestamp(plan.billing_cycle_anchor, zone).day,
        status=plan.mirrored_status(),
        quantity=quantity,
        period_starts_at=_instant(item.current_period_start),
        period_ends_at=_instant(item.current_period_end),
        ends_at=_instant(ends),
        planned=_planned(item, coming, known, alone=len(plan.items.data) == 1),
        provider_id=plan.id,
        as_of=as_of,
    )


def _planned(
    item: StripeItem, coming: Phase | None, known: Mapping[str, Named], *, alone: bool
) -> PlannedChange | None:
    """What the coming phase makes of the item: of the same product, or the only one there is and will be."""
    if coming is None:
        return None
    at = datetime.fromtimestamp(coming.start_date, UTC)
    product_id = item.price.product_id
    sold = [each for each in coming.items if each.price_id in known]
    own = [each for each in sold if known[each.price_id][0].product_id == product_id]
    if not own and alone and len(coming.items) == 1:
        own = sold
    if not own:
        return PlannedChange(at=at)
    (price, product), quantity = known[own[0].price_id], own[0].quantity or 1
    if price.price_id == item.price.id and quantity == (item.quantity or 1):
        return None
    return PlannedChange(
        at=at, plan_code=price.code, plan_name=product.name, price_minor=price.monthly_minor(quantity),
        quantity=quantity,
    )  # fmt: skip


def _instant(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
