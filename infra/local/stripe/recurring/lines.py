"""The invoice lines of a subscription: what a period costs, what was used in one, and what a change is worth."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from infra.local.stripe import tariffs, usage
from infra.local.stripe.call import Call
from infra.local.stripe.invoice_shapes import Line
from infra.local.stripe.proration import share
from infra.local.stripe.recurring import shapes
from infra.local.stripe.values import Json

Period = tuple[int, int]
_SYMBOLS = {"eur": "\u20ac", "gbp": "\u00a3", "usd": "$"}
_TIMES = "\u00d7"


def of_period(call: Call, subscription: Json, period: Period) -> list[Line]:
    """What its licensed items cost for a whole period, in advance."""
    return [line for item in _licensed(subscription) for line in _charges(call, subscription, item, period)]


def of_part(call: Call, subscription: Json, part: Period, whole: Period, *, free: bool = False) -> list[Line]:
    """What its licensed items cost for the part of a period that ends with the whole or was cut off its end."""
    lines = of_period(call, subscription, part)
    seconds = 0 if free else part[1] - part[0]
    moment = whole[1] - seconds
    return [replace(line, amount=share(line.amount, moment, whole), parent=_prorated(line.parent)) for line in lines]


def of_trial(call: Call, subscription: Json, period: Period) -> list[Line]:
    """The lines of a trial, which is free."""
    return [
        replace(_line(subscription, item, period, 0, f"Trial period for {_product(call, item)}"), discountable=False)
        for item in shapes.items_of(subscription)
    ]


def of_usage(call: Call, subscription: Json, period: Period) -> list[Line]:
    """What was used of its metered items in a period that is over."""
    return [
        line
        for item in shapes.items_of(subscription)
        if _is_metered(item)
        for line in _charges(call, subscription, item, period)
    ]


def unused(call: Call, subscription: Json, items: list[Json], moment: int) -> Iterator[Line]:
    """Credits for the rest of the period that was paid for these items in advance."""
    for item in items:
        yield from _rest(call, subscription, item, moment, sign=-1)


def remaining(call: Call, subscription: Json, items: list[Json], moment: int) -> Iterator[Line]:
    """Charges for the rest of the present period of these items."""
    for item in items:
        yield from _rest(call, subscription, item, moment, sign=1)


def _rest(call: Call, subscription: Json, item: Json, moment: int, *, sign: int) -> Iterator[Line]:
    if _is_metered(item) or moment >= item["current_period_end"]:
        return
    period = (item["current_period_start"], item["current_period_end"])
    whole, left = shapes.whole_period(subscription, period[0]), period[1] - max(moment, period[0])
    amount = share(tariffs.total(_price(call, item), item["quantity"]), whole[1] - left, whole)
    day = datetime.fromtimestamp(moment, UTC).strftime("%d %b %Y")
    product, count = _product(call, item), item["quantity"]
    many = f"{count} {_TIMES} {product}" if count != 1 else product
    about = f"{'Remaining' if sign > 0 else 'Unused'} time on {many} after {day}"
    line = _line(subscription, item, (moment, period[1]), sign * amount, about)
    yield replace(line, quantity=count, discountable=False, parent=_prorated(line.parent))


def _charges(call: Call, subscription: Json, item: Json, period: Period) -> Iterator[Line]:
    price = _price(call, item)
    metered = _is_metered(item)
    quantity = usage.billed(call, price, subscription["customer"], *period) if metered else item["quantity"]
    for part in tariffs.parts(price, quantity):
        about = f"{part.quantity} {_TIMES} {_product(call, item)}{_at(price, part)}"
        line = _line(subscription, item, period, part.amount, about)
        yield replace(line, quantity=part.quantity, unit_amount_decimal=part.unit_amount)


def _line(subscription: Json, item: Json, period: Period, amount: int, about: str) -> Line:
    return Line(
        amount,
        period[0],
        period[1],
        _parent(subscription, item),
        about,
        price=item["price"],
        discounts=tuple(item["discounts"]),
        tax_rates=tuple(item["tax_rates"]),
        metadata=subscription["metadata"],
    )


def _parent(subscription: Json, item: Json) -> Json:
    return {
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": False,
            "proration_details": {"credited_items": None},
            "subscription": subscription["id"],
            "subscription_item": item["id"],
        },
        "type": "subscription_item_details",
    }


def _prorated(parent: Json | None) -> Json:
    parent = parent or {}
    return parent | {"subscription_item_details": parent["subscription_item_details"] | {"proration": True}}


def _at(price: Json, part: tariffs.Part) -> str:
    if part.tier:
        return f" (Tier {part.tier})"
    if price["unit_amount"] is None:
        return ""
    recurring = price["recurring"]
    count, interval = recurring["interval_count"], recurring["interval"]
    code: str = price["currency"]
    amount = f"{_SYMBOLS.get(code, f'{code.upper()} ')}{price['unit_amount'] / 100:.2f}"
    return f" (at {amount} / {interval})" if count == 1 else f" (at {amount} every {count} {interval}s)"


def _licensed(subscription: Json) -> list[Json]:
    return [item for item in shapes.items_of(subscription) if not _is_metered(item)]


def _is_metered(item: Json) -> bool:
    return bool(item["price"]["recurring"]["usage_type"] == "metered")


def _price(call: Call, item: Json) -> Json:
    return call.named("price", item["price"]["id"])


def _product(call: Call, item: Json) -> str:
    return str(call.named("product", item["price"]["product"]).get("name", "Deleted product"))
