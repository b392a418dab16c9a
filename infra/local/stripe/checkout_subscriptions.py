"""The subscription that a checkout session sells.

When something is due at once, it begins with the customer's first attempt and waits, incomplete, for its first invoice
to be paid. When nothing is, as in a trial, it begins once the method that will pay later is saved.
"""

from dataclasses import replace
from decimal import Decimal

from infra.local.stripe.call import Call
from infra.local.stripe.recurring import lifecycle
from infra.local.stripe.resources import line_items, subscriptions
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json


def begun(call: Call, session: Json, method: str | None = None) -> Json:
    """The subscription of the session's items, for its customer; with a method that will pay it, or waiting for one."""
    items = line_items.of(call, session["id"])
    given: Json = {
        "customer": session["customer"],
        "items": [_item(item) for item in items if item["price"]["type"] == "recurring"],
        "add_invoice_items": [_item(item) for item in items if item["price"]["type"] == "one_time"],
        "payment_settings": {"save_default_payment_method": "on_subscription"},
        **session["_data"],
    }
    given |= {"default_payment_method": method} if method else {"payment_behavior": "default_incomplete"}
    return subscriptions.create(replace(call, params=given))


def first_intent(call: Call, subscription: Json) -> Json:
    """The payment intent of the first invoice."""
    mine = {"invoice": subscription["latest_invoice"], "is_default": True}
    (payment,) = call.store.find(Query("invoice_payment", mine))
    return call.named("payment_intent", payment["payment"]["payment_intent"])


def given_up(call: Call, session: Json) -> None:
    """The session is over without a payment: so is the subscription that waited for it."""
    if session["_subscription"]:
        lifecycle.expire(call, session["_subscription"])


def _item(item: Json) -> Json:
    price, given = item["price"], {"quantity": item["quantity"]}
    if item["quantity"] is None:
        given = {}
    if price["active"]:
        return given | {"price": price["id"]}
    # What the session's own `price_data` made cannot be named again, only described again.
    data = {name: price[name] for name in ("currency", "product", "tax_behavior")}
    data["unit_amount_decimal"] = Decimal(price["unit_amount_decimal"])
    if price["recurring"]:
        data["recurring"] = {name: price["recurring"][name] for name in ("interval", "interval_count")}
    return given | {"price_data": data}
