"""Subscriptions: what a change would be billed as, and the change itself, once for a quote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

from chalicelib.payments.gateway.client import keyed
from chalicelib.payments.gateway.errors import is_absent
from chalicelib.payments.gateway.fees import Fees
from chalicelib.payments.gateway.schedules import phases_of
from chalicelib.payments.plan_orders import QUOTE_MARK, ChangeLater, ChangeNow, End, ItemChange, Pause, PlanOrder
from chalicelib.platform.errors import DeskError, Refused

if TYPE_CHECKING:
    from stripe.params import (
        SubscriptionScheduleUpdateParams,
        SubscriptionUpdateParams,
        SubscriptionUpdateParamsPauseCollection,
    )

_NOTHING_COMES: Final = "invoice_upcoming_none"


class Plans(Fees):
    """A PlanDesk."""

    def preview_plan(self, plan_id: str, order: PlanOrder | None = None) -> dict[str, Any] | None:
        """The next invoice of a subscription as it is, or as the order would make it; None when none would come.

        A later change is shown as if it counted from the next period on; one that begins periods anew cannot be shown.
        Raises ValueError for that, Refused, Unavailable.
        """
        if isinstance(order, End):
            self._clear(order)
        try:
            with self._stripe() as stripe:
                answer = stripe.raw_request("post", "/v1/invoices/create_preview", **_preview(plan_id, order))
        except Refused as error:
            if error.extra.get("provider_code") == _NOTHING_COMES:
                return None
            raise
        found: dict[str, Any] = json.loads(answer.body)
        self._complete(found.get("lines"))
        return found

    def price_coded(self, code: str) -> dict[str, Any] | None:
        """The price that Stripe sells under this look-up key. Raises Refused, Unavailable."""
        found = self._json("/v1/prices", {"lookup_keys": [code], "active": True, "limit": 1})["data"]
        return dict(found[0]) if found else None

    def clock_second(self, clock_id: str) -> int:
        """What time it is by a test clock, in epoch seconds. Raises Refused, Unavailable."""
        return int(self._json(f"/v1/test_helpers/test_clocks/{quote(clock_id, safe='')}", {})["frozen_time"])

    def carry_out(self, order: PlanOrder, quote_id: str) -> None:
        """Make the subscription what the order says, once for a quote within 24 hours. Raises Refused, Unavailable."""
        self._clear(order)
        match order:
            case ChangeLater():
                self._schedule(order, quote_id)
            case _:
                params = {**_update(order), "metadata": {QUOTE_MARK: quote_id}}
                with self._stripe() as stripe:
                    stripe.v1.subscriptions.update(
                        order.plan_id, cast("SubscriptionUpdateParams", params), keyed("change", quote_id)
                    )
        if not isinstance(order, Pause) and order.fee:
            self._charge(order, order.fee, quote_id)

    def release(self, schedule_id: str, action_id: str) -> None:
        """What the schedule would change does not happen; its subscription goes on. Raises Refused, Unavailable."""
        self._let_go(schedule_id, action_id)

    def go_on(self, plan_id: str, action_id: str, *, at_period_end: bool) -> None:
        """Call off the end of a subscription, that of its period or of another second. Raises Refused, Unavailable."""
        params: SubscriptionUpdateParams = {"cancel_at_period_end": False} if at_period_end else {"cancel_at": ""}
        with self._stripe() as stripe:
            stripe.v1.subscriptions.update(plan_id, params, keyed("keep", action_id))

    def _schedule(self, order: ChangeLater, quote_id: str) -> None:
        # Stripe takes a subscription over as it is or takes phases, not both in one call.
        with self._stripe() as stripe:
            made = stripe.v1.subscription_schedules.create(
                {"from_subscription": order.plan_id}, keyed("schedule", quote_id)
            )
            present = made.to_dict(for_json=True)["phases"][-1]
            params = {
                "end_behavior": "release",
                "metadata": {QUOTE_MARK: quote_id},
                "phases": phases_of(present, order),
            }
            stripe.v1.subscription_schedules.update(
                made.id, cast("SubscriptionScheduleUpdateParams", params), keyed("phases", quote_id)
            )

    def _clear(self, order: PlanOrder) -> None:
        """Let go of a schedule that has nothing left to do: Stripe would not even show an end while it stands."""
        if order.old_schedule_id:
            self._let_go(order.old_schedule_id, order.old_schedule_id)

    def _let_go(self, schedule_id: str, action_id: str) -> None:
        try:
            with self._stripe() as stripe:
                stripe.v1.subscription_schedules.release(schedule_id, None, keyed("release", action_id))
        except DeskError as error:
            if not is_absent(error):
                raise


def _preview(plan_id: str, order: PlanOrder | None) -> dict[str, Any]:
    params: dict[str, Any] = {"subscription": plan_id}
    match order:
        case ChangeNow():
            params["subscription_details"] = _changed(order)
        case ChangeLater(restarts=True):
            raise ValueError("periods that begin anew later cannot be previewed")
        case ChangeLater():
            params["subscription_details"] = {"items": _items(order.changes), "proration_behavior": "none"}
        case End():
            params["subscription_details"] = _ended(order)
    if order and not isinstance(order, Pause) and order.fee:
        fee = {"amount": order.fee.amount_minor, "description": order.fee.description}
        params["invoice_items"] = [{**fee, "currency": order.currency.lower()}]
    return params


def _update(order: ChangeNow | End | Pause) -> dict[str, Any]:
    match order:
        case ChangeNow():
            return _changed(order)
        case End():
            return _ended(order)
        case Pause():
            paused: SubscriptionUpdateParamsPauseCollection = {"behavior": "void"}
            return {"pause_collection": {**paused, "resumes_at": order.until} if order.until else ""}


def _changed(order: ChangeNow) -> dict[str, Any]:
    return {"items": _items(order.items), "proration_behavior": "create_prorations", "proration_date": order.at}


def _items(changes: Sequence[ItemChange]) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []
    for item in changes:
        known = {"id": item.item_id} if item.item_id else {}
        wanted = {"deleted": True} if item.goes else {"price": item.price_id, "quantity": item.quantity}
        asked.append(known | wanted)
    return asked


def _ended(order: End) -> dict[str, Any]:
    when: dict[str, Any] = {"cancel_at": order.at} if order.at else {"cancel_at_period_end": True}
    return {**when, "proration_behavior": "create_prorations"}
