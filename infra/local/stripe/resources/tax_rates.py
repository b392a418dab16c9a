"""Tax rates: a percentage that is part of the price or comes on top, and that never changes."""

from decimal import Decimal

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest, no_such
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.values import Json, changed

_TEXTS = ("country", "description", "jurisdiction", "state", "tax_type")
_EDITABLE = f"{' '.join(_TEXTS)} active display_name metadata"
_DECIMALS = 4


def create(call: Call) -> Json:
    """A new rate. InvalidRequest unless the percentage is from 0 to 100 with at most four decimals."""
    percentage = Decimal(call.params["percentage"])
    if not 0 <= percentage <= 100 or round(percentage, _DECIMALS) != percentage:
        raise InvalidRequest(
            "The percentage must be from 0 to 100 and have at most 4 decimal places.", param="percentage"
        )
    body = call.begin("tax_rate", "txr") | {
        **{name: call.text(name) for name in _TEXTS},
        "active": call.params.get("active", True),
        "display_name": call.params["display_name"],
        "effective_percentage": None,
        "flat_amount": None,
        "inclusive": call.params["inclusive"],
        "jurisdiction_level": None,
        "metadata": call.metadata({}),
        "percentage": float(percentage),
        "rate_type": "percentage",
    }
    call.store.add(body)
    call.emit("tax_rate.created", body)
    return body


def update(call: Call, tax_rate: str) -> Json:
    """Change how the rate is described, or whether new documents may use it."""
    before = call.named("tax_rate", tax_rate, "tax_rate")
    after = before | {name: call.text(name, before[name]) for name in _TEXTS}
    after["active"] = call.params.get("active", before["active"])
    after["display_name"] = call.params.get("display_name", before["display_name"])
    after["metadata"] = call.metadata(before["metadata"])
    call.store.save(after)
    call.emit("tax_rate.updated", after, changed(before, after))
    return after


def retrieve(call: Call, tax_rate: str) -> Json:
    """The rate."""
    return call.named("tax_rate", tax_rate, "tax_rate")


def every(call: Call) -> Json:
    """Rates, newest first."""
    return page(call, "tax_rate", "active", "inclusive")


def usable(call: Call, ids: list[str] | str, param: str) -> list[Json]:
    """The whole rates that a parameter names, none for an empty one. InvalidRequest for one that must not be used."""
    rates = [call.store.get("tax_rate", tax_rate) or _unknown(tax_rate, param) for tax_rate in ids or []]
    for rate in rates:
        if not rate["active"]:
            raise InvalidRequest(f"The tax rate {rate['id']} is archived.", param=param)
    return rates


def _unknown(tax_rate: str, param: str) -> Json:
    raise InvalidRequest(no_such("tax rate", tax_rate), code="resource_missing", param=param)


_ONE = "/v1/tax_rates/<tax_rate>"
ROUTES = (
    route("POST", "/v1/tax_rates", create, sdk.TaxRateCreateParams, f"{_EDITABLE} inclusive percentage"),
    route("GET", "/v1/tax_rates", every, sdk.TaxRateListParams, f"{PAGING} active created inclusive"),
    route("GET", _ONE, retrieve, sdk.TaxRateRetrieveParams),
    route("POST", _ONE, update, sdk.TaxRateUpdateParams, _EDITABLE),
)
