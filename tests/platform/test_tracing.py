"""What the real SDK records of calls to AWS, as it leaves for the daemon."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from aws_xray_sdk import global_sdk_config  # type: ignore[import-untyped]
from aws_xray_sdk.core import AWSXRayRecorder  # type: ignore[import-untyped]
from aws_xray_sdk.core.context import Context  # type: ignore[import-untyped]
from aws_xray_sdk.ext.boto_utils import aws_meta_processor  # type: ignore[import-untyped]
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.platform.entry import Failed
from chalicelib.platform.telemetry import tracer
from chalicelib.platform.tracing import WordlessEmitter

ADA = "ada@example.com"
Json = dict[str, Any]


@pytest.fixture
def daemon() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(5)
        yield daemon


@pytest.fixture
def recorder(daemon: socket.socket) -> Iterator[Any]:
    """A recorder that traces all and tells the daemon."""
    global_sdk_config.set_sdk_enabled(True)  # the desk itself turns tracing off where no Lambda is
    recorder = AWSXRayRecorder()
    sender = recorder.emitter
    recorder.configure(sampling=False, context=Context(), service="desk", emitter=WordlessEmitter(sender))
    recorder.emitter.set_daemon_address(f"127.0.0.1:{daemon.getsockname()[1]}")
    yield recorder
    sender._socket.close()
    global_sdk_config.set_sdk_enabled(False)


def traced(recorder: Any, client: Any, operation: str, given: Json) -> None:
    recorder.record_subsegment(
        client._make_api_call, client, (operation, given), {}, name=client.meta.service_model.endpoint_prefix,
        namespace="aws", meta_processor=aws_meta_processor,
    )  # fmt: skip


def test_the_recorder_of_the_desk_sends_no_words() -> None:
    provider: Any = tracer.provider
    assert isinstance(provider.emitter, WordlessEmitter)


def test_errors_tell_their_kind_and_objects_no_names(cloud: None, recorder: Any, daemon: socket.socket) -> None:
    ses, s3 = boto3.client("ses"), boto3.client("s3")
    with recorder.in_segment("desk"), Stubber(ses) as refusing, Stubber(s3) as storing:
        refusing.add_client_error("send_raw_email", "MessageRejected", f"not verified: {ADA}", 400)
        storing.add_response("put_object", {})
        with pytest.raises(ClientError):
            traced(recorder, ses, "SendRawEmail", {"RawMessage": {"Data": b"x"}})
        traced(recorder, s3, "PutObject", {"Bucket": "mail", "Key": f"attachments/{ADA}.pdf"})
        with pytest.raises(Failed), recorder.in_subsegment("job"):
            raise Failed("ValueError")
    sent = daemon.recv(65_536).decode()
    assert ADA not in sent
    refused, put, job = json.loads(sent.split("\n", 1)[1])["subsegments"]
    assert refused["cause"]["exceptions"][0]["type"] == "MessageRejected"
    assert put["aws"]["operation"] == "PutObject"
    assert job["cause"]["exceptions"][0]["message"] == "ValueError"
