"""Subscriptions: the operations. What they mean is in `recurring`."""

from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest, Missing
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.params import not_simulated, only
from infra.local.stripe.recurring import billing, changes, creation, lifecycle, lines, shapes, terms
from infra.local.stripe.resources import invoice_items
from infra.local.stripe.values import Json

_ITEM = "discountable discounts metadata period price price_data quantity tax_rates"


def create(call: Call) -> Json:
    """A new subscription with its first invoice. CardError for a payment that must not fail, and nothing is kept."""
    customer = call.referred("customer", "customer")
    if customer is None:
        raise InvalidRequest("Missing required param: customer.", code="parameter_missing", param="customer")
    with call.store.undone_on_error(unless=()):
        body = creation.begun(call, customer)
        _add_invoice_items(call, body)
        return creation.billed(call, body)


def update(call: Call, subscription: str) -> Json:
    """Change a subscription. CardError for a payment that must not fail, and nothing is changed."""
    before = living(call, subscription)
    if before["schedule"] and call.params.keys() & {"cancel_at", "cancel_at_period_end"}:
        raise InvalidRequest(
            f"The subscription is managed by the subscription schedule `{before['schedule']}`, and updating any "
            "cancelation behavior directly is not allowed. Please update the schedule instead."
        )
    return change(call, before)


def change(call: Call, before: Json) -> Json:
    """Carry out a change, whoever asks for it."""
    with call.store.undone_on_error(unless=()):
        _add_invoice_items(call, before)
        return changes.made(call, before)


def cancel(call: Call, subscription: str) -> Json:
    """End a subscription now."""
    before = living(call, subscription)
    reason = before["cancellation_details"]["reason"] or "cancellation_requested"
    return lifecycle.end(
        call,
        before,
        prorate=call.params.get("prorate", False),
        invoice_now=call.params.get("invoice_now", False),
        because=terms.cancellation(call, before, reason),
    )


def pause(call: Call, subscription: str) -> Json:
    """Stop a subscription, crediting what was paid for the rest of the period and billing what was used."""
    before = living(call, subscription)
    if before["status"] not in ("active", "past_due", "trialing"):
        raise InvalidRequest(f"You cannot pause a subscription with a status of {before['status']}.")
    bill = only(call.params.get("bill_for", {}), "outstanding_usage_through unused_time_from", "bill_for")
    start, now = shapes.period_of(before)[0], call.now()
    if before["status"] != "trialing":
        since = bill.get("unused_time_from", {"type": "now"})["type"]
        if since != "none":
            moment = now if since == "now" else start
            billing.pend(call, before, lines.unused(call, before, shapes.items_of(before), moment))
        if bill.get("outstanding_usage_through", {"type": "now"})["type"] == "now":
            billing.pend(call, before, lines.of_usage(call, before, (start, now)))
    if call.params.get("invoicing_behavior") == "invoice" and billing.anything_left(call, before, []):
        final = billing.invoice(call, before, [], "subscription_update")
        before = shapes.keep(call, billing.with_latest(call, before, final))
        billing.leave(call, before, final)
    return lifecycle.pause(call, before, "pause_requested")


def delete_discount(call: Call, subscription: str) -> Json:
    """Take its discounts off the subscription."""
    before = living(call, subscription)
    if not before["discounts"]:
        raise InvalidRequest("This subscription has no discount.", code="resource_missing")
    gone = call.named("discount", before["discounts"][-1])
    shapes.change(call, before, before | {"discounts": []})
    return gone | {"deleted": True}


def resume(call: Call, subscription: str) -> Json:
    """Let a paused subscription go on with a period that begins now."""
    before = living(call, subscription)
    if before["status"] != "paused":
        raise InvalidRequest("Only a paused subscription can be resumed.", code="subscription_not_paused")
    given = {"billing_cycle_anchor": {"type": "now"}}
    if call.params.get("billing_cycle_anchor") not in (None, given["billing_cycle_anchor"]):
        raise not_simulated("billing_cycle_anchor[type]")
    after = changes.made(replace(call, params=given), before)
    call.emit("customer.subscription.resumed", after)
    return after


def retrieve(call: Call, subscription: str) -> Json:
    """The subscription."""
    return call.named("subscription", subscription)


def every(call: Call) -> Json:
    """Subscriptions, newest first: those that have not ended unless a status is asked for."""
    names = ("collection_method", "customer", "test_clock")
    equal: Json = {name: call.params[name] for name in names if name in call.params}
    asked, price = call.params.get("status"), call.params.get("price")

    def keeps(body: Json) -> bool:
        prices = [each["price"]["id"] for each in shapes.items_of(body)]
        return _has_status(body, asked) and (price is None or price in prices)

    return page_where(call, "subscription", equal, keeps)


def living(call: Call, subscription: str) -> Json:
    """The subscription that the path names; Missing when it has ended."""
    body = call.named("subscription", subscription)
    if body["status"] in shapes.ENDED:
        raise Missing("subscription", subscription)
    return body


def _has_status(body: Json, asked: str | None) -> bool:
    ended = body["status"] in shapes.ENDED
    if asked in (None, "ended"):
        return ended is (asked == "ended") if asked else body["status"] != "canceled"
    return asked in ("all", body["status"])


def _add_invoice_items(call: Call, body: Json) -> None:
    """One-time items for the next invoice, which for a new subscription is the first."""
    for index, given in enumerate(call.params.get("add_invoice_items") or []):
        only(given, _ITEM, f"add_invoice_items[{index}]")
        pricing = {"price": given["price"]} if "price" in given else {}
        rest = {name: value for name, value in given.items() if name not in ("price", "period")}
        params = {"customer": body["customer"], **rest, **({"pricing": pricing} if pricing else {})}
        invoice_items.create(replace(call, params=params))


_ALL = "/v1/subscriptions"
_ONE = f"{_ALL}/<subscription>"
_CREATE = (
    "backdate_start_date billing_cycle_anchor billing_cycle_anchor_config billing_mode currency customer "
    "trial_period_days"
)
_UPDATE = "billing_cycle_anchor cancellation_details pause_collection proration_date"
ROUTES = (
    route("POST", _ALL, create, sdk.SubscriptionCreateParams, f"{terms.SHARED} {_CREATE}"),
    route(
        "GET",
        _ALL,
        every,
        sdk.SubscriptionListParams,
        f"{PAGING} collection_method created customer price status test_clock",
    ),
    route("GET", _ONE, retrieve, sdk.SubscriptionRetrieveParams),
    route("POST", _ONE, update, sdk.SubscriptionUpdateParams, f"{terms.SHARED} {_UPDATE}"),
    route("DELETE", _ONE, cancel, sdk.SubscriptionCancelParams, "cancellation_details invoice_now prorate"),
    route("DELETE", f"{_ONE}/discount", delete_discount, sdk.SubscriptionDeleteDiscountParams),
    route("POST", f"{_ONE}/pause", pause, sdk.SubscriptionPauseParams, "bill_for invoicing_behavior type"),
    route("POST", f"{_ONE}/resume", resume, sdk.SubscriptionResumeParams, "billing_cycle_anchor"),
)
