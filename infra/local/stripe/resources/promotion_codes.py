"""Promotion codes: words by which customers redeem a coupon."""

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.params import moment, only
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed


def create(call: Call) -> Json:
    """A new code of a coupon. InvalidRequest when an active code has the same word, whatever its case."""
    coupon, customer = _coupon(call), call.referred("customer", "customer")
    body = call.begin("promotion_code", "promo")
    body |= {
        "active": call.params.get("active", True),
        "code": call.params.get("code", body["id"][-8:].upper()),
        "customer": customer["id"] if customer else None,
        "customer_account": None,
        "expires_at": call.params.get("expires_at"),
        "max_redemptions": call.params.get("max_redemptions"),
        "metadata": call.metadata({}),
        "promotion": {"coupon": coupon["id"], "type": "coupon"},
        "restrictions": _restrictions(call),
        "times_redeemed": 0,
    }
    if body["expires_at"] is not None and moment(body["expires_at"], "expires_at") <= call.now():
        raise InvalidRequest("`expires_at` must be in the future.", param="expires_at")
    if any(each["code"].lower() == body["code"].lower() for each in call.store.find(Query("promotion_code", _ACTIVE))):
        raise InvalidRequest(f"An active promotion code with the code {body['code']} already exists.", param="code")
    call.store.add(body)
    call.emit("promotion_code.created", body)
    return body


def update(call: Call, promotion_code: str) -> Json:
    """Change whether it can be redeemed, or its metadata."""
    before = call.named("promotion_code", promotion_code, "promotion_code")
    after = before | {
        "active": call.params.get("active", before["active"]),
        "metadata": call.metadata(before["metadata"]),
    }
    call.store.save(after)
    call.emit("promotion_code.updated", after, changed(before, after))
    return after


def retrieve(call: Call, promotion_code: str) -> Json:
    """The code."""
    return call.named("promotion_code", promotion_code, "promotion_code")


def every(call: Call) -> Json:
    """Codes, newest first."""
    fixed = {"promotion.coupon": call.params["coupon"]} if "coupon" in call.params else {}
    return page(call, "promotion_code", "active", "code", "customer", **fixed)


def _coupon(call: Call) -> Json:
    given = call.params["promotion"].get("coupon")
    coupon = call.store.get("coupon", given) if given else None
    if coupon is None:
        raise InvalidRequest(f"No such coupon: '{given}'", code="resource_missing", param="promotion[coupon]")
    return coupon


def _restrictions(call: Call) -> Json:
    given = only(call.params.get("restrictions", {}), "first_time_transaction", "restrictions")
    return {
        "first_time_transaction": given.get("first_time_transaction", False),
        "minimum_amount": None,
        "minimum_amount_currency": None,
    }


_ACTIVE = {"active": True}
_ONE = "/v1/promotion_codes/<promotion_code>"
_FIELDS = "active code customer expires_at max_redemptions metadata promotion restrictions"
ROUTES = (
    route("POST", "/v1/promotion_codes", create, sdk.PromotionCodeCreateParams, _FIELDS),
    route(
        "GET",
        "/v1/promotion_codes",
        every,
        sdk.PromotionCodeListParams,
        f"{PAGING} active code coupon created customer",
    ),
    route("GET", _ONE, retrieve, sdk.PromotionCodeRetrieveParams),
    route("POST", _ONE, update, sdk.PromotionCodeUpdateParams, "active metadata"),
)
