"""Coupons: a percentage or an amount off, once, for some months or for ever. What it takes off never changes."""

import re
from decimal import Decimal

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.currencies import LEAST_BY_CURRENCY
from infra.local.stripe.discounts import is_valid
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.params import moment
from infra.local.stripe.values import Json, changed

_MOST_MONTHS = 1200


def create(call: Call) -> Json:
    """A new coupon. InvalidRequest when it takes off nothing or two things, or when its id is taken."""
    body = call.begin("coupon", "coupon", 8)
    body |= {
        **_value(call.params),
        **_duration(call.params),
        "applies_to": _products(call),
        "id": call.params.get("id", body["id"].removeprefix("coupon_")),
        "max_redemptions": _positive(call.params, "max_redemptions"),
        "metadata": call.metadata({}),
        "name": call.text("name"),
        "redeem_by": call.params.get("redeem_by"),
        "times_redeemed": 0,
    }
    if not re.fullmatch(r"[\w-]{1,200}", body["id"], re.ASCII):
        raise InvalidRequest("A coupon id holds letters, digits, dashes and underscores only.", param="id")
    if call.store.position("coupon", body["id"]):
        raise InvalidRequest("Coupon already exists.", code="resource_already_exists", param="id")
    if body["redeem_by"] is not None and moment(body["redeem_by"], "redeem_by") <= call.now():
        raise InvalidRequest("`redeem_by` must be in the future.", param="redeem_by")
    call.store.add(body)
    call.emit("coupon.created", shown(call, body))
    return shown(call, body)


def update(call: Call, coupon: str) -> Json:
    """Change the name or the metadata."""
    before = call.named("coupon", coupon, "coupon")
    after = before | {"name": call.text("name", before["name"]), "metadata": call.metadata(before["metadata"])}
    call.store.save(after)
    call.emit("coupon.updated", shown(call, after), changed(before, after))
    return shown(call, after)


def retrieve(call: Call, coupon: str) -> Json:
    """The coupon."""
    return shown(call, call.named("coupon", coupon, "coupon"))


def every(call: Call) -> Json:
    """Coupons, newest first."""
    found = page(call, "coupon")
    return found | {"data": [shown(call, each) for each in found["data"]]}


def delete(call: Call, coupon: str) -> Json:
    """Let nobody redeem it any more; discounts that it has given stay."""
    before = call.named("coupon", coupon, "coupon")
    call.store.save(before | {"_deleted": True})
    call.store.remove("coupon", before["id"])
    call.emit("coupon.deleted", shown(call, before))
    return {"id": before["id"], "object": "coupon", "deleted": True}


def shown(call: Call, coupon: Json) -> Json:
    """The coupon, and whether anybody could redeem it now."""
    return coupon | {"valid": is_valid(coupon, call.now())}


def _value(params: Json) -> Json:
    percent, amount = params.get("percent_off"), params.get("amount_off")
    if (percent is None) == (amount is None):
        raise InvalidRequest("Give exactly one of `percent_off` and `amount_off`.", param="percent_off")
    if percent is not None:
        if not 0 < Decimal(percent) <= 100 or round(Decimal(percent), 2) != percent:
            raise InvalidRequest("`percent_off` must be above 0 and at most 100, with 2 decimals.", param="percent_off")
        return {"amount_off": None, "currency": None, "percent_off": float(percent)}
    currency = params.get("currency", "").lower()
    if currency not in LEAST_BY_CURRENCY:
        raise InvalidRequest("You must pass a supported currency when passing an amount_off.", param="currency")
    return {"amount_off": _positive(params, "amount_off"), "currency": currency, "percent_off": None}


def _duration(params: Json) -> Json:
    duration, months = params.get("duration", "once"), _positive(params, "duration_in_months")
    if months is not None and months > _MOST_MONTHS:
        raise InvalidRequest(f"A coupon lasts at most {_MOST_MONTHS} months.", param="duration_in_months")
    if (duration == "repeating") != (months is not None):
        raise InvalidRequest("A repeating coupon, and no other, has `duration_in_months`.", param="duration_in_months")
    return {"duration": duration, "duration_in_months": months}


def _products(call: Call) -> Json | None:
    products = call.params.get("applies_to", {}).get("products")
    for product in products or []:
        call.named("product", product, "applies_to[products]")
    return {"products": products} if products else None


def _positive(params: Json, name: str) -> int | None:
    value: int | None = params.get(name)
    if value is not None and value < 1:
        raise InvalidRequest("Invalid positive integer", code="parameter_invalid_integer", param=name)
    return value


_FIELDS = (
    "amount_off applies_to currency duration duration_in_months id max_redemptions metadata name percent_off redeem_by"
)
_ONE = "/v1/coupons/<coupon>"
ROUTES = (
    route("POST", "/v1/coupons", create, sdk.CouponCreateParams, _FIELDS),
    route("GET", "/v1/coupons", every, sdk.CouponListParams, f"{PAGING} created"),
    route("GET", _ONE, retrieve, sdk.CouponRetrieveParams),
    route("POST", _ONE, update, sdk.CouponUpdateParams, "metadata name"),
    route("DELETE", _ONE, delete, sdk.CouponDeleteParams),
)
