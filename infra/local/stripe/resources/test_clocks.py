"""Test clocks: a time of their own for some customers, which moves only when it is told to.

What a customer of a test clock has to wait for are jobs in the clock's time (see `scheduler`). Advancing lets them
happen, each at its own moment, and the clock is ready after the last.
"""

from stripe.params import test_helpers as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.params import moment
from infra.local.stripe.periods import DAY_SECONDS, Cycle, months_after
from infra.local.stripe.scheduler import LAST_OF_A_CLOCK
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_KIND = "test_helpers.test_clock"
_LIFETIME_SECONDS = 30 * DAY_SECONDS


def create(call: Call) -> Json:
    """A new clock that stands at `frozen_time`."""
    body = call.begin(_KIND, "clock")
    body |= {
        "deletes_after": body["created"] + _LIFETIME_SECONDS,
        "frozen_time": moment(call.params["frozen_time"], "frozen_time"),
        "name": call.text("name"),
        "status": "ready",
        "status_details": {},
        "_until": call.params["frozen_time"],
    }
    call.store.add(body)
    call.emit(f"{_KIND}.created", body)
    return body


def advance(call: Call, test_clock: str) -> Json:
    """Begin to move the clock on; `ready` says, by an event too, that all has happened that was due."""
    before, target = call.named(_KIND, test_clock, "test_clock"), call.params["frozen_time"]
    if before["status"] != "ready":
        raise InvalidRequest("The test clock is advancing; wait until it is ready.", param="test_clock")
    if target <= before["frozen_time"]:
        raise InvalidRequest("A test clock can only be advanced to a later time.", param="frozen_time")
    _check_span(call, before, target)
    body = before | {
        "status": "advancing",
        "status_details": {"advancing": {"target_frozen_time": target}},
        "_until": target,
    }
    call.store.save(body)
    call.emit(f"{_KIND}.advancing", body)
    call.later(LAST_OF_A_CLOCK, test_clock, target - call.now())
    return body


def arrive(call: Call, test_clock: str) -> None:
    """The job that ends an advance: everything of this clock that was due has happened, or failed."""
    clock = call.named(_KIND, test_clock)
    failed = call.store.run("SELECT 1 FROM jobs WHERE test_clock = ? AND problem IS NOT NULL", test_clock)
    status = "internal_failure" if failed else "ready"
    body = clock | {"frozen_time": clock["_until"], "status": status, "status_details": {}}
    call.store.save(body)
    call.emit(f"{_KIND}.{status}", body)


def retrieve(call: Call, test_clock: str) -> Json:
    """The clock."""
    return call.named(_KIND, test_clock, "test_clock")


def every(call: Call) -> Json:
    """Clocks, newest first."""
    return page(call, _KIND)


def delete(call: Call, test_clock: str) -> Json:
    """Delete the clock with its customers and what waits for them."""
    before = call.named(_KIND, test_clock, "test_clock")
    for subscription in _subscriptions(call, test_clock):
        ended = {"status": "canceled", "canceled_at": call.now(), "ended_at": call.now()}
        call.store.save(subscription | ended)
    for customer in call.store.find(Query("customer", {"test_clock": test_clock})):
        call.store.save({"id": customer["id"], "object": "customer", "deleted": True})
    call.store.run("DELETE FROM jobs WHERE test_clock = ?", test_clock)
    call.store.remove(_KIND, test_clock)
    call.emit(f"{_KIND}.deleted", before)
    return {"id": test_clock, "object": _KIND, "deleted": True}


def _subscriptions(call: Call, test_clock: str) -> list[Json]:
    """The clock's subscriptions that have not ended."""
    found = call.store.find(Query("subscription", {"test_clock": test_clock}))
    return [subscription for subscription in found if subscription["status"] != "canceled"]


def _check_span(call: Call, clock: Json, target: int) -> None:
    """Stripe moves a clock at most two of the shortest billing periods of its subscriptions at once."""
    now = clock["frozen_time"]
    items = [item for subscription in _subscriptions(call, clock["id"]) for item in subscription["items"]["data"]]
    ends = [Cycle.of(item["price"]["recurring"]).after(now, 2) for item in items]
    if target > min([*ends, months_after(now, 24)]):
        raise InvalidRequest(
            "The clock can be advanced at most two intervals of its shortest subscription, or two years, at once.",
            param="frozen_time",
        )


JOBS = {LAST_OF_A_CLOCK: arrive}

_ALL = "/v1/test_helpers/test_clocks"
_ONE = f"{_ALL}/<test_clock>"
ROUTES = (
    route("POST", _ALL, create, sdk.TestClockCreateParams, "frozen_time name"),
    route("GET", _ALL, every, sdk.TestClockListParams, PAGING),
    route("GET", _ONE, retrieve, sdk.TestClockRetrieveParams),
    route("DELETE", _ONE, delete, sdk.TestClockDeleteParams),
    route("POST", f"{_ONE}/advance", advance, sdk.TestClockAdvanceParams, "frozen_time"),
)
