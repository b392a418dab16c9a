"""A subscription of Stripe's, and its schedule, as far as the desk reads them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from chalicelib.billing.mirror_catalogue import StripePrice
from chalicelib.billing.mirror_shapes import Shape, id_of
from chalicelib.billing.model import SubscriptionStatus

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


_TOGETHER_SECONDS: Final = 60
"""An item that was created so soon after its subscription came with it."""


class StripeItem(Shape):
    """Its metadata may say how the desk knew it before it moved to Stripe: `desk_subscription_id`, `desk_started_on`,
    and `desk_label`, which tells it from others of its plan (a site, a line) whatever plan it becomes."""

    id: str
    price: StripePrice
    quantity: int | None = None
    created: int
    current_period_start: int | None = None
    current_period_end: int | None = None
    metadata: dict[str, str] | None = None

    @property
    def known_as(self) -> Mapping[str, str]:
        """What the desk wrote on it."""
        return self.metadata or {}

    @property
    def subscription_id(self) -> str:
        """What the desk calls it."""
        return self.known_as.get("desk_subscription_id") or f"sub_{self.id}"


class _AnchorConfig(Shape):
    day_of_month: int


class _Items(Shape):
    data: list[StripeItem]


class StripePlan(Shape):
    """A subscription with all its items."""

    id: str
    status: Status
    customer: Any = None
    currency: str
    created: int = 0
    start_date: int
    billing_cycle_anchor: int
    billing_cycle_anchor_config: _AnchorConfig | None = None
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

    def anchor_day(self, zone: ZoneInfo) -> int:
        """The day of the month on which it bills; the anchor itself may lie in a month that lacks that day."""
        config = self.billing_cycle_anchor_config
        return config.day_of_month if config else datetime.fromtimestamp(self.billing_cycle_anchor, zone).day

    def started_on(self, item: StripeItem, zone: ZoneInfo) -> date:
        """When the customer began to have the item, which may be long before it moved to Stripe."""
        if "desk_started_on" in item.known_as:
            with suppress(ValueError):
                return date.fromisoformat(item.known_as["desk_started_on"])
        came_with_it = item.created <= max(self.created + _TOGETHER_SECONDS, self.start_date)
        return datetime.fromtimestamp(self.start_date if came_with_it else item.created, zone).date()

    def ends_at(self, item: StripeItem) -> int | None:
        """When it ends or ended, in epoch seconds."""
        return self.ended_at or self.cancel_at or (item.current_period_end if self.cancel_at_period_end else None)


class PhaseItem(Shape):
    """Its metadata may say what the desk calls the item that it becomes."""

    price: Any = None
    quantity: int | None = None
    metadata: dict[str, str] | None = None

    @property
    def subscription_id(self) -> str | None:
        return (self.metadata or {}).get("desk_subscription_id")

    @property
    def price_id(self) -> str:
        return id_of(self.price) or ""


class Phase(Shape):
    """A part of a schedule's time, and what is taken in it."""

    start_date: int
    end_date: int | None = None
    items: list[PhaseItem]


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
