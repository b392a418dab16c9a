"""The money of a price as a request gives it: one amount a unit, or tiers. Amounts are minor units, or fractions."""

from decimal import Decimal
from typing import Any

from infra.local.stripe.currencies import LEAST_BY_CURRENCY
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.values import Json

PARAMETERS = "billing_scheme tiers tiers_mode transform_quantity unit_amount unit_amount_decimal"


def given(params: Json) -> Json:
    """The members of a price that say what it costs. InvalidRequest when they contradict each other."""
    currency = params["currency"].lower()
    if currency not in LEAST_BY_CURRENCY:
        raise InvalidRequest(
            f"Invalid currency: {currency}. The local Stripe supports these currencies: {', '.join(LEAST_BY_CURRENCY)}",
            param="currency",
        )
    scheme = params.get("billing_scheme", "per_unit")
    amounts = _tiered(params) if scheme == "tiered" else _per_unit(params)
    return {"billing_scheme": scheme, "currency": currency, "custom_unit_amount": None, **amounts}


def _per_unit(params: Json) -> Json:
    if "tiers" in params or "tiers_mode" in params:
        raise InvalidRequest("Tiers need `billing_scheme=tiered`.", param="tiers")
    amounts = _amount(params, "unit_amount")
    if amounts["unit_amount_decimal"] is None:
        raise InvalidRequest(
            "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.", param="unit_amount"
        )
    packs = params.get("transform_quantity")
    if packs and packs["divide_by"] < 1:
        raise InvalidRequest("This value must be greater than or equal to 1.", param="transform_quantity[divide_by]")
    return {**amounts, "tiers_mode": None, "transform_quantity": packs, "_tiers": None}


def _tiered(params: Json) -> Json:
    for name in ("unit_amount", "unit_amount_decimal", "transform_quantity"):
        if name in params:
            raise InvalidRequest(f"You cannot set `{name}` with `billing_scheme=tiered`.", param=name)
    for name in ("tiers", "tiers_mode"):
        if not params.get(name):
            raise InvalidRequest(f"Missing required param: {name}.", code="parameter_missing", param=name)
    tiers = [_tier(tier, f"tiers[{index}]") for index, tier in enumerate(params["tiers"])]
    bounds = [tier["up_to"] for tier in tiers]
    if (
        bounds[-1] is not None
        or None in bounds[:-1]
        or any(a >= b for a, b in zip([0, *bounds], bounds[:-1], strict=False))
    ):
        raise InvalidRequest("`up_to` must rise from tier to tier, and end with `inf`.", param="tiers")
    no_amount = {"unit_amount": None, "unit_amount_decimal": None, "transform_quantity": None}
    return {**no_amount, "tiers_mode": params["tiers_mode"], "_tiers": tiers}


def _tier(given: Json, param: str) -> Json:
    tier = {"up_to": None if given["up_to"] == "inf" else given["up_to"]}
    amounts = _amount(given, "unit_amount", param) | _amount(given, "flat_amount", param)
    if amounts["unit_amount_decimal"] is None and amounts["flat_amount_decimal"] is None:
        raise InvalidRequest("A tier needs a `unit_amount` or a `flat_amount`.", param=param)
    return tier | amounts


def _amount(given: Json, name: str, within: str = "") -> Json:
    """The amount as whole minor units (None when it is a fraction) and as decimal text (None when not given)."""
    precise = f"{name}_decimal"
    param = f"{within}[{name}]" if within else name
    if name in given and precise in given:
        raise InvalidRequest(f"You may only specify one of these parameters: {name}, {precise}.", param=param)
    value: Any = given.get(name, given.get(precise))
    if value is None:
        return {name: None, precise: None}
    if value < 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 0.", code="parameter_invalid_integer", param=param
        )
    whole = int(value) if value == int(value) else None
    return {name: whole, precise: str(whole) if whole is not None else f"{Decimal(value).normalize():f}"}
