"""Events: every change, kept, newest first. Reconciliation reads them when webhooks were lost."""

import fnmatch

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.faults import DeliveryState
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.values import Json


def retrieve(call: Call, event: str) -> Json:
    """The event, with the number of its webhooks that are still on their way."""
    return _current(call, call.named("event", event))


def every(call: Call) -> Json:
    """Events of the asked types (`charge.*` means all of a family), delivered or not."""
    types = _types(call)

    def keeps(event: Json) -> bool:
        wanted = not types or any(fnmatch.fnmatchcase(event["type"], name) for name in types)
        return wanted and _delivery_as_asked(call, event)

    answer = page_where(call, "event", {}, keeps)
    return answer | {"data": [_current(call, event) for event in answer["data"]]}


def _types(call: Call) -> list[str]:
    if "type" in call.params and "types" in call.params:
        raise InvalidRequest("You may only specify one of these parameters: type, types.")
    types: list[str] = call.params.get("types") or [call.params[name] for name in ("type",) if name in call.params]
    return types


def _delivery_as_asked(call: Call, event: Json) -> bool:
    asked = call.params.get("delivery_success")
    return asked is None or asked is (_waiting(call, event) + _lost(call, event) == 0)


def _current(call: Call, event: Json) -> Json:
    return event | {"pending_webhooks": _waiting(call, event) + _lost(call, event)}


def _waiting(call: Call, event: Json) -> int:
    return sum(call.outbox.count(state, event["id"]) for state in (DeliveryState.PENDING, DeliveryState.HELD))


def _lost(call: Call, event: Json) -> int:
    return call.outbox.count(DeliveryState.DROPPED, event["id"])


ROUTES = (
    route("GET", "/v1/events", every, sdk.EventListParams, f"{PAGING} created type types delivery_success"),
    route("GET", "/v1/events/<event>", retrieve, sdk.EventRetrieveParams),
)
