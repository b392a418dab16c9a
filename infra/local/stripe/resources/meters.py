"""Meters: what customers use, billed by metered prices at the end of each period."""

from stripe.params import billing as sdk

from infra.local.stripe import usage
from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page, page_among
from infra.local.stripe.params import moment
from infra.local.stripe.periods import DAY_SECONDS
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_KIND = "billing.meter"
_MOST_WINDOWS = 2400
_WINDOWS = {"day": DAY_SECONDS, "hour": 3600}


def create(call: Call) -> Json:
    """A new meter. InvalidRequest when an active one has its event name."""
    name = call.params["event_name"]
    if call.store.find(Query(_KIND, {"event_name": name, "status": "active"})):
        raise InvalidRequest(f"An active meter already has the event name {name}.", param="event_name")
    begun = call.begin(_KIND, "mtr")
    body = begun | {
        "customer_mapping": call.params.get(
            "customer_mapping", {"event_payload_key": "stripe_customer_id", "type": "by_id"}
        ),
        "default_aggregation": call.params["default_aggregation"],
        "display_name": call.params["display_name"],
        "event_name": name,
        "event_time_window": call.params.get("event_time_window"),
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": begun["created"],
        "value_settings": call.params.get("value_settings", {"event_payload_key": "value"}),
    }
    call.store.add(body)
    call.emit("billing.meter.created", body)
    return body


def update(call: Call, meter: str) -> Json:
    """Change its name."""
    return _changed(call, meter, "updated", {"display_name": call.params.get("display_name")})


def deactivate(call: Call, meter: str) -> Json:
    """Take no more events."""
    details = {"status": "inactive", "status_transitions": {"deactivated_at": call.now()}}
    return _changed(call, meter, "deactivated", details)


def reactivate(call: Call, meter: str) -> Json:
    """Take events again."""
    details = {"status": "active", "status_transitions": {"deactivated_at": None}}
    return _changed(call, meter, "reactivated", details)


def retrieve(call: Call, meter: str) -> Json:
    """The meter."""
    return call.named(_KIND, meter)


def every(call: Call) -> Json:
    """Meters, newest first."""
    return page(call, _KIND, "status")


def summaries(call: Call, meter: str) -> Json:
    """What a customer used in a span of time, as one sum or one for each hour or day of it, newest first."""
    body, customer = call.named(_KIND, meter), call.params["customer"]
    start, end = call.params["start_time"], call.params["end_time"]
    if start >= end or start % 60 or end % 60:
        raise InvalidRequest("The times must be whole minutes, the end after the start.", param="end_time")
    moment(end, "end_time")
    step = _WINDOWS.get(call.params.get("value_grouping_window", ""), end - start)
    if (end - start) // step > _MOST_WINDOWS:
        raise InvalidRequest(f"The times must span at most {_MOST_WINDOWS} windows.", param="end_time")
    spans = [(first, min(first + step, end)) for first in range(start, end, step)][::-1]
    found = [
        {
            "id": f"mtrusg_{meter}_{first}_{last}",
            "object": "billing.meter_event_summary",
            "aggregated_value": float(usage.measured(call, body, customer, first, last)),
            "end_time": last,
            "livemode": False,
            "meter": meter,
            "start_time": first,
        }
        for first, last in spans
    ]
    return page_among(call, found)


def _changed(call: Call, meter: str, what: str, details: Json) -> Json:
    changes = {name: value for name, value in details.items() if value is not None}
    after = call.store.save(call.named(_KIND, meter) | changes | {"updated": call.now()})
    call.emit(f"billing.meter.{what}", after)
    return after


_ALL = "/v1/billing/meters"
_ONE = f"{_ALL}/<meter>"
_FIELDS = "customer_mapping default_aggregation display_name event_name event_time_window value_settings"
_SUMMARY = f"{PAGING} customer end_time start_time value_grouping_window"
ROUTES = (
    route("POST", _ALL, create, sdk.MeterCreateParams, _FIELDS),
    route("GET", _ALL, every, sdk.MeterListParams, f"{PAGING} status"),
    route("GET", _ONE, retrieve, sdk.MeterRetrieveParams),
    route("POST", _ONE, update, sdk.MeterUpdateParams, "display_name"),
    route("POST", f"{_ONE}/deactivate", deactivate, sdk.MeterDeactivateParams),
    route("POST", f"{_ONE}/reactivate", reactivate, sdk.MeterReactivateParams),
    route("GET", f"{_ONE}/event_summaries", summaries, sdk.MeterEventSummaryListParams, _SUMMARY),
)
