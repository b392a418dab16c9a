"""The invoices of a subscription: made of its lines and of what was pending, then opened and charged, or left."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from infra.local.stripe import automatic, balances, collection, discounts, invoicing, pending_items
from infra.local.stripe.call import Call
from infra.local.stripe.errors import CardError
from infra.local.stripe.invoice_shapes import Line
from infra.local.stripe.values import Json

# How a schedule pays: its invoices take their course, and the subscription is active meanwhile.
LATER = "later"


def invoice(
    call: Call, subscription: Json, lines: Sequence[Line], reason: str, period: tuple[int, int] | None = None
) -> Json:
    """A draft with these lines and the pending ones, which is the subscription's latest from now on (kept, not told).

    `period` is the one that the invoice looks back on.
    """
    customer, currency = call.named("customer", subscription["customer"]), subscription["currency"]
    customer = balances.settle_currency(call, customer, currency)
    begun = invoicing.unsaved(call, customer, currency, lines, _settings(call, subscription, reason, period))
    waiting = pending_items.waiting(call, customer["id"], currency, subscription["id"])
    body = call.store.add(pending_items.take(call, begun, waiting[::-1]))
    call.emit("invoice.created", body)
    return body


def with_latest(call: Call, subscription: Json, body: Json) -> Json:
    """The subscription as this invoice leaves it: discounts that count once have counted."""
    kept = subscription["discounts"]
    if body["total_discount_amounts"]:
        kept = discounts.lasting(call, kept, call.now())
    return subscription | {"discounts": kept, "latest_invoice": body["id"]}


def pend(call: Call, subscription: Json, lines: Iterable[Line]) -> None:
    """Keep prorations until the subscription's next invoice."""
    customer = call.named("customer", subscription["customer"])
    for line in lines:
        item = (line.parent or {})["subscription_item_details"]
        details = {name: item[name] for name in ("subscription", "subscription_item")}
        parent = {"subscription_details": details, "type": "subscription_details"}
        own = replace(line, parent=parent)
        pending_items.add(call, customer, subscription["currency"], own, proration=item["proration"])


def collect(call: Call, subscription: Json, body: Json, behavior: str, *, off_session: bool) -> None:
    """Open the invoice and charge it as `payment_behavior` says; one that is sent waits for its hour instead.

    CardError for `error_if_incomplete` alone; otherwise what failed shows in the subscription's status.
    InvalidRequest when there is nothing to charge.
    """
    if behavior == LATER:
        leave(call, subscription, body)
        return
    if subscription["collection_method"] == "send_invoice":
        call.store.save(automatic.planned(call, body))
        return
    opened = collection.finalize(call, body)
    if opened["status"] == "paid" or behavior == "default_incomplete":
        return
    try:
        collection.pay(call, opened, off_session=off_session)
    except CardError:
        if behavior == "error_if_incomplete":
            raise


def leave(call: Call, subscription: Json, body: Json) -> None:
    """Let a draft take its course, or what a paused collection makes of it."""
    paused = (subscription["pause_collection"] or {}).get("behavior")
    if paused == "void" and body["total"] > 0:
        # Credit must not pay what is not to be paid: it returns with the void.
        collection.void(call, collection.finalize(call, body, stays_open=True))
    elif paused == "void":
        collection.finalize(call, body)  # what is given back must not be lost
    elif paused == "mark_uncollectible":
        opened = collection.finalize(call, body)
        if opened["status"] == "open":
            collection.mark_uncollectible(call, opened)
    elif paused is None and subscription["status"] != "unpaid":
        call.store.save(automatic.planned(call, body))


def anything_left(call: Call, subscription: Json, lines: Sequence[Line]) -> bool:
    """Whether a subscription that ends has something left to bill: usage, or pending items of its own."""
    waiting = pending_items.waiting(call, subscription["customer"], subscription["currency"], subscription["id"])
    return bool(lines) or any(pending_items.subscription_of(item) == subscription["id"] for item in waiting)


def _settings(call: Call, subscription: Json, reason: str, period: tuple[int, int] | None) -> Json:
    stays = subscription["pause_collection"] is not None or subscription["status"] in ("incomplete", "unpaid")
    start, end = period or (call.now(), call.now())
    return {
        "auto_advance": not stays,
        "billing_reason": reason,
        "collection_method": subscription["collection_method"],
        "default_tax_rates": subscription["default_tax_rates"],
        "description": subscription["description"],
        "discounts": subscription["discounts"],
        "parent": {
            "quote_details": None,
            "subscription_details": {"metadata": subscription["metadata"], "subscription": subscription["id"]},
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": subscription["payment_settings"]["payment_method_types"],
        },
        "period_end": end,
        "period_start": start,
        "_days_until_due": subscription["days_until_due"],
    }
