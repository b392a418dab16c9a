"""Stripe's webhook as a Lambda that starts fast: is the event signed, then queue it; nothing else before the answer.

It loads neither the app nor Stripe's SDK, pydantic, Powertools or boto3: a slow cold start makes Stripe repeat. The
route of the app, which serves only where there is no API Gateway, calls the same `receive`.
The scheme: docs.stripe.com/webhooks#verify-manually.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.platform.errors import BadRequest, DeskError, TooLarge, Unavailable
from chalicelib.platform.lean_aws import SECRETS_MANAGER, SQS, CallFailed, LeanClient, Service

TOLERANCE_SECONDS = 300
MAX_BYTES = 262_144
"""What one SQS message takes at the least; Stripe's events are far smaller."""
SECRET_SECONDS = 300
_clients: dict[Service, LeanClient] = {}


class Signature(NamedTuple):
    """What a Stripe-Signature header says: when it was signed (digits, as they were signed), and its v1 tags."""

    signed_at: str
    tags: tuple[bytes, ...]


def receive_stripe_event(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Lambda entry point: a proxy event of API Gateway to its answer, 200 or problem+json."""
    request_id = str(event.get("requestContext", {}).get("requestId", ""))
    headers = {"X-Request-Id": request_id, "Content-Type": "application/json"}
    try:
        receive(event.get("headers") or {}, _bytes(event))
    except DeskError as refusal:
        cause = str(refusal.__cause__ or "")
        _log("WARNING", refusal.detail, request_id, "StripeEventsRefused", refusal.status, cause)
        headers |= {"Content-Type": "application/problem+json", **refusal.headers}
        return {"statusCode": refusal.status, "headers": headers, "body": _problem(refusal)}
    _log("INFO", "event queued", request_id, "StripeEventsReceived", 200)
    return {"statusCode": 200, "headers": headers, "body": '{"received":true}'}


def receive(headers: Mapping[str, str], body: bytes) -> None:
    """Queue a signed event. Raises BadRequest for a bad or old signature, TooLarge, and Unavailable when AWS is."""
    if len(body) > MAX_BYTES:
        raise TooLarge(f"An event may have {MAX_BYTES} bytes.", limit_bytes=MAX_BYTES)
    given = next((value for name, value in headers.items() if name.lower() == "stripe-signature"), "")
    signature = read_signature(given)
    try:
        check_signature(signature, body, _secrets(int(time.monotonic() // SECRET_SECONDS)), time.time())
        message = {"QueueUrl": os.environ["STRIPE_EVENTS_QUEUE_URL"], "MessageBody": body.decode()}
        _client(SQS).call("SendMessage", message)
    except UnicodeDecodeError:
        raise BadRequest("The event is not UTF-8.") from None
    except CallFailed as failed:
        raise Unavailable("The event could not be queued; send it again.") from failed


def read_signature(header: str) -> Signature:
    """What the header says, in any order; other schemes are passed over. Raises BadRequest when it has no time."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    signed_at = next((value for name, _, value in parts if name == "t"), "")
    if not (signed_at.isascii() and signed_at.isdigit() and len(signed_at) <= 12):
        raise BadRequest("The Stripe-Signature header is missing or cannot be read.")
    return Signature(signed_at, tuple(value.encode(errors="replace") for name, _, value in parts if name == "v1"))


def check_signature(signature: Signature, body: bytes, secrets: Iterable[str], now: float) -> None:
    """Raises BadRequest unless one secret signed this body less than TOLERANCE_SECONDS from `now` (epoch seconds)."""
    message = signature.signed_at.encode() + b"." + body
    true = [hmac.digest(secret.encode(), message, "sha256").hex().encode() for secret in secrets]
    if not any(hmac.compare_digest(ours, theirs) for ours in true for theirs in signature.tags):
        raise BadRequest("The signature is not of this body.")
    if abs(now - int(signature.signed_at)) > TOLERANCE_SECONDS:
        raise BadRequest("The signature is too old.")


def _problem(error: DeskError) -> str:
    """The document that `platform.problem` makes, which would load pydantic."""
    body = {
        "type": f"/docs#problem-{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": "/webhooks/stripe",
        "code": error.code,
        **error.extra,
    }
    return json.dumps(body)


def _bytes(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    try:
        return base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except ValueError:
        raise BadRequest("The body is not what its encoding says.") from None


@lru_cache(maxsize=1)
def _secrets(window: int) -> tuple[str, ...]:  # noqa: ARG001 - a new window reads the secret anew
    """The endpoint's signing secrets, two while one replaces the other; anybody could sign with an empty one."""
    answer = _client(SECRETS_MANAGER).call("GetSecretValue", {"SecretId": os.environ["STRIPE_SECRET_ID"]})
    return tuple(filter(None, json.loads(answer["SecretString"])["webhook_secrets"]))


def _client(service: Service) -> LeanClient:
    if service not in _clients:
        _clients[service] = LeanClient(service)
    return _clients[service]


def forget() -> None:
    """Read secrets and connect anew at the next use."""
    _secrets.cache_clear()
    while _clients:
        _clients.popitem()[1].close()


def _log(level: str, message: str, request_id: str, metric: str, status: int, cause: str = "") -> None:
    """One line that is both the log and, in CloudWatch's embedded format, the counter."""
    metrics = {
        "Namespace": os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "desk"),
        "Dimensions": [["service"]],
        "Metrics": [{"Name": metric, "Unit": "Count"}],
    }
    line = {
        "level": level,
        "message": message,
        "service": os.environ.get("POWERTOOLS_SERVICE_NAME", "desk"),
        "function": "receive_stripe_event",
        "request_id": request_id,
        "status": status,
        **({"cause": cause} if cause else {}),
        metric: 1,
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]},
    }
    print(json.dumps(line, separators=(",", ":")))
