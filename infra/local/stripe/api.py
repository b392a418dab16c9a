"""The path of one API request: who asks, what for, is it well formed, was it asked before; then one transaction."""

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from functools import cache

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from infra.local.stripe import contract, expand, forms
from infra.local.stripe.call import Call, Route
from infra.local.stripe.errors import (
    CardError,
    InvalidRequest,
    NotFormEncoded,
    StripeError,
    TooLarge,
    Unauthorized,
    UnknownUrl,
)
from infra.local.stripe.idempotency import Answer, IdempotencyKeys
from infra.local.stripe.outbox import Outbox
from infra.local.stripe.routes import ROUTES
from infra.local.stripe.values import API_VERSION, Json, NewId

_MAX_BODY_BYTES = 1024 * 1024
_MAX_KEY_LENGTH = 255
# The parameters that name something which may live by a test clock.
_NAMES = ("test_clock", "customer", "subscription", "invoice", "from_subscription", "payment_intent", "charge")


@cache
def _url_map() -> Map:
    """Compiled once in a process: it takes longer than all the rest of a server's start."""
    rules = [Rule(each.path, methods=[each.method], endpoint=each) for each in ROUTES]
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)


@dataclass(frozen=True)
class Api:
    """Answers the requests of an SDK."""

    outbox: Outbox
    new_id: NewId
    keys: IdempotencyKeys
    api_keys: tuple[str, ...]
    _urls: Map = field(default_factory=_url_map)

    def answer(self, request: Request, request_id: str) -> Answer:
        """Carry the request out, or repeat its first answer. StripeError when it is refused before it begins."""
        _authenticate(request, self.api_keys)
        _check_version(request)
        found, path_ids = self._match(request)
        tree = _form(request)
        params = _checked(found, tree)
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        call = Call(
            self.outbox.store,
            self.outbox,
            self.outbox.clock,
            self.new_id,
            params,
            _base_url(request),
            request.path,
            request_id,
            key,
        )
        if key is None:
            with call.store.transaction():
                return _perform(found, call, path_ids)
        return self._once(found, call, path_ids, key, tree)

    def _once(self, found: Route, call: Call, path_ids: Json, key: str, tree: forms.Tree) -> Answer:
        if not 0 < len(key) <= _MAX_KEY_LENGTH:
            raise InvalidRequest(f"The idempotency key must have 1 to {_MAX_KEY_LENGTH} characters.")
        with self.keys.hold(key), call.store.transaction():
            first = self.keys.answered(key, call.path, tree)
            if first:
                return first
            answer = _perform(found, call, path_ids)
            self.keys.keep(key, call.path, tree, answer)
            return answer

    def _match(self, request: Request) -> tuple[Route, Json]:
        try:
            found, path_ids = self._urls.bind_to_environ(request.environ).match()
        except HTTPException as problem:
            raise UnknownUrl(request.method, request.path) from problem
        return found, dict(path_ids)


def _perform(found: Route, call: Call, path_ids: Json) -> Answer:
    """The handler's answer; a refusal undoes what the handler wrote, but a declined card's attempt stays recorded."""
    try:
        with call.store.undone_on_error(unless=CardError):
            body = expand.expanded(call, found.handler(_in_its_time(call, path_ids), **path_ids))
    except StripeError as refusal:
        return Answer(refusal.status, refusal.body(), call.request_id)
    return Answer(200, body, call.request_id)


def _in_its_time(call: Call, path_ids: Json) -> Call:
    """The call in the time of what it names: a customer of a test clock lives by that clock."""
    return call.in_time_of(*path_ids.values(), *(call.params[name] for name in _NAMES if call.params.get(name)))


def _authenticate(request: Request, api_keys: tuple[str, ...]) -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        given = _basic_user(given)
    if scheme.lower() not in ("bearer", "basic") or not given:
        raise Unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if not any(hmac.compare_digest(given.encode(), key.encode()) for key in api_keys):
        raise Unauthorized(f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:]}")


def _basic_user(given: str) -> str:
    try:
        return base64.b64decode(given).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _check_version(request: Request) -> None:
    asked = request.headers.get("Stripe-Version", API_VERSION)
    if asked != API_VERSION:
        raise InvalidRequest(f"The local Stripe speaks API version {API_VERSION} only, not {asked}.")


def _form(request: Request) -> forms.Tree:
    if (request.content_length or 0) > _MAX_BODY_BYTES:
        raise TooLarge("The request is larger than this server takes.")
    query = request.query_string.decode("latin-1")
    if request.method != "POST":
        return forms.decode(query)
    if query:
        raise InvalidRequest("Send the parameters of a POST request in its body.")
    body = request.get_data(cache=False)
    if body and request.mimetype != "application/x-www-form-urlencoded":
        raise NotFormEncoded("The body must have the content type application/x-www-form-urlencoded.")
    try:
        return forms.decode(body.decode("ascii"))
    except UnicodeDecodeError as problem:
        raise NotFormEncoded("The request is not a form encoded in UTF-8.") from problem


def _checked(found: Route, tree: forms.Tree) -> Json:
    params = contract.check(found.params, tree)
    for name in sorted(params.keys() - found.honours):
        raise InvalidRequest(
            f"The local Stripe does not simulate the parameter {name}.", code="parameter_not_simulated", param=name
        )
    return params


def _base_url(request: Request) -> str:
    return request.host_url.rstrip("/")
