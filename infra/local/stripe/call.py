"""One API request, or one job of the scheduler, as a handler sees it, and the few things that every handler does."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from infra.local.stripe.errors import InvalidRequest, Missing, no_such
from infra.local.stripe.outbox import Outbox, wants
from infra.local.stripe.store import Query, Store
from infra.local.stripe.values import API_VERSION, Clock, Json, NewId, public

_TEST_CLOCK = "test_helpers.test_clock"
_OWNERS = ("customer", "subscription", "invoice", "charge")
_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 50, 40, 500


@dataclass(frozen=True)
class Call:
    """The checked parameters and the tools of one request; it runs inside one transaction of the store.

    A job has no request, so its `request_id` is empty. With a `test_clock` the time is that clock's and not ours.
    """

    store: Store
    outbox: Outbox
    clock: Clock
    new_id: NewId
    params: Json
    base_url: str
    path: str
    request_id: str
    idempotency_key: str | None = None
    test_clock: str | None = None

    def in_time_of(self, *object_ids: str) -> "Call":
        """This call in the time of the first of these objects that lives by a test clock, itself or by its customer."""
        for object_id in object_ids:
            clock = self._clock_of(object_id)
            if clock:
                return self.at(clock["frozen_time"], clock["id"])
        return self

    def at(self, moment: float, test_clock: str | None) -> "Call":
        """This call at another moment of this test clock."""
        return replace(self, clock=lambda: moment, test_clock=test_clock)

    def _clock_of(self, object_id: str) -> Json | None:
        """The test clock of an object: its own, or that of what it belongs to."""
        body = self.store.named(object_id) or {}
        if body.get("object") == _TEST_CLOCK:
            return body
        if "test_clock" in body:
            return self.store.get(_TEST_CLOCK, body["test_clock"] or "")
        owners = (body[name] for name in _OWNERS if isinstance(body.get(name), str))
        return next((clock for owner in owners if (clock := self._clock_of(owner))), None)

    def now(self) -> int:
        """The present second."""
        return int(self.clock())

    def begin(self, kind: str, prefix: str, length: int = 24) -> Json:
        """The members that every object begins with."""
        return {"id": self.new_id(prefix, length), "object": kind, "created": self.now(), "livemode": False}

    def named(self, kind: str, object_id: str, param: str = "id") -> Json:
        """The object that the path names; Missing (404) when there is none."""
        body = self.store.get(kind, object_id)
        if body is None:
            raise Missing(kind, object_id, param)
        return body

    def referred(self, kind: str, param: str) -> Json | None:
        """The object that a parameter names; None when it is not given; InvalidRequest (400) when there is none."""
        object_id = self.params.get(param)
        if not object_id:
            return None
        body = self.store.get(kind, object_id)
        if body is None or body.get("deleted"):
            raise InvalidRequest(no_such(kind, object_id), code="resource_missing", param=param)
        return body

    def text(self, name: str, former: str | None = None) -> str | None:
        """A text parameter: empty clears, absent keeps the former value."""
        return (self.params[name] or None) if name in self.params else former

    def metadata(self, former: Json) -> Json:
        """The former metadata with the given keys set and those given empty removed; InvalidRequest beyond limits."""
        if "metadata" not in self.params:
            return former
        given = self.params["metadata"] or dict.fromkeys(former, "")
        merged = {key: value for key, value in {**former, **given}.items() if value != ""}
        if len(merged) > _METADATA_KEYS:
            raise InvalidRequest(f"You can have at most {_METADATA_KEYS} metadata keys.", param="metadata")
        for key, value in merged.items():
            if len(key) > _METADATA_KEY_LENGTH or len(value) > _METADATA_VALUE_LENGTH:
                raise InvalidRequest(
                    f"Metadata keys can have up to {_METADATA_KEY_LENGTH} characters, values up to "
                    f"{_METADATA_VALUE_LENGTH}.",
                    param=f"metadata[{key}]",
                )
        return merged

    def later(self, kind: str, object_id: str, seconds: float) -> None:
        """Plan a job for this object in so many seconds; one of its kind that waits is moved (see `scheduler`)."""
        self.store.run(
            "INSERT OR REPLACE INTO jobs (kind, object_id, due_at, base_url, test_clock) VALUES (?, ?, ?, ?, ?)",
            kind,
            object_id,
            self.clock() + seconds,
            self.base_url,
            self.test_clock,
        )

    def emit(self, event_type: str, body: Json, previous: Json | None = None) -> None:
        """Tell of a change: keep the event, plan its webhooks and let listeners follow, in the change's transaction."""
        endpoints = self.store.find(Query("webhook_endpoint", {"status": "enabled"}))
        data: Json = {"object": public(body)}
        if previous:
            data["previous_attributes"] = previous
        event = self.begin("event", "evt") | {
            "api_version": API_VERSION,
            "data": data,
            "pending_webhooks": sum(wants(endpoint, event_type) for endpoint in endpoints),
            "request": {"id": self.request_id or None, "idempotency_key": self.idempotency_key},
            "type": event_type,
        }
        self.store.add(event)
        self.outbox.enqueue(event, self.store.position("event", event["id"]) or 0)
        for follow in self.outbox.listeners.get(event_type, ()):
            follow(self, body)


@dataclass(frozen=True)
class Route:
    """One operation: what it is called by, the SDK type of its parameters, which of them it honours, and its handler.

    A parameter that Stripe has and this server does not honour is refused, so that nothing is ignored in silence.
    """

    method: str
    path: str
    handler: Callable[..., Json]
    params: type
    honours: frozenset[str]


def route(method: str, path: str, handler: Callable[..., Json], params: type, honours: str = "") -> Route:
    """A Route whose honoured parameters are written as words of one string; `expand` is always honoured."""
    return Route(method, path, handler, params, frozenset(honours.split()) | {"expand"})
