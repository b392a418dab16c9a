"""Discounts: coupons and promotion codes redeemed for an invoice, one of its lines, a customer or a subscription.

A discount keeps the coupon as it was, so that it outlives it. `redeemed` reads a `discounts` parameter, `reductions`
gives the arithmetic what it needs, and `lasting` says which discounts count for the next invoice of a subscription.
"""

from collections.abc import Iterable
from fractions import Fraction

from infra.local.stripe.arithmetic import Reduction
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.periods import months_after
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_OWNERS = ("checkout_session", "invoice", "invoice_item", "subscription", "subscription_item")


def redeemed(call: Call, given: list[Json], customer_id: str, **owner: str) -> list[str]:
    """The ids of the discounts that the parameter asks for: existing ones, or new ones that belong to `owner`."""
    return [_one(call, each, customer_id, owner) for each in given]


def redeem(call: Call, coupon: Json, promotion_code: str | None, customer_id: str, **owner: str) -> Json:
    """A new discount by this coupon. InvalidRequest when the coupon is used up or out of date."""
    if not is_valid(coupon, call.now()):
        raise InvalidRequest(f"Coupon expired: {coupon['id']}", code="coupon_expired", param="coupon")
    call.store.save(coupon | {"times_redeemed": coupon["times_redeemed"] + 1})
    months = coupon["duration_in_months"]
    return call.store.add(
        {
            "id": call.new_id("di", 24),
            "object": "discount",
            "customer": customer_id,
            "customer_account": None,
            "end": months_after(call.now(), months) if months else None,
            "promotion_code": promotion_code,
            "source": {"coupon": coupon["id"], "type": "coupon"},
            "start": call.now(),
            **{name: owner.get(name) for name in _OWNERS},
            "_coupon": coupon,
            "_created": call.now(),
        }
    )


def is_valid(coupon: Json, now: int) -> bool:
    """Whether the coupon can be redeemed now."""
    if "_deleted" in coupon or (coupon["redeem_by"] is not None and now >= coupon["redeem_by"]):
        return False
    return coupon["max_redemptions"] is None or coupon["times_redeemed"] < coupon["max_redemptions"]


def reductions(call: Call, ids: Iterable[str], currency: str) -> tuple[Reduction, ...]:
    """What these discounts take off documents in this currency."""
    found = [call.named("discount", discount) for discount in ids]
    return tuple(_reduction(discount) for discount in found if discount["_coupon"]["currency"] in (None, currency))


def lasting(call: Call, ids: Iterable[str], at: int) -> list[str]:
    """Those that still count for an invoice made at this second, after at least one other invoice."""
    found = [call.named("discount", discount) for discount in ids]
    return [
        each["id"]
        for each in found
        if each["_coupon"]["duration"] != "once" and (each["end"] is None or at < each["end"])
    ]


def _one(call: Call, given: Json, customer_id: str, owner: Json) -> str:
    if len(given) != 1:
        raise InvalidRequest(
            "Each discount takes exactly one of `coupon`, `discount` and `promotion_code`.", param="discounts"
        )
    if "discount" in given:
        return str(_named(call, "discount", given["discount"])["id"])
    if "promotion_code" in given:
        code = _named(call, "promotion_code", given["promotion_code"])
        return str(_by_code(call, code, customer_id, owner)["id"])
    return str(redeem(call, _named(call, "coupon", given["coupon"]), None, customer_id, **owner)["id"])


def _by_code(call: Call, code: Json, customer_id: str, owner: Json) -> Json:
    late = code["expires_at"] is not None and call.now() >= code["expires_at"]
    spent = code["max_redemptions"] is not None and code["times_redeemed"] >= code["max_redemptions"]
    if not code["active"] or late or spent or code["customer"] not in (None, customer_id):
        raise InvalidRequest(
            "This promotion code cannot be redeemed.", code="promotion_code_invalid", param="discounts"
        )
    if code["restrictions"]["first_time_transaction"] and _has_paid(call, customer_id):
        raise InvalidRequest("This promotion code is for first-time customers only.", param="discounts")
    call.store.save(code | {"times_redeemed": code["times_redeemed"] + 1})
    return redeem(call, call.named("coupon", code["promotion"]["coupon"]), code["id"], customer_id, **owner)


def _has_paid(call: Call, customer_id: str) -> bool:
    return any(call.store.find(Query("charge", {"customer": customer_id, "status": "succeeded"})))


def _named(call: Call, kind: str, object_id: str) -> Json:
    found = call.store.get(kind, object_id)
    if found is None or found.get("deleted"):
        raise InvalidRequest(f"No such {kind}: '{object_id}'", code="resource_missing", param="discounts")
    return found


def _reduction(discount: Json) -> Reduction:
    coupon = discount["_coupon"]
    percent = coupon["percent_off"]
    products = (coupon["applies_to"] or {}).get("products")
    return Reduction(
        discount["id"],
        Fraction(str(percent)) if percent is not None else None,
        coupon["amount_off"],
        frozenset(products) if products else None,
    )
