"""The body of a subscription and of its items, and the one function that keeps them.

An item is a part of its subscription, and an object of its own that can be read and listed; `keep` writes both.
"""

from copy import deepcopy

from infra.local.stripe.call import Call
from infra.local.stripe.periods import Cycle, on_its_day
from infra.local.stripe.resources.prices import plan_of
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed, listing, public

ENDED = ("canceled", "incomplete_expired")
_UNSET = (
    "application",
    "application_fee_percent",
    "billing_cycle_anchor_config",
    "billing_thresholds",
    "cancel_at",
    "canceled_at",
    "customer_account",
    "days_until_due",
    "default_payment_method",
    "default_source",
    "description",
    "ended_at",
    "latest_invoice",
    "next_pending_invoice_item_invoice",
    "on_behalf_of",
    "pause_collection",
    "pending_invoice_item_interval",
    "pending_setup_intent",
    "pending_update",
    "schedule",
    "status_details",
    "transfer_data",
    "trial_end",
    "trial_start",
)


_SETTINGS: Json = {
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible", "updated_at": None},
    "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
    "invoice_settings": {
        "account_tax_ids": None,
        "custom_fields": None,
        "description": None,
        "footer": None,
        "issuer": {"type": "self"},
    },
    "payment_settings": {
        "payment_method_options": None,
        "payment_method_types": None,
        "save_default_payment_method": "off",
    },
    "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
}


def blank(call: Call, customer: Json, currency: str | None) -> Json:
    """A subscription without items that begins now."""
    begun = call.begin("subscription", "sub")
    return {
        **begun,
        **dict.fromkeys(_UNSET),
        **deepcopy(_SETTINGS),
        "billing_cycle_anchor": begun["created"],
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "collection_method": "charge_automatically",
        "currency": currency,
        "customer": customer["id"],
        "default_tax_rates": [],
        "discounts": [],
        "items": listing(f"/v1/subscription_items?subscription={begun['id']}", []),
        "metadata": {},
        "start_date": begun["created"],
        "status": "incomplete",
        "test_clock": customer["test_clock"],
    }


def item(call: Call, subscription: Json, price: Json, quantity: int | None) -> Json:
    """A new item of the subscription; its period is set with those of the others."""
    begun = call.begin("subscription_item", "si", 14)
    return {name: begun[name] for name in ("id", "object", "created")} | {
        "billed_until": None,
        "billing_thresholds": None,
        "current_trial": None,
        "discounts": [],
        "metadata": {},
        "subscription": subscription["id"],
        "tax_rates": [],
        **priced(price, quantity),
    }


def priced(price: Json, quantity: int | None) -> Json:
    """The members of an item that say what it costs."""
    return {"plan": plan_of(price), "price": public(price), "quantity": quantity}


def items_of(subscription: Json) -> list[Json]:
    """Its items."""
    items: list[Json] = subscription["items"]["data"]
    return items


def with_items(subscription: Json, items: list[Json], period: tuple[int, int] | None = None) -> Json:
    """The subscription with these items; with a period, all of them are in it."""
    if period:
        items = [each | {"current_period_end": period[1], "current_period_start": period[0]} for each in items]
    return subscription | {"items": subscription["items"] | {"data": items}}


def period_of(subscription: Json) -> tuple[int, int]:
    """The period that all its items are in."""
    first = items_of(subscription)[0]
    return first["current_period_start"], first["current_period_end"]


def cycle_of(subscription: Json) -> Cycle:
    """How often it renews."""
    return Cycle.of(items_of(subscription)[0]["price"]["recurring"])


def whole_period(subscription: Json, second: int) -> tuple[int, int]:
    """The period of its cycle in which the second lies, whether it is all billed or not."""
    cycle, config = cycle_of(subscription), subscription["billing_cycle_anchor_config"]
    anchor: int = subscription["billing_cycle_anchor"]
    return cycle.period(on_its_day(anchor, config["day_of_month"], cycle) if config else anchor, second)


def keep(call: Call, subscription: Json) -> Json:
    """Keep this state of the subscription and of its items; nobody is told."""
    known = {each["id"] for each in call.store.find(Query("subscription_item", {"subscription": subscription["id"]}))}
    items = items_of(subscription)
    for each in items:
        (call.store.save if each["id"] in known else call.store.add)(each)
    for gone in known - {each["id"] for each in items}:
        call.store.remove("subscription_item", gone)
    present = call.store.get("subscription", subscription["id"])
    return (call.store.save if present else call.store.add)(subscription)


def change(call: Call, before: Json, after: Json) -> Json:
    """Keep the changed subscription and tell of the change, if there is one."""
    keep(call, after)
    previous = changed(before, after)
    if previous:
        call.emit("customer.subscription.updated", after, previous)
    return after


def current(call: Call, subscription: Json) -> Json:
    """The subscription as it stands now."""
    return call.named("subscription", subscription["id"])
