"""The phases of a schedule that changes a subscription once, later: what it is until then, and what it is from then on.

The second phase lasts a day, after which the schedule lets the subscription go on as it has become.
"""

from __future__ import annotations

from typing import Any, Final

from chalicelib.billing.mirror_shapes import id_of
from chalicelib.payments.plan_orders import SUBSCRIPTION_MARK, ChangeLater, PhaseItem

_KEPT: Final = ("collection_method", "default_payment_method", "description", "billing_thresholds", "trial_end")
"""What is said of a phase in the words in which it is asked for."""


def phases_of(present: dict[str, Any], order: ChangeLater) -> list[dict[str, Any]]:
    """The phases to ask for, from the one that Stripe made of the subscription as it stands."""
    settings = {name: present[name] for name in _KEPT if present.get(name) is not None}
    if present.get("default_tax_rates"):
        settings["default_tax_rates"] = [id_of(rate) for rate in present["default_tax_rates"]]
    if present.get("discounts"):
        settings["discounts"] = [_discount(each) for each in present["discounts"]]
    today = {
        **settings,
        "items": [_standing(item) for item in present["items"]],
        "start_date": present["start_date"],
        "end_date": order.at,
        "proration_behavior": "none",
    }
    settings.pop("trial_end", None)
    then = {
        **settings,
        "items": [_coming(item) for item in order.items],
        "duration": {"interval": "day", "interval_count": 1},
        "proration_behavior": "create_prorations" if order.restarts else "none",
    }
    return [today, then | ({"billing_cycle_anchor": "phase_start"} if order.restarts else {})]


def _standing(item: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"price": id_of(item["price"])}
    if item.get("quantity") is not None:
        said["quantity"] = item["quantity"]
    if item.get("tax_rates"):
        said["tax_rates"] = [id_of(rate) for rate in item["tax_rates"]]
    if item.get("metadata"):
        said["metadata"] = item["metadata"]
    if item.get("discounts"):
        said["discounts"] = [_discount(each) for each in item["discounts"]]
    return said


def _coming(item: PhaseItem) -> dict[str, Any]:
    said: dict[str, Any] = {"price": item.price_id}
    if item.quantity is not None:
        said["quantity"] = item.quantity
    if item.tax_rates:
        said["tax_rates"] = list(item.tax_rates)
    if item.subscription_id:
        said["metadata"] = {SUBSCRIPTION_MARK: item.subscription_id}
    return said


def _discount(given: dict[str, Any]) -> dict[str, Any]:
    """A discount is taken along by whichever of its names is set."""
    return {name: id_of(given[name]) for name in ("discount", "coupon", "promotion_code") if given.get(name)}
