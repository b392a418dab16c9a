"""Reads the `items` of a request: which prices a subscription has from now on, and how many of each."""

from infra.local.stripe import discounts
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import one_of, only
from infra.local.stripe.recurring import shapes
from infra.local.stripe.resources import prices, tax_rates
from infra.local.stripe.values import Json, public

HONOURED = "deleted discounts id metadata price price_data quantity tax_rates"
_MOST_ITEMS = 20


def given(call: Call, subscription: Json, items: list[Json]) -> list[Json]:
    """The subscription's items after these changes. InvalidRequest when they do not go together."""
    after = list(shapes.items_of(subscription))
    for index, change in enumerate(items):
        param = f"items[{index}]"
        only(change, HONOURED, param)
        if "id" in change:
            after = _changed(call, subscription, after, change, param)
        else:
            after.append(_new(call, subscription, change, param))
    _check(after)
    return after


def price_of(call: Call, change: Json, currency: str | None, param: str) -> Json | None:
    """The recurring price that an item names or describes; None when it does neither."""
    one_of(change, "price", "price_data")
    if "price_data" in change:
        return prices.ad_hoc(call, change["price_data"])
    if "price" not in change:
        return None
    price = call.store.get("price", change["price"])
    if price is None:
        raise InvalidRequest(f"No such price: '{change['price']}'", code="resource_missing", param=f"{param}[price]")
    if not price["active"]:
        raise InvalidRequest("The price specified is inactive. This field only accepts active prices.", param=param)
    if price["recurring"] is None:
        raise InvalidRequest(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param=f"{param}[price]",
        )
    if currency not in (None, price["currency"]):
        raise InvalidRequest(f"The price must be in {currency}, as the subscription is.", param=f"{param}[price]")
    return price


def _changed(call: Call, subscription: Json, items: list[Json], change: Json, param: str) -> list[Json]:
    former = next((each for each in items if each["id"] == change["id"]), None)
    if former is None:
        raise InvalidRequest(
            f"No such subscription item: '{change['id']}'", code="resource_missing", param=f"{param}[id]"
        )
    if change.get("deleted"):
        return [each for each in items if each is not former]
    price = price_of(call, change, former["price"]["currency"], param) or call.named("price", former["price"]["id"])
    after = former | shapes.priced(price, _quantity(price, change, former["quantity"], param))
    return [after | _details(call, subscription, after, change, param) if each is former else each for each in items]


def _new(call: Call, subscription: Json, change: Json, param: str) -> Json:
    price = price_of(call, change, subscription["currency"], param)
    if price is None:
        raise InvalidRequest(
            f"Missing required param: {param}[price].", code="parameter_missing", param=f"{param}[price]"
        )
    item = shapes.item(call, subscription, price, _quantity(price, change, 1, param))
    start, end = shapes.period_of(subscription) if shapes.items_of(subscription) else (0, 0)
    item |= {"current_period_end": end, "current_period_start": start}
    return item | _details(call, subscription, item, change, param)


def _details(call: Call, subscription: Json, item: Json, change: Json, param: str) -> Json:
    merged = item["metadata"] | (change.get("metadata") or {})
    details: Json = {"metadata": {name: value for name, value in merged.items() if value != ""}}
    if "tax_rates" in change:
        rates = tax_rates.usable(call, change["tax_rates"], f"{param}[tax_rates]")
        details["tax_rates"] = [public(rate) for rate in rates]
    if "discounts" in change:
        owner = {"subscription_item": item["id"], "subscription": subscription["id"]}
        details["discounts"] = discounts.redeemed(call, change["discounts"], subscription["customer"], **owner)
    return details


def _quantity(price: Json, change: Json, former: int | None, param: str) -> int | None:
    if price["recurring"]["usage_type"] == "metered":
        if "quantity" in change:
            raise InvalidRequest(
                "You cannot set the quantity for metered plans; report its usage.", param=f"{param}[quantity]"
            )
        return None
    quantity: int = change.get("quantity", former if former is not None else 1)
    if quantity < 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 0.",
            code="parameter_invalid_integer",
            param=f"{param}[quantity]",
        )
    return quantity


def _check(items: list[Json]) -> None:
    if not items:
        raise InvalidRequest("A subscription must have at least one active item.", param="items")
    if len(items) > _MOST_ITEMS:
        raise InvalidRequest(f"A subscription can have at most {_MOST_ITEMS} items.", param="items")
    cycles = {(each["price"]["recurring"]["interval"], each["price"]["recurring"]["interval_count"]) for each in items}
    if len(cycles) > 1 or len({each["price"]["currency"] for each in items}) > 1:
        raise InvalidRequest(
            "Currency and interval fields must match across all prices of this subscription.", param="items"
        )
    used = [each["price"]["id"] for each in items]
    if len(set(used)) < len(used):
        raise InvalidRequest("Two items of a subscription cannot have the same price.", param="items")
