"""SES and S3 in the mocked account, and what their errors become."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from chalicelib.cases.gateway import BucketTexts, SesSender, SnsTexts
from chalicelib.platform import aws
from chalicelib.platform.errors import Refused, Unavailable
from tests.harness import ENVIRONMENT

RAW = b"From: billing@desk.example\r\nTo: ada@example.com\r\nSubject: x\r\n\r\nx\r\n"


@pytest.fixture
def sender(cloud: None) -> SesSender:
    aws.ses().verify_email_identity(EmailAddress="billing@desk.example")
    return SesSender(aws.ses(), "billing@desk.example")


def test_mail_goes_out_under_the_id_of_the_mail_service(sender: SesSender) -> None:
    travels_as = sender.send(RAW, "ada@example.com")
    assert travels_as.startswith("<")
    assert travels_as.endswith("@amazonses.com>")


def test_the_configuration_set_is_named_when_there_is_one(cloud: None) -> None:
    with Stubber(aws.ses()) as stub:
        expected: dict[str, Any] = {
            "Source": "a@desk.example", "Destinations": ["ada@example.com"], "RawMessage": {"Data": RAW},
            "ConfigurationSetName": "desk",
        }  # fmt: skip
        stub.add_response("send_raw_email", {"MessageId": "1"}, expected)
        assert SesSender(aws.ses(), "a@desk.example", "desk").send(RAW, "ada@example.com") == "<1@amazonses.com>"
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        ("MessageRejected", Refused, "rejected"),
        ("InvalidParameterValue", Refused, "bad_address"),
        ("Throttling", Unavailable, "Throttling"),
        ("AccountSendingPausedException", Unavailable, "AccountSendingPausedException"),
        ("ConfigurationSetDoesNotExist", Unavailable, "ConfigurationSetDoesNotExist"),
    ],
)
def test_refusals_for_good_and_for_now(sender: SesSender, code: str, error: type[Refused], reason: str) -> None:
    with Stubber(aws.ses()) as stub:
        for _ in range(3):
            stub.add_client_error("send_raw_email", code, "no")
        with pytest.raises(error) as raised:
            sender.send(RAW, "ada@example.com")
    assert raised.value.extra["reason"] == reason


def test_a_text_message_goes_to_its_number_and_may_not_cost_much(cloud: None) -> None:
    with Stubber(aws.sns()) as stub:
        terms = {
            "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
            "AWS.SNS.SMS.MaxPrice": {"DataType": "Number", "StringValue": "0.50"},
        }
        expected: dict[str, Any] = {"PhoneNumber": "+447700900123", "Message": "Hello", "MessageAttributes": terms}
        stub.add_response("publish", {"MessageId": "1"}, expected)
        SnsTexts(aws.sns()).send("Hello", "+447700900123")
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        ("InvalidParameter", Refused, "bad_address"),
        ("OptedOut", Refused, "bad_address"),
        ("Throttled", Unavailable, "Throttled"),
        ("AuthorizationError", Unavailable, "AuthorizationError"),
    ],
)
def test_a_dead_number_is_for_good_and_the_rest_for_now(
    cloud: None, code: str, error: type[Refused], reason: str
) -> None:
    with Stubber(aws.sns()) as stub:
        for _ in range(3):
            stub.add_client_error("publish", code, "no")
        with pytest.raises(error) as raised:
            SnsTexts(aws.sns()).send("Hello", "+447700900123")
    assert raised.value.extra["reason"] == reason


class Unplugged:
    """A client without network."""

    def __getattr__(self, _: str) -> Any:
        def call(**_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://unplugged.example")

        return call


def test_no_network_is_for_now() -> None:
    client: Any = Unplugged()
    with pytest.raises(Unavailable):
        SesSender(client, "billing@desk.example").send(RAW, "ada@example.com")
    with pytest.raises(Unavailable):
        SnsTexts(client).send("Hello", "+447700900123")
    with pytest.raises(Unavailable):
        BucketTexts(client, "bucket").put("key", "text")
    with pytest.raises(Unavailable):
        BucketTexts(client, "bucket").get("key")


def test_long_texts_come_back_as_they_went(cloud: None) -> None:
    texts = BucketTexts(aws.s3(), ENVIRONMENT["MAIL_BUCKET"])
    texts.put("messages/case_1/msg_1.txt", "帳單 – Müller\n" * 500)
    assert texts.get("messages/case_1/msg_1.txt") == "帳單 – Müller\n" * 500
    with pytest.raises(Unavailable):
        texts.get("messages/absent.txt")
