"""Subscription items: one of a subscription's prices. Each change is a change of the subscription."""

from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.recurring import shapes
from infra.local.stripe.resources import subscriptions
from infra.local.stripe.values import Json

_KIND = "subscription_item"
_OF_THE_CHANGE = ("off_session", "payment_behavior", "proration_behavior", "proration_date")


def create(call: Call) -> Json:
    """One more price for a subscription."""
    subscription = call.referred("subscription", "subscription")
    if subscription is None:
        raise InvalidRequest("Missing required param: subscription.", code="parameter_missing", param="subscription")
    known = {each["id"] for each in shapes.items_of(subscription)}
    after = _changed(call, subscription["id"], {})
    return next(each for each in shapes.items_of(after) if each["id"] not in known)


def update(call: Call, item: str) -> Json:
    """Change the price, the quantity or the metadata."""
    _changed(call, call.named(_KIND, item, "item")["subscription"], {"id": item})
    return call.named(_KIND, item)


def delete(call: Call, item: str) -> Json:
    """Take a price off its subscription, which must keep another."""
    _changed(call, call.named(_KIND, item, "item")["subscription"], {"id": item, "deleted": True})
    return {"id": item, "object": _KIND, "deleted": True}


def retrieve(call: Call, item: str) -> Json:
    """The item."""
    return call.named(_KIND, item, "item")


def every(call: Call) -> Json:
    """The items of a subscription, newest first."""
    return page(call, _KIND, "subscription")


def _changed(call: Call, subscription: str, item: Json) -> Json:
    """The subscription after this change of one item, with what else the request says of that item."""
    others = ("expand", "subscription", *_OF_THE_CHANGE)
    given = {name: value for name, value in call.params.items() if name not in others}
    change = {name: call.params[name] for name in _OF_THE_CHANGE if name in call.params}
    return subscriptions.update(replace(call, params={**change, "items": [{**given, **item}]}), subscription)


_ALL = "/v1/subscription_items"
_ONE = f"{_ALL}/<item>"
_CHANGE = "payment_behavior proration_behavior proration_date"
_FIELDS = f"discounts metadata price price_data quantity tax_rates {_CHANGE}"
ROUTES = (
    route("POST", _ALL, create, sdk.SubscriptionItemCreateParams, f"{_FIELDS} subscription"),
    route("GET", _ALL, every, sdk.SubscriptionItemListParams, f"{PAGING} subscription"),
    route("GET", _ONE, retrieve, sdk.SubscriptionItemRetrieveParams),
    route("POST", _ONE, update, sdk.SubscriptionItemUpdateParams, f"{_FIELDS} off_session"),
    route("DELETE", _ONE, delete, sdk.SubscriptionItemDeleteParams, _CHANGE),
)
