"""The use that is reported to meters, event by event; an event can be taken back for a day."""

from decimal import Decimal

from stripe.params import billing as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.periods import DAY_SECONDS
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_METER, _EVENT = "billing.meter", "billing.meter_event"
_OLDEST_SECONDS, _NEWEST_SECONDS = 35 * DAY_SECONDS, 300


def report(call: Call) -> Json:
    """One event of use. InvalidRequest when it names no meter or customer, or was reported before."""
    name, payload = call.params["event_name"], call.params["payload"]
    meters = call.store.find(Query(_METER, {"event_name": name, "status": "active"}))
    if not meters:
        raise InvalidRequest(f"No active meter found for event name {name}.", code="no_meter", param="event_name")
    customer = _customer(call, payload, meters[0])
    call = call.in_time_of(customer)
    identifier = call.params.get("identifier") or call.new_id("mtrevt", 24)
    event_id = f"{_EVENT}:{identifier}"  # an event has no id on the wire; its identifier must be its own
    if call.store.get(_EVENT, event_id):
        raise InvalidRequest(
            f"An event already exists with identifier {identifier}.", code="duplicate_meter_event", param="identifier"
        )
    shown = {
        "object": _EVENT,
        "created": call.now(),
        "event_name": name,
        "identifier": identifier,
        "livemode": False,
        "payload": payload,
        "timestamp": _timestamp(call),
    }
    value = str(_value(payload, meters[0]))
    notes = {"id": event_id, "_meter": meters[0]["id"], "_customer": customer, "_value": value}
    call.store.add(shown | notes)
    return shown


def adjust(call: Call) -> Json:
    """Take an event back, so that it is not billed. InvalidRequest when there is none, or it is older than a day."""
    identifier = call.params.get("cancel", {}).get("identifier")
    if not identifier:
        raise InvalidRequest(
            "Missing required param: cancel[identifier].", code="parameter_missing", param="cancel[identifier]"
        )
    event = call.store.get(_EVENT, f"{_EVENT}:{identifier}")
    if event is None or event["event_name"] != call.params["event_name"] or event["_value"] is None:
        raise InvalidRequest(f"No event to cancel has the identifier {identifier}.", param="cancel[identifier]")
    if call.in_time_of(event["_customer"]).now() - event["created"] > DAY_SECONDS:
        raise InvalidRequest("An event can be canceled for 24 hours.", param="cancel[identifier]")
    call.store.save(event | {"_value": None})
    return {
        "object": f"{_EVENT}_adjustment",
        "cancel": {"identifier": identifier},
        "event_name": event["event_name"],
        "livemode": False,
        "status": "complete",
        "type": "cancel",
    }


def _customer(call: Call, payload: Json, meter: Json) -> str:
    customer = payload.get(meter["customer_mapping"]["event_payload_key"])
    if not customer:
        raise InvalidRequest("The payload names no customer.", code="meter_event_no_customer_defined", param="payload")
    found = call.store.get("customer", customer)
    if found is None or found.get("deleted"):
        raise InvalidRequest(f"No such customer: '{customer}'", code="meter_event_customer_not_found", param="payload")
    return str(customer)


def _value(payload: Json, meter: Json) -> Decimal:
    text = str(payload.get(meter["value_settings"]["event_payload_key"], ""))
    if meter["default_aggregation"]["formula"] == "count":
        return Decimal(1)
    if not text.removeprefix("-").isdecimal() or len(text) > 15:
        raise InvalidRequest(
            "The value of the event must be a whole number.", code="meter_event_invalid_value", param="payload"
        )
    return Decimal(text)


def _timestamp(call: Call) -> int:
    moment: int = call.params.get("timestamp", call.now())
    if not call.now() - _OLDEST_SECONDS <= moment <= call.now() + _NEWEST_SECONDS:
        raise InvalidRequest(
            "The timestamp must be within the past 35 days or up to 5 minutes in the future.", param="timestamp"
        )
    return moment


_REPORTED = "event_name identifier payload timestamp"
ROUTES = (
    route("POST", "/v1/billing/meter_events", report, sdk.MeterEventCreateParams, _REPORTED),
    route(
        "POST",
        "/v1/billing/meter_event_adjustments",
        adjust,
        sdk.MeterEventAdjustmentCreateParams,
        "cancel event_name type",
    ),
)
