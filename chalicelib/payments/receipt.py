"""Stripe's webhook as a Lambda that starts fast: is the event signed, then queue it; nothing else before the answer.

It loads neither the app nor Stripe's SDK, pydantic or Powertools, and makes its own two AWS clients: a slow cold start
makes Stripe repeat. The route of the app, which serves only where there is no API Gateway, calls the same `receive`.
The scheme: docs.stripe.com/webhooks#verify-manually.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.errors import BadRequest, DeskError, TooLarge, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

TOLERANCE_SECONDS = 300
MAX_BYTES = 262_144
"""What one SQS message takes at the least; Stripe's events are far smaller."""
SECRET_SECONDS = 300
_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})


def receive_stripe_event(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Lambda entry point: a proxy event of API Gateway to its answer, 200 or problem+json."""
    request_id = str(event.get("requestContext", {}).get("requestId", ""))
    headers = {"X-Request-Id": request_id, "Content-Type": "application/json"}
    try:
        receive(event.get("headers") or {}, _bytes(event))
    except DeskError as refusal:
        _log("WARNING", refusal.detail, request_id, "StripeEventsRefused", refusal.status)
        headers |= {"Content-Type": "application/problem+json", **refusal.headers}
        return {"statusCode": refusal.status, "headers": headers, "body": _problem(refusal)}
    _log("INFO", "event queued", request_id, "StripeEventsReceived", 200)
    return {"statusCode": 200, "headers": headers, "body": '{"received":true}'}


def receive(headers: Mapping[str, str], body: bytes) -> None:
    """Queue a signed event. Raises BadRequest for a bad or old signature, TooLarge, and Unavailable when AWS is."""
    if len(body) > MAX_BYTES:
        raise TooLarge(f"An event may have {MAX_BYTES} bytes.", limit_bytes=MAX_BYTES)
    given = next((value for name, value in headers.items() if name.lower() == "stripe-signature"), "")
    try:
        check_signature(given, body, _secrets(int(time.monotonic() // SECRET_SECONDS)), time.time())
        _sqs().send_message(QueueUrl=os.environ["STRIPE_EVENTS_QUEUE_URL"], MessageBody=body.decode())
    except UnicodeDecodeError:
        raise BadRequest("The event is not UTF-8.") from None
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The event could not be queued; send it again.") from error


def check_signature(header: str, body: bytes, secrets: Iterable[str], now: float) -> None:
    """Raises BadRequest unless one secret signed this body less than TOLERANCE_SECONDS from `now` (epoch seconds)."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    signed_at = next((value for name, _, value in parts if name == "t"), "")
    if not (signed_at.isascii() and signed_at.isdigit() and len(signed_at) <= 12):
        raise BadRequest("The Stripe-Signature header is missing or cannot be read.")
    given = [value.encode(errors="replace") for name, _, value in parts if name == "v1"]
    message = signed_at.encode() + b"." + body
    true = [hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode() for secret in secrets]
    if not any(hmac.compare_digest(ours, theirs) for ours in true for theirs in given):
        raise BadRequest("The signature is not of this body.")
    if abs(now - int(signed_at)) > TOLERANCE_SECONDS:
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
    client = boto3.client("secretsmanager", config=_CONFIG)
    stored = json.loads(client.get_secret_value(SecretId=os.environ["STRIPE_SECRET_ID"])["SecretString"])
    return tuple(filter(None, stored["webhook_secrets"]))


@cache
def _sqs() -> SQSClient:
    return boto3.client("sqs", config=_CONFIG)


def forget() -> None:
    """Read secrets and make clients anew at the next use."""
    _secrets.cache_clear()
    _sqs.cache_clear()


def _log(level: str, message: str, request_id: str, metric: str, status: int) -> None:
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
        metric: 1,
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]},
    }
    print(json.dumps(line, separators=(",", ":")))
