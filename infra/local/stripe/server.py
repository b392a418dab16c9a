"""Puts the parts together and serves them on the loopback interface."""

import json
import logging
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from infra.local.stripe.api import Api
from infra.local.stripe.control import Control
from infra.local.stripe.courier import Courier
from infra.local.stripe.errors import StripeError
from infra.local.stripe.hosted import Hosted
from infra.local.stripe.idempotency import IdempotencyKeys
from infra.local.stripe.outbox import Outbox
from infra.local.stripe.resources.webhook_endpoints import configure_static
from infra.local.stripe.routes import JOBS, LISTENERS
from infra.local.stripe.scheduler import Scheduler
from infra.local.stripe.store import Store
from infra.local.stripe.values import API_VERSION, Clock, Json, NewId, random_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HOST = "127.0.0.1"
_STOPS_WITHIN_SECONDS = 0.01
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """How to run the server: port 0 takes a free one; without a webhook URL the one in the state file stays."""

    state: Path
    port: int = 0
    api_keys: tuple[str, ...] = ("sk_test_local",)
    webhook_url: str | None = None
    webhook_secrets: Sequence[str] = ()


class Application:
    """The WSGI application: the API, the control calls and the hosted pages."""

    def __init__(self, courier: Courier, scheduler: Scheduler, new_id: NewId, api_keys: tuple[str, ...]) -> None:
        outbox = courier.outbox
        self.keys = IdempotencyKeys(outbox.store, outbox.clock)
        self._api = Api(outbox, new_id, self.keys, api_keys)
        self._control, self._hosted = Control(courier, scheduler), Hosted(outbox, new_id)
        self._courier, self._scheduler, self._new_id = courier, scheduler, new_id

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request; a fault of this server is a 500 in Stripe's shape, and is logged."""
        request, request_id = Request(environ), self._new_id("req", 14)
        try:
            response = self._response(request, request_id)
        except StripeError as refusal:
            response = _json(refusal.status, refusal.body())
        except Exception:  # noqa: BLE001 - the last resort: whoever called must get an answer
            _log.exception("%s %s failed", request.method, request.path)
            response = _json(500, {"error": {"type": "api_error", "message": "The local Stripe failed; see its log."}})
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = API_VERSION
        if "Idempotency-Key" in request.headers:
            response.headers["Idempotency-Key"] = request.headers["Idempotency-Key"]
        self._courier.wake()
        self._scheduler.wake()
        return response(environ, start_response)

    def _response(self, request: Request, request_id: str) -> Response:
        if request.path.startswith("/_control/"):
            return _json(200, self._control.answer(request))
        if request.path.startswith("/_hosted/"):
            return self._hosted.answer(request, request_id)
        answer = self._api.answer(request, request_id)
        response = _json(answer.status, answer.body)
        if "Idempotency-Key" in request.headers and request.method == "POST":
            response.headers["Original-Request"] = answer.request_id
        if answer.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response


class LocalStripe:
    """A running server: `start`, `stop`, and the `url` that an SDK is given as its base address."""

    def __init__(self, settings: Settings, clock: Clock = time.time, new_id: NewId = random_id) -> None:
        """Open the state and bind the port. SystemExit when the port is taken, InvalidRequest for a bad webhook URL."""
        self._store = Store(settings.state)
        if settings.webhook_url or settings.webhook_secrets:
            with self._store.transaction():
                configure_static(self._store, int(clock()), settings.webhook_url, list(settings.webhook_secrets))
        outbox = Outbox(self._store, clock, LISTENERS)
        self._courier = Courier(outbox)
        self._scheduler = Scheduler(outbox, new_id, JOBS, told=self._courier.wake)
        self.application = Application(self._courier, self._scheduler, new_id, settings.api_keys)
        self._server = make_server(_HOST, settings.port, self.application, threaded=True, request_handler=_Handler)
        self._thread = threading.Thread(target=self._serve, name="local-stripe", daemon=True)

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://{_HOST}:{self._server.server_port}"

    def start(self) -> None:
        """Serve and deliver in the background."""
        self._courier.start()
        self._scheduler.start()
        self._thread.start()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=_STOPS_WITHIN_SECONDS)

    def stop(self) -> None:
        """Stop serving and delivering, and release the state file; undelivered events wait for the next start."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._scheduler.stop()
        self._courier.stop()
        self._store.close()


class _Handler(WSGIRequestHandler):
    # Without this each answer waits about 40 ms for the acknowledgement of its headers.
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002
        """Requests carry customers' data, so only their method and path are logged, and only on demand."""
        _log.debug("%s %s %s", self.command, self.path.partition("?")[0], code)


def _json(status: int, body: Json) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
