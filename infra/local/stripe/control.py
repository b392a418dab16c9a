"""The server's own calls, for those who run it: health, where webhooks go, and what goes wrong with them.

Bodies are JSON, so that no page in a browser can make these calls without asking first.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from werkzeug.wrappers import Request

from infra.local.stripe.acts import ACTS
from infra.local.stripe.call import Call
from infra.local.stripe.courier import Courier
from infra.local.stripe.errors import InvalidRequest, UnknownUrl
from infra.local.stripe.faults import Faults
from infra.local.stripe.resources.webhook_endpoints import STATIC_ID, configure_static
from infra.local.stripe.scheduler import Scheduler
from infra.local.stripe.values import API_VERSION, Json

_FLUSH_SECONDS = 10.0
_LONGEST_FLUSH_SECONDS = 120.0
_SETTLED_SECONDS = 600.0
_MOST_SECONDS = 10 * 366 * 86400.0
_MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class Control:
    """Answers `/_control/...`."""

    courier: Courier
    scheduler: Scheduler

    def answer(self, request: Request) -> Json:
        """One control call; InvalidRequest when its body makes no sense, UnknownUrl when there is no such call."""
        calls: dict[tuple[str, str], Callable[[Json], Json]] = {
            ("GET", "/_control/health"): self._health,
            ("GET", "/_control/config"): self._config,
            ("POST", "/_control/config"): self._configure,
            ("GET", "/_control/webhooks"): self._webhooks,
            ("POST", "/_control/webhooks"): self._set_faults,
            ("POST", "/_control/flush"): self._flush,
            ("POST", "/_control/settle"): self._settle,
        }
        call = calls.get((request.method, request.path))
        if call is not None:
            return call(_body(request) if request.method == "POST" else {})
        act = ACTS.get(request.path.removeprefix("/_control/"))
        if act is None or request.method != "POST":
            raise UnknownUrl(request.method, request.path)
        return self._act(*act, _body(request), request.host_url.rstrip("/"))

    def _act(self, act: Callable[[Call], Json], names: Sequence[str], given: Json, base_url: str) -> Json:
        _only(given, *names)
        outbox, new_id = self.courier.outbox, self.scheduler.new_id
        with outbox.store.transaction():
            return act(Call(outbox.store, outbox, outbox.clock, new_id, given, base_url, "", ""))

    def _health(self, _: Json) -> Json:
        return {"status": "ok", "api_version": API_VERSION}

    def _config(self, _: Json) -> Json:
        endpoint = self.courier.outbox.store.get("webhook_endpoint", STATIC_ID)
        return {"webhook_url": (endpoint or {}).get("url") or None}

    def _configure(self, given: Json) -> Json:
        _only(given, "webhook_url", "webhook_secrets")
        url, secrets = given.get("webhook_url"), given.get("webhook_secrets", [])
        if not isinstance(url, str | None):
            raise InvalidRequest("webhook_url must be a URL", param="webhook_url")
        if not isinstance(secrets, list) or not all(isinstance(each, str) and each for each in secrets):
            raise InvalidRequest("webhook_secrets must be a list of words", param="webhook_secrets")
        outbox = self.courier.outbox
        with outbox.store.transaction():
            configure_static(outbox.store, int(outbox.clock()), url, secrets)
        self.courier.wake()
        return self._config(given)

    def _webhooks(self, _: Json) -> Json:
        outbox = self.courier.outbox
        return {"faults": outbox.faults().as_json(), "deliveries": outbox.counts()}

    def _set_faults(self, given: Json) -> Json:
        with self.courier.outbox.store.transaction():
            self.courier.outbox.set_faults(Faults.parse(given))
        return self._webhooks(given)

    def _flush(self, given: Json) -> Json:
        _only(given, "timeout_seconds")
        seconds = _seconds(given, "timeout_seconds", _FLUSH_SECONDS, _LONGEST_FLUSH_SECONDS)
        return {"flushed": self.courier.flush(seconds)} | self._webhooks(given)

    def _settle(self, given: Json) -> Json:
        _only(given, "within_seconds", "object")
        object_id = given.get("object")
        if not isinstance(object_id, str | None):
            raise InvalidRequest("object must be an id", param="object")
        ran = self.scheduler.hurry(_seconds(given, "within_seconds", _SETTLED_SECONDS, _MOST_SECONDS), object_id)
        return {"ran": ran} | self.scheduler.counts()


def _seconds(given: Json, name: str, usual: float, most: float) -> float:
    value = given.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise InvalidRequest(f"{name} must be a number up to {most}", param=name)
    return value


def _body(request: Request) -> Json:
    if request.mimetype != "application/json" or (request.content_length or 0) > _MAX_BODY_BYTES:
        raise InvalidRequest("Send a JSON object with the content type application/json.")
    try:
        given = json.loads(request.get_data(cache=False) or b"{}")
    except ValueError as problem:
        raise InvalidRequest("The body is not JSON.") from problem
    if not isinstance(given, dict):
        raise InvalidRequest("The body is not a JSON object.")
    return given


def _only(given: Json, *names: str) -> None:
    for name in given.keys() - set(names):
        raise InvalidRequest(f"Received unknown parameter: {name}", param=name)
