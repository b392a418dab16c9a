"""Prices: what a product costs, once or in every period. An amount never changes; a new price replaces an old one."""

from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.resources import price_amounts, products
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed

# The longest period is three years, as with Stripe.
_MOST_INTERVALS = {"day": 1095, "week": 156, "month": 36, "year": 3}


def create(call: Call) -> Json:
    """A new price of a product; `product_data` makes the product with it."""
    amounts = price_amounts.given(call.params)
    recurring = _recurring(call)
    body = (
        call.begin("price", "price")
        | amounts
        | {
            "active": call.params.get("active", True),
            "lookup_key": call.text("lookup_key"),
            "metadata": call.metadata({}),
            "nickname": call.text("nickname"),
            "product": _product(call),
            "recurring": recurring,
            "tax_behavior": call.params.get("tax_behavior", "unspecified"),
            "type": "recurring" if recurring else "one_time",
        }
    )
    _take_lookup_key(call, body)
    call.store.add(body)
    call.emit("price.created", body)
    return body


def create_with_product(call: Call) -> Json:
    """A new product; `default_price_data` makes its first price with it."""
    product = products.create(call)
    given = call.params.get("default_price_data")
    if given is None:
        return product
    price = create(replace(call, params={**given, "product": product["id"]}))
    return call.store.save(product | {"default_price": price["id"]})


def ad_hoc(call: Call, given: Json) -> Json:
    """The price that a `price_data` parameter describes: kept but inactive, so that it is used this once."""
    if "product" not in given and "product_data" not in given:
        raise InvalidRequest("You must specify either `product` or `product_data`.", param="price_data[product]")
    return create(replace(call, params={**given, "active": False}))


def update(call: Call, price: str) -> Json:
    """Change what is not money. InvalidRequest when a settled tax behaviour would change."""
    before = call.named("price", price, "price")
    after = before | {
        "active": call.params.get("active", before["active"]),
        "lookup_key": call.text("lookup_key", before["lookup_key"]),
        "metadata": call.metadata(before["metadata"]),
        "nickname": call.text("nickname", before["nickname"]),
        "tax_behavior": call.params.get("tax_behavior", before["tax_behavior"]),
    }
    if before["tax_behavior"] not in ("unspecified", after["tax_behavior"]):
        raise InvalidRequest("You cannot change `tax_behavior` once it is set.", param="tax_behavior")
    if after["lookup_key"] != before["lookup_key"]:
        _take_lookup_key(call, after)
    call.store.save(after)
    call.emit("price.updated", after, changed(before, after))
    return after


def retrieve(call: Call, price: str) -> Json:
    """The price."""
    return call.named("price", price, "price")


def every(call: Call) -> Json:
    """Prices, newest first."""
    equal: Json = {name: call.params[name] for name in ("active", "currency", "product", "type") if name in call.params}
    keys, recurring = call.params.get("lookup_keys"), call.params.get("recurring", {})

    def keeps(price: Json) -> bool:
        fits = all((price["recurring"] or {}).get(name) == value for name, value in recurring.items())
        return fits and (not keys or price["lookup_key"] in keys)

    return page_where(call, "price", equal, keeps)


def plan_of(price: Json) -> Json:
    """The same recurring price in the older shape that a subscription item still carries."""
    shared = ("active", "billing_scheme", "created", "currency", "id", "livemode", "metadata", "nickname", "product")
    recurring = price["recurring"]
    return {name: price[name] for name in (*shared, "tiers_mode")} | {
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "meter": recurring["meter"],
        "object": "plan",
        "transform_usage": price["transform_quantity"],
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }


def _product(call: Call) -> str:
    given = call.params.get("product_data")
    if given is not None and "product" not in call.params:
        return str(products.create(replace(call, params=given))["id"])
    product = call.referred("product", "product")
    if given is not None or not product:
        raise InvalidRequest("You must specify one of `product` and `product_data`.", param="product")
    if not product["active"]:
        raise InvalidRequest(f"The product {product['id']} is marked as inactive.", param="product")
    return str(product["id"])


def _recurring(call: Call) -> Json | None:
    given = call.params.get("recurring")
    if given is None:
        return None
    interval, count = given["interval"], given.get("interval_count", 1)
    if not 1 <= count <= _MOST_INTERVALS[interval]:
        raise InvalidRequest(
            f"`interval_count` must be from 1 to {_MOST_INTERVALS[interval]} for the interval {interval}.",
            param="recurring[interval_count]",
        )
    usage, meter = given.get("usage_type", "licensed"), given.get("meter")
    if (usage == "metered") != bool(meter):
        raise InvalidRequest("A metered price, and no other, must name its meter.", param="recurring[meter]")
    if meter and not _active_meter(call, meter):
        raise InvalidRequest(f"No such meter: '{meter}'", code="resource_missing", param="recurring[meter]")
    more = {"meter": meter, "trial_period_days": given.get("trial_period_days"), "usage_type": usage}
    return {"interval": interval, "interval_count": count, **more}


def _active_meter(call: Call, meter: str) -> bool:
    found = call.store.get("billing.meter", meter)
    return found is not None and found["status"] == "active"


def _take_lookup_key(call: Call, price: Json) -> None:
    """A lookup key names one price: it is refused, or taken from the price that has it."""
    if not price["lookup_key"]:
        return
    for holder in call.store.find(Query("price", {"lookup_key": price["lookup_key"]})):
        if not call.params.get("transfer_lookup_key"):
            raise InvalidRequest(f"A price (`{holder['id']}`) already uses that lookup key.", param="lookup_key")
        call.store.save(holder | {"lookup_key": None})


_ONE = "/v1/prices/<price>"
_EDITABLE = "active lookup_key metadata nickname tax_behavior transfer_lookup_key"
_LISTED = "active created currency lookup_keys product recurring type"
ROUTES = (
    # Here and not with products, which know nothing of prices.
    route(
        "POST",
        "/v1/products",
        create_with_product,
        sdk.ProductCreateParams,
        f"{products.FIELDS} id type default_price_data",
    ),
    route(
        "POST",
        "/v1/prices",
        create,
        sdk.PriceCreateParams,
        f"{_EDITABLE} {price_amounts.PARAMETERS} currency product product_data recurring",
    ),
    route("GET", "/v1/prices", every, sdk.PriceListParams, f"{PAGING} {_LISTED}"),
    route("GET", _ONE, retrieve, sdk.PriceRetrieveParams),
    route("POST", _ONE, update, sdk.PriceUpdateParams, _EDITABLE),
)
