"""The webhook's receipt: only what Stripe signed a moment ago is queued, byte for byte, and little is loaded for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import boto3
import pytest
import stripe
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.payments import receipt
from chalicelib.platform.errors import BadRequest
from tests.harness import ENVIRONMENT, ROOT, HttpDesk

SECRET = "whsec_test"
BODY = b'{"id": "evt_1", "type": "customer.updated", "name": "Zo\xc3\xab"}'


def signed(body: bytes = BODY, *secrets: str, at: float | None = None) -> str:
    stamp = str(int(time.time() if at is None else at))
    signs = [
        hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        for secret in secrets or (SECRET,)
    ]
    return ",".join([f"t={stamp}", *(f"v1={sign}" for sign in signs), "v0=of-old"])


def queued() -> list[str]:
    sqs = boto3.client("sqs")
    found = sqs.receive_message(QueueUrl=ENVIRONMENT["STRIPE_EVENTS_QUEUE_URL"], MaxNumberOfMessages=10)
    return [message["Body"] for message in found.get("Messages", [])]


def proxy_event(body: bytes, header: str | None, *, encoded: bool) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", **({"Stripe-Signature": header} if header else {})}
    text = base64.b64encode(body).decode() if encoded else body.decode()
    return {"headers": headers, "body": text, "isBase64Encoded": encoded, "requestContext": {"requestId": "req-1"}}


Send = Callable[[bytes, str | None], tuple[int, dict[str, Any], str]]


@pytest.fixture(params=["function", "function, base64", "app"])
def send(request: pytest.FixtureRequest, cloud: None) -> Send:
    """Sends a body and a signature through the lean function, or through the route of the app."""

    def through_app(body: bytes, header: str | None) -> tuple[int, dict[str, Any], str]:
        headers = {"stripe-signature": header} if header else {}
        answer = HttpDesk().call("POST", "/webhooks/stripe", body, role=None, headers=headers)
        return answer.status, answer.json, answer.headers["content-type"]

    def through_function(body: bytes, header: str | None) -> tuple[int, dict[str, Any], str]:
        encoded = request.param.endswith("base64")
        answer = receipt.receive_stripe_event(proxy_event(body, header, encoded=encoded), None)
        assert answer["headers"]["X-Request-Id"] == "req-1"
        return answer["statusCode"], json.loads(answer["body"]), answer["headers"]["Content-Type"]

    return through_app if request.param == "app" else through_function


def test_a_signed_event_is_queued_byte_for_byte(send: Send) -> None:
    assert send(BODY, signed()) == (200, {"received": True}, "application/json")
    assert queued() == [BODY.decode()]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (None, "missing"),
        ("", "missing"),
        ("v1=abc", "missing"),
        ("t=,v1=abc", "missing"),
        ("t=now,v1=abc", "missing"),
        ("t=\u0661,v1=abc", "missing"),
        (f"t={'9' * 40},v1=abc", "missing"),
        ("t=1793610000", "not of this body"),
        ("t=1793610000,v1=", "not of this body"),
        ("t=1793610000,v1=\u00e9\u00e9", "not of this body"),
        pytest.param(signed(BODY, "whsec_other"), "not of this body", id="another secret"),
        pytest.param(signed(BODY + b" "), "not of this body", id="another body"),
        pytest.param(signed().replace("v1=", "v0="), "not of this body", id="another scheme"),
        pytest.param(signed(at=time.time() - 301), "too old", id="five minutes ago"),
        pytest.param(signed(at=time.time() + 3600), "too old", id="an hour ahead"),
    ],
)
def test_what_stripe_did_not_just_sign_is_refused(send: Send, header: str | None, why: str) -> None:
    status, problem, media_type = send(BODY, header)
    assert (status, problem["status"], problem["code"]) == (400, 400, "bad_request")
    assert media_type == "application/problem+json"
    assert why in problem["detail"]
    assert queued() == []


def test_an_empty_secret_signs_nothing(cloud: None) -> None:
    emptied = json.dumps({"api_key": "", "webhook_secrets": [""]})
    boto3.client("secretsmanager").put_secret_value(SecretId="desk-test-stripe", SecretString=emptied)
    with pytest.raises(BadRequest):
        receipt.receive({"Stripe-Signature": signed(BODY, "")}, BODY)


@pytest.mark.parametrize("secrets", [("whsec_next",), (SECRET,), ("whsec_next", SECRET)])
def test_both_secrets_are_good_while_one_replaces_the_other(send: Send, secrets: tuple[str, ...]) -> None:
    rotating = json.dumps({"api_key": "sk_test_desk", "webhook_secrets": ["whsec_next", SECRET]})
    boto3.client("secretsmanager").put_secret_value(SecretId=ENVIRONMENT["STRIPE_SECRET_ID"], SecretString=rotating)
    assert send(BODY, signed(BODY, *secrets))[0] == 200
    assert len(queued()) == 1


def test_a_huge_body_is_refused(send: Send) -> None:
    huge = b'{"padding": "' + b"x" * receipt.MAX_BYTES + b'"}'
    status, problem, _ = send(huge, signed(huge))
    assert (status, problem["code"], problem["limit_bytes"]) == (413, "too_large", receipt.MAX_BYTES)


def test_when_the_queue_is_gone_stripe_is_asked_to_repeat(send: Send) -> None:
    boto3.client("sqs").delete_queue(QueueUrl=ENVIRONMENT["STRIPE_EVENTS_QUEUE_URL"])
    status, problem, _ = send(BODY, signed())
    assert (status, problem["code"]) == (503, "unavailable")


@pytest.mark.parametrize("changes", [{"body": "###", "isBase64Encoded": True}, {"body": None}, {"headers": None}])
def test_broken_proxy_events_are_refused(cloud: None, changes: dict[str, Any]) -> None:
    event = {**proxy_event(BODY, signed(), encoded=False), **changes}
    assert receipt.receive_stripe_event(event, None)["statusCode"] == 400


def test_a_signed_body_that_is_not_text_is_refused(cloud: None) -> None:
    body = b"\xff\xfe"
    answer = receipt.receive_stripe_event(proxy_event(body, signed(body), encoded=True), None)
    assert (answer["statusCode"], queued()) == (400, [])


def test_it_is_logged_and_counted_without_the_body(cloud: None, capsys: pytest.CaptureFixture[str]) -> None:
    receipt.receive_stripe_event(proxy_event(BODY, signed(), encoded=False), None)
    receipt.receive_stripe_event(proxy_event(BODY, "t=1,v1=x", encoded=False), None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counted = [line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] for line in lines]
    assert counted == ["StripeEventsReceived", "StripeEventsRefused"]
    assert all(line[name] == 1 for line, name in zip(lines, counted, strict=True))
    assert "evt_1" not in json.dumps(lines)


@given(st.text(max_size=200), st.text("abcdef_", min_size=1, max_size=20), st.integers(0, 400), st.booleans())
def test_the_verdict_is_that_of_stripes_own_sdk(text: str, secret: str, age: int, tampered: bool) -> None:
    now = time.time()
    header = signed(text.encode(), secret, at=now - age)
    sent = text + " " if tampered else text

    def ours() -> bool:
        try:
            receipt.check_signature(header, sent.encode(), ["whsec_other", secret], now)
        except BadRequest:
            return False
        return True

    def theirs() -> bool:
        try:
            return bool(stripe.WebhookSignature.verify_header(sent, header, secret, receipt.TOLERANCE_SECONDS))
        except stripe.SignatureVerificationError:
            return False

    assume(abs(age - receipt.TOLERANCE_SECONDS) > 2)  # on the limit a slow machine decides
    assert ours() is theirs()


def loaded(*modules: str) -> Iterable[str]:
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; import {', '.join(modules)}; print(' '.join(sys.modules))"],
        check=True, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    return found.stdout.split()


def test_a_cold_start_loads_neither_framework_nor_sdk() -> None:
    heavy = {"app", "aws_lambda_powertools", "chalice", "pydantic", "stripe", "chalicelib.wiring"}
    assert not heavy & set(loaded("chalicelib.payments.receipt"))


def test_stripe_is_not_loaded_until_it_is_used() -> None:
    assert "stripe" not in loaded("chalicelib.payments.gateway", "chalicelib.payments.jobs")
