"""The webhook's receipt: only what Stripe signed a moment ago is queued, byte for byte, and little is loaded for it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from chalicelib.payments import receipt
from chalicelib.platform.errors import BadRequest
from tests.fake_aws import DROP, KEYS, Answer, FakeAws
from tests.harness import ENVIRONMENT, ROOT, HttpDesk
from tests.payments.signatures import SECRET, stripe_signature

BODY = b'{"id": "evt_1", "type": "customer.updated", "name": "Zo\xc3\xab"}'


def signed(body: bytes = BODY, *secrets: str, at: float | None = None) -> str:
    return stripe_signature(body, *secrets, at=at)


def holding(*secrets: str) -> str:
    return json.dumps({"api_key": "sk_test_desk", "webhook_secrets": secrets})


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    """Both services that the receipt calls, with one signing secret."""
    with FakeAws(secret=holding(SECRET)) as fake:
        for name, value in {**ENVIRONMENT, **fake.environment}.items():
            monkeypatch.setenv(name, value)
        yield fake
        receipt.forget()


def proxy_event(body: bytes, header: str | None, *, encoded: bool) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", **({"Stripe-Signature": header} if header else {})}
    text = base64.b64encode(body).decode() if encoded else body.decode()
    return {"headers": headers, "body": text, "isBase64Encoded": encoded, "requestContext": {"requestId": "req-1"}}


Send = Callable[[bytes, str | None], tuple[int, dict[str, Any], str]]


@pytest.fixture(params=["function", "function, base64", "app"])
def send(request: pytest.FixtureRequest, aws: FakeAws) -> Send:
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


def test_a_signed_event_is_queued_byte_for_byte(send: Send, aws: FakeAws) -> None:
    assert send(BODY, signed()) == (200, {"received": True}, "application/json")
    assert aws.queued == [BODY.decode()]


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
def test_what_stripe_did_not_just_sign_is_refused(send: Send, aws: FakeAws, header: str | None, why: str) -> None:
    status, problem, media_type = send(BODY, header)
    assert (status, problem["status"], problem["code"]) == (400, 400, "bad_request")
    assert media_type == "application/problem+json"
    assert why in problem["detail"]
    assert aws.queued == []


def test_an_empty_secret_signs_nothing(aws: FakeAws) -> None:
    aws.secret = holding("")
    with pytest.raises(BadRequest):
        receipt.receive({"Stripe-Signature": signed(BODY, "")}, BODY)


@pytest.mark.parametrize("secrets", [("whsec_next",), (SECRET,), ("whsec_next", SECRET)])
def test_both_secrets_are_good_while_one_replaces_the_other(send: Send, aws: FakeAws, secrets: tuple[str, ...]) -> None:
    aws.secret = holding("whsec_next", SECRET)
    assert send(BODY, signed(BODY, *secrets))[0] == 200
    assert len(aws.queued) == 1


def test_the_secret_is_read_once_for_many_events(aws: FakeAws) -> None:
    for _ in range(3):
        receipt.receive({"Stripe-Signature": signed()}, BODY)
    assert [call.operation for call in aws.calls] == ["secretsmanager.GetSecretValue", *["AmazonSQS.SendMessage"] * 3]


def test_aws_is_not_asked_about_what_cannot_be_signed(aws: FakeAws) -> None:
    with pytest.raises(BadRequest):
        receipt.receive({"Stripe-Signature": "v1=abc"}, BODY)
    assert aws.calls == []


def test_a_huge_body_is_refused(send: Send) -> None:
    huge = b'{"padding": "' + b"x" * receipt.MAX_BYTES + b'"}'
    status, problem, _ = send(huge, signed(huge))
    assert (status, problem["code"], problem["limit_bytes"]) == (413, "too_large", receipt.MAX_BYTES)


def test_when_the_queue_is_gone_stripe_is_asked_to_repeat(send: Send, aws: FakeAws) -> None:
    aws.queues.clear()
    status, problem, _ = send(BODY, signed())
    assert (status, problem["code"]) == (503, "unavailable")


@pytest.mark.parametrize(
    "fault", [(500, {"__type": "InternalFailure"}), (400, {"__type": "AccessDenied"}), (DROP, None)]
)
def test_an_event_is_never_lost_to_a_fault(aws: FakeAws, fault: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether the secret cannot be read or the message not be sent, Stripe is asked to repeat, and then it works."""
    event = proxy_event(BODY, signed(), encoded=False)
    aws.first.extend([fault] * 2)
    refused = receipt.receive_stripe_event(event, None)
    aws.first.clear()
    receipt.receive_stripe_event(event, None)
    aws.first.extend([fault] * 2)
    refused_again = receipt.receive_stripe_event(event, None)
    aws.first.clear()
    assert receipt.receive_stripe_event(event, None)["statusCode"] == 200
    assert [refused["statusCode"], refused_again["statusCode"]] == [503, 503]
    assert refused["headers"]["Retry-After"] == "2"
    assert aws.queued == [BODY.decode()] * 2
    causes = [json.loads(line).get("cause", "") for line in capsys.readouterr().out.splitlines()]
    assert causes[0].startswith("secretsmanager GetSecretValue: ")
    assert causes[2].startswith("sqs SendMessage: ")


@pytest.mark.parametrize("changes", [{"body": "###", "isBase64Encoded": True}, {"body": None}, {"headers": None}])
def test_broken_proxy_events_are_refused(aws: FakeAws, changes: dict[str, Any]) -> None:
    event = {**proxy_event(BODY, signed(), encoded=False), **changes}
    assert receipt.receive_stripe_event(event, None)["statusCode"] == 400


def test_a_signed_body_that_is_not_text_is_refused(aws: FakeAws) -> None:
    body = b"\xff\xfe"
    answer = receipt.receive_stripe_event(proxy_event(body, signed(body), encoded=True), None)
    assert (answer["statusCode"], aws.queued) == (400, [])


def test_it_is_logged_and_counted_without_the_body(aws: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    receipt.receive_stripe_event(proxy_event(BODY, signed(), encoded=False), None)
    receipt.receive_stripe_event(proxy_event(BODY, "t=1,v1=x", encoded=False), None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counted = [line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] for line in lines]
    assert counted == ["StripeEventsReceived", "StripeEventsRefused"]
    assert all(line[name] == 1 for line, name in zip(lines, counted, strict=True))
    assert not any(hidden in json.dumps(lines) for hidden in ("evt_1", SECRET, KEYS.secret_key, str(KEYS.token)))


def loaded(*modules: str) -> Iterable[str]:
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; import {', '.join(modules)}; print(' '.join(sys.modules))"],
        check=True, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    return found.stdout.split()


def test_a_cold_start_loads_neither_framework_nor_sdk() -> None:
    heavy = {"app", "aws_lambda_powertools", "boto3", "botocore", "chalice", "pydantic", "stripe", "chalicelib.wiring"}
    assert not heavy & set(loaded("chalicelib.payments.receipt"))


def test_stripe_is_not_loaded_until_it_is_used() -> None:
    assert "stripe" not in loaded("chalicelib.payments.gateway", "chalicelib.payments.jobs")
