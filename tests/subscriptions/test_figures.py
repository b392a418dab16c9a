"""Figures that are not our own are never shown."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.payments.plan_orders import PlanOrder
from chalicelib.platform.errors import Refused
from chalicelib.subscriptions.wish import Kind
from tests.subscriptions.selling import Selling
from tests.subscriptions.shelf import an_offer


class Otherwise:
    """Stripe, whose previews are some minor units off."""

    def __init__(self, stripe: Any, off: int) -> None:
        self.stripe, self.off = stripe, off

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stripe, name)

    def preview_plan(self, plan_id: str, order: PlanOrder | None = None) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.stripe.preview_plan(plan_id, order)
        for line in found["lines"]["data"] if found and order else ():
            details = line["parent"]["subscription_item_details"]
            if details and details["proration"]:
                line["amount"] += self.off
        return found


@pytest.mark.parametrize(("off", "refused"), [(1, False), (-1, False), (2, True), (-2, True)])
def test_figures_that_are_not_ours_are_never_shown(selling: Selling, off: int, refused: bool) -> None:
    stripe = selling.gateway
    selling.gateway = Otherwise(stripe, off)
    if not refused:
        assert selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500").lines
        return
    with pytest.raises(Refused) as caught:
        selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")
    assert caught.value.extra["reason"] == "figures_disagree"
    assert selling.counted["ChangeQuotesDisagreed"] == 1


def test_an_offer_that_costs_something_else_at_stripe_is_not_quoted(selling: Selling) -> None:
    selling.offers.table.write(selling.row(an_offer("FIBRE-500", 3600)))
    with pytest.raises(Refused):
        selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")
    assert selling.counted["OffersOutOfStep"] == 1
