"""The phases of a subscription schedule: read from a request, and turned into what a subscription is asked to be.

Phases follow each other without a gap. One that is given neither an end nor a duration lasts for one billing period.
"""

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import moment, one_of, only, within
from infra.local.stripe.periods import Cycle
from infra.local.stripe.recurring.items import price_of
from infra.local.stripe.values import Json

_HONOURED = (
    "billing_cycle_anchor collection_method default_payment_method default_tax_rates description discounts "
    "duration end_date invoice_settings items metadata proration_behavior start_date trial trial_end"
)
_MOST_PHASES = 10
_OF_THE_SUBSCRIPTION = ("collection_method", "default_payment_method", "description")


def read(call: Call, given: list[Json], start: int) -> list[Json]:
    """The phases that a request describes, the first of which begins at the start. InvalidRequest for gaps."""
    if not 1 <= len(given) <= _MOST_PHASES:
        raise InvalidRequest(f"A schedule has 1 to {_MOST_PHASES} current and future phases.", param="phases")
    phases: list[Json] = []
    for index, each in enumerate(given):
        phases.append(_phase(call, each, phases[-1]["end_date"] if phases else start, f"phases[{index}]"))
    return phases


def of_subscription(subscription: Json) -> Json:
    """The phase that a subscription is in without knowing: its present period, as it is."""
    items = subscription["items"]["data"]
    return {
        **_UNSET,
        "collection_method": None,
        "currency": subscription["currency"],
        "default_payment_method": subscription["default_payment_method"],
        "default_tax_rates": subscription["default_tax_rates"],
        "description": subscription["description"],
        "discounts": [{"coupon": None, "discount": each, "promotion_code": None} for each in subscription["discounts"]],
        "end_date": items[0]["current_period_end"],
        "items": [_item(each["price"], each["quantity"], each["metadata"], each["tax_rates"]) for each in items],
        "metadata": {},
        "proration_behavior": "create_prorations",
        "start_date": items[0]["current_period_start"],
        "trial_end": subscription["trial_end"] if subscription["status"] == "trialing" else None,
    }


def at(schedule: Json, second: int) -> Json | None:
    """The phase that this second lies in."""
    return next((each for each in schedule["phases"] if each["start_date"] <= second < each["end_date"]), None)


def wanted(phase: Json, items: list[Json]) -> Json:
    """The parameters that make a subscription with these items what the phase says."""
    left = {each["price"]["id"]: each["id"] for each in items}
    changes: list[Json] = []
    for each in phase["items"]:
        change: Json = {"metadata": each["metadata"]} | (
            {} if each["quantity"] is None else {"quantity": each["quantity"]}
        )
        if each["tax_rates"]:
            change["tax_rates"] = [rate["id"] for rate in each["tax_rates"]]
        known = left.pop(each["price"], None)
        changes.append(change | ({"id": known} if known else {"price": each["price"]}))
    changes += [{"id": gone, "deleted": True} for gone in left.values()]
    discounts = [{name: value for name, value in each.items() if value} for each in phase["discounts"]]
    return _settings(phase, begun=bool(items)) | {
        "discounts": discounts or "",
        "items": changes,
        "metadata": phase["metadata"],
        "proration_behavior": phase["proration_behavior"],
    }


def _settings(phase: Json, *, begun: bool) -> Json:
    """The parameters for all that is not an item; an anchor at the start of the phase moves one that is there."""
    settings = {name: phase[name] for name in _OF_THE_SUBSCRIPTION if phase[name] is not None}
    if phase["collection_method"] == "send_invoice":
        settings["days_until_due"] = (phase["invoice_settings"] or {}).get("days_until_due", 30)
    if phase["default_tax_rates"]:
        settings["default_tax_rates"] = [rate["id"] for rate in phase["default_tax_rates"]]
    if phase["billing_cycle_anchor"] == "phase_start" and begun:
        settings["billing_cycle_anchor"] = {"type": "now"}
    if phase["trial_end"]:
        settings["trial_end"] = phase["trial_end"]
    return settings


_UNSET: Json = {
    **dict.fromkeys(("application_fee_percent", "billing_cycle_anchor", "billing_thresholds", "invoice_settings")),
    **dict.fromkeys(("on_behalf_of", "transfer_data", "trial", "trial_end")),
    "add_invoice_items": [],
}


def _phase(call: Call, given: Json, start: int, param: str) -> Json:
    only(given, _HONOURED, param)
    items = [_read_item(call, each, f"{param}[items][{index}]") for index, each in enumerate(given["items"])]
    if not items:
        raise InvalidRequest("A phase must have at least one item.", param=f"{param}[items]")
    if given.get("start_date") not in (None, "now", start):
        raise InvalidRequest("Phases must follow each other without a gap.", param=f"{param}[start_date]")
    first = call.named("price", items[0]["price"])
    end = _end(call, given, start, Cycle.of(first["recurring"]), param)
    trial_end = end if given.get("trial") else given.get("trial_end")
    return {
        **_UNSET,
        "billing_cycle_anchor": given.get("billing_cycle_anchor"),
        "collection_method": given.get("collection_method"),
        "currency": first["currency"],
        "default_payment_method": given.get("default_payment_method"),
        "default_tax_rates": [call.named("tax_rate", each) for each in given.get("default_tax_rates") or []],
        "description": given.get("description") or None,
        "discounts": given.get("discounts") or [],
        "end_date": end,
        "invoice_settings": _days_until_due(given, param),
        "items": items,
        "metadata": given.get("metadata") or {},
        "proration_behavior": given.get("proration_behavior", "create_prorations"),
        "start_date": start,
        "trial_end": trial_end if trial_end != "now" else None,
    }


def _days_until_due(given: Json, param: str) -> Json | None:
    settings = given.get("invoice_settings")
    return only(settings, "days_until_due", f"{param}[invoice_settings]") if settings else None


def _end(call: Call, given: Json, start: int, cycle: Cycle, param: str) -> int:
    one_of(given, "end_date", "duration")
    if given.get("end_date") == "now":
        return call.now()
    if given.get("end_date"):
        end = moment(given["end_date"], f"{param}[end_date]")
    else:
        length = given.get("duration")
        within(length or {}, "interval_count", 1, 1200, f"{param}[duration]")
        end = (Cycle(length["interval"], length.get("interval_count", 1)) if length else cycle).after(start)
    if moment(end, f"{param}[duration]") <= start:
        raise InvalidRequest("A phase must end after it starts.", param=f"{param}[end_date]")
    return end


def _read_item(call: Call, given: Json, param: str) -> Json:
    only(given, "metadata price price_data quantity tax_rates", param)
    price = price_of(call, given, None, param)
    if price is None:
        raise InvalidRequest(f"Missing required param: {param}[price].", code="parameter_missing", param=param)
    metered = price["recurring"]["usage_type"] == "metered"
    rates = [call.named("tax_rate", each) for each in given.get("tax_rates") or []]
    return _item(price, None if metered else given.get("quantity", 1), given.get("metadata") or {}, rates)


def _item(price: Json, quantity: int | None, metadata: Json, rates: list[Json]) -> Json:
    shared = {"billing_thresholds": None, "discounts": [], "metadata": metadata, "tax_rates": rates}
    return shared | {"plan": price["id"], "price": price["id"], "quantity": quantity}
