"""Line items: what a checkout session or a payment link sells, each with its price, in the order it was given."""

from infra.local.stripe import tariffs
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import page
from infra.local.stripe.params import one_of, only
from infra.local.stripe.resources import prices
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, listing, public

_FIELDS = "price price_data quantity metadata"
_MOST_ITEMS = 100
_PAGE = 10


def made(call: Call) -> list[Json]:
    """The items of the request, not kept yet; `price_data` makes a price. InvalidRequest when currencies differ."""
    given = call.params.get("line_items", [])
    if len(given) > _MOST_ITEMS:
        raise InvalidRequest(f"You can have at most {_MOST_ITEMS} line items.", param="line_items")
    items = [_item(call, each, f"line_items[{number}]") for number, each in enumerate(given)]
    currencies = {item["currency"] for item in items}
    if len(currencies) > 1:
        raise InvalidRequest(
            f"All line items must have the same currency, not {', '.join(sorted(currencies))}.", param="line_items"
        )
    return items


def keep(call: Call, items: list[Json], owner_id: str) -> None:
    """Keep the items as those of this session or link."""
    for item in reversed(items):  # lists begin with what was kept last
        call.store.add(item | {"id": call.new_id("li", 24), "_of": owner_id})


def of(call: Call, owner_id: str) -> list[Json]:
    """All items of a session or link, in order."""
    return call.store.find(Query("item", {"_of": owner_id}))


def listed(call: Call, owner_id: str) -> Json:
    """One page of the items, as the request asks."""
    return page(call, "item", _of=owner_id)


def inlined(call: Call, owner: Json, url: str) -> Json:
    """The first items, as they stand in an expanded session or link."""
    items = [public(item) for item in of(call, owner["id"])]
    return listing(url, items[:_PAGE], has_more=len(items) > _PAGE)


def _item(call: Call, given: Json, param: str) -> Json:
    only(given, _FIELDS, param)
    price = _price(call, given, param)
    metered = (price["recurring"] or {}).get("usage_type") == "metered"
    quantity = None if metered else _quantity(given, f"{param}[quantity]")
    amount = tariffs.total(price, quantity) if quantity else 0
    return {
        "id": "",
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": call.named("product", price["product"])["name"],
        "metadata": given.get("metadata", {}),
        "price": public(price),
        "quantity": quantity,
    }


def _quantity(given: Json, param: str) -> int:
    quantity: int | None = given.get("quantity")
    if quantity is None:
        raise InvalidRequest(f"Missing required param: {param}.", code="parameter_missing", param=param)
    if quantity < 1:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=param
        )
    return quantity


def _price(call: Call, given: Json, param: str) -> Json:
    one_of(given, "price", "price_data")
    if "price_data" in given:
        return prices.ad_hoc(call, given["price_data"])
    if "price" not in given:
        raise InvalidRequest(
            "You must specify either `price` or `price_data` when creating a line item.",
            code="parameter_missing",
            param=f"{param}[price]",
        )
    price = call.store.get("price", given["price"])
    if price is None:
        raise InvalidRequest(f"No such price: '{given['price']}'", code="resource_missing", param=f"{param}[price]")
    if not price["active"]:
        raise InvalidRequest(
            "The price specified is inactive. This field only accepts active prices.", param=f"{param}[price]"
        )
    return price
