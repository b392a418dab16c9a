"""What changes need of others: Stripe's subscriptions, the mirror of them, and who hears of broken promises. Pure."""

from __future__ import annotations

from typing import Any, Protocol

from chalicelib.payments.plan_orders import PlanOrder
from chalicelib.subscriptions.quote import ChangeQuote, Comparison


class PlanDesk(Protocol):
    """Stripe, where subscriptions are changed. Each call may raise Refused or Unavailable."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """An object as it is now."""

    def preview_plan(self, plan_id: str, order: PlanOrder | None = None) -> dict[str, Any] | None:
        """The next invoice of a subscription as it is, or as the order would make it; None when none would come."""

    def price_coded(self, code: str) -> dict[str, Any] | None:
        """The price that is sold under this look-up key."""

    def clock_second(self, clock_id: str) -> int:
        """What time it is by a test clock."""

    def carry_out(self, order: PlanOrder, quote_id: str) -> None:
        """Make the subscription what the order says, once for a quote."""

    def release(self, schedule_id: str, action_id: str) -> None:
        """What the schedule would change does not happen."""

    def go_on(self, plan_id: str, action_id: str, *, at_period_end: bool) -> None:
        """Call off the end of a subscription."""

    def drop_fee(self, plan_id: str, customer_id: str, quote_id: str) -> None:
        """Take the fee of a quote off the next bill, or give it back with that bill when it was billed already."""


class FollowsPlans(Protocol):
    """The mirror of Stripe's subscriptions."""

    def follow(self, plan_id: str) -> object:
        """Bring the desk's subscriptions to where Stripe's is now. Raises Unavailable."""


class Differences(Protocol):
    """Whoever looks into bills that are not what was promised."""

    def tell(self, quote: ChangeQuote, comparison: Comparison) -> None:
        """Any number of calls for one quote have the effect of one. Raises Unavailable; it is told again then."""
