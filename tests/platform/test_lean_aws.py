"""AWS called without an SDK: signed as botocore signs, over one connection, tried twice where that can help."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.platform import lean_aws
from chalicelib.platform.lean_aws import SECRETS_MANAGER, SQS, CallFailed, LeanClient
from tests.fake_aws import DROP, KEYS, QUEUE_URL, SECRET_ID, Answer, FakeAws
from tests.tls import server_context

MESSAGE = {"QueueUrl": QUEUE_URL, "MessageBody": "Zo\u00eb \u20ac \U0001f600"}


def lead_to(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    with FakeAws(secret="the secret") as fake:
        lead_to(fake, monkeypatch)
        yield fake


@pytest.fixture
def sqs(aws: FakeAws) -> Iterator[LeanClient]:
    client = LeanClient(SQS)
    yield client
    client.close()


def test_a_message_is_sent(aws: FakeAws, sqs: LeanClient) -> None:
    assert sqs.call("SendMessage", MESSAGE) == {"MessageId": "1"}
    assert aws.queued == [MESSAGE["MessageBody"]]
    assert aws.calls[0].headers["Content-Type"] == "application/x-amz-json-1.0"


def test_a_secret_is_read(aws: FakeAws) -> None:
    client = LeanClient(SECRETS_MANAGER)
    assert client.call("GetSecretValue", {"SecretId": SECRET_ID})["SecretString"] == "the secret"
    assert aws.calls[0].headers["Content-Type"] == "application/x-amz-json-1.1"
    client.close()


def test_keys_that_do_not_expire_come_without_a_token(
    aws: FakeAws, sqs: LeanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    sqs.call("SendMessage", MESSAGE)
    assert "X-Amz-Security-Token" not in aws.calls[0].headers


def test_keys_are_read_anew_for_every_call(aws: FakeAws, sqs: LeanClient, monkeypatch: pytest.MonkeyPatch) -> None:
    sqs.call("SendMessage", MESSAGE)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(CallFailed, match=r"^sqs SendMessage: 403 InvalidSignatureException$"):
        sqs.call("SendMessage", MESSAGE)


def test_a_trace_goes_on(aws: FakeAws, sqs: LeanClient, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    monkeypatch.setenv("_X_AMZN_TRACE_ID", trace)
    sqs.call("SendMessage", MESSAGE)
    monkeypatch.delenv("_X_AMZN_TRACE_ID")
    sqs.call("SendMessage", MESSAGE)
    assert [call.headers["X-Amzn-Trace-Id"] for call in aws.calls] == [trace, None]


def test_one_connection_serves_many_calls(aws: FakeAws, sqs: LeanClient) -> None:
    for _ in range(3):
        sqs.call("SendMessage", MESSAGE)
    assert {call.connection for call in aws.calls} == {0}


def test_a_connection_that_the_other_side_closed_is_opened_anew(aws: FakeAws, sqs: LeanClient) -> None:
    aws.keep_connections = False
    for _ in range(3):
        sqs.call("SendMessage", MESSAGE)
    assert [call.connection for call in aws.calls] == [0, 1, 2]
    assert len(aws.queued) == 3


@pytest.mark.parametrize(
    "first",
    [
        (500, {"__type": "InternalFailure"}),
        (503, b"<html>busy</html>"),
        (429, {}),
        (400, {"__type": "ThrottlingException"}),
        (403, {"__type": "com.amazonaws.sqs#RequestThrottled"}),
        (200, b"not JSON"),
        (200, b""),
        (DROP, None),
    ],
)
def test_what_may_pass_is_tried_once_more(aws: FakeAws, sqs: LeanClient, first: Answer) -> None:
    aws.first.append(first)
    assert sqs.call("SendMessage", MESSAGE) == {"MessageId": "1"}
    assert len(aws.calls) == 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((500, {"__type": "InternalFailure"}), "500 InternalFailure"),
        ((503, b"<html>busy</html>"), "503 unreadable"),
        ((200, [1]), "200 unreadable"),
        ((DROP, None), "RemoteDisconnected"),
    ],
)
def test_twice_is_enough(aws: FakeAws, sqs: LeanClient, answer: Answer, why: str) -> None:
    aws.first.extend([answer] * 3)
    with pytest.raises(CallFailed, match=rf"^sqs SendMessage: {why}$"):
        sqs.call("SendMessage", MESSAGE)
    assert len(aws.calls) == 2


def test_a_refusal_is_not_repeated(aws: FakeAws, sqs: LeanClient) -> None:
    aws.queues.clear()
    with pytest.raises(CallFailed, match=r"^sqs SendMessage: 400 QueueDoesNotExist$"):
        sqs.call("SendMessage", MESSAGE)
    assert len(aws.calls) == 1


def test_who_does_not_answer_is_given_up(aws: FakeAws, sqs: LeanClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lean_aws, "READ_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(CallFailed, match=r"^sqs SendMessage: TimeoutError$"):
            LeanClient(SQS).call("SendMessage", MESSAGE)


def test_nobody_there_is_a_failed_call(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{gone.getsockname()[1]}")
    with pytest.raises(CallFailed, match=r"^sqs SendMessage: ConnectionRefusedError$"):
        LeanClient(SQS).call("SendMessage", MESSAGE)


def test_what_failed_is_said_without_what_was_sent(aws: FakeAws, sqs: LeanClient) -> None:
    aws.first.extend([(500, {"__type": "InternalFailure", "message": f"{KEYS.secret_key} {MESSAGE}"})] * 2)
    with pytest.raises(CallFailed) as failed:
        sqs.call("SendMessage", MESSAGE)
    said = f"{failed.value!r} {failed.value}"
    assert not any(secret in said for secret in (KEYS.secret_key, str(KEYS.token), MESSAGE["MessageBody"]))


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ({}, "sqs.eu-west-2.amazonaws.com:443"),
        ({"AWS_REGION": "cn-north-1"}, "sqs.cn-north-1.amazonaws.com.cn:443"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, "127.0.0.1:4566"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_ENDPOINT_URL_SQS": "http://sqs:99"}, "sqs:99"),
    ],
)
def test_where_a_call_goes(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], host: str) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in {"AWS_REGION": "eu-west-2", **environment}.items():
        monkeypatch.setenv(name, value)
    connection = LeanClient(SQS)._connection
    assert f"{connection.host}:{connection.port}" == host


def test_only_who_proves_to_be_the_host_is_spoken_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, certificate = server_context(tmp_path)
    lean_aws._tls.cache_clear()
    with FakeAws(tls=context) as fake:
        lead_to(fake, monkeypatch)
        with pytest.raises(CallFailed, match="SSLCertVerificationError"):
            LeanClient(SQS).call("SendMessage", MESSAGE)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        lean_aws._tls.cache_clear()
        trusting = LeanClient(SQS)
        trusting.call("SendMessage", MESSAGE)
        trusting.call("SendMessage", MESSAGE)
        trusting.close()
    lean_aws._tls.cache_clear()
    assert {call.connection for call in fake.calls} == {2}
