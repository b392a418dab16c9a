"""The Lambda that sends: stream records in, mail out, and the batch goes on past what fails."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.stub import Stubber
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.cases.jobs import deliver_messages
from chalicelib.platform import aws
from chalicelib.wiring import case_inbox, newsroom
from tests.cases.builders import Desk, a_mail
from tests.cases.newsmakers import an_account, paid
from tests.harness import TABLE, HttpDesk


@pytest.fixture
def records(desk: HttpDesk) -> list[dict[str, Any]]:
    """Two queued acknowledgements as the table's stream shows them."""
    aws.ses().verify_email_identity(EmailAddress="billing@desk.example")
    for n in (1, 2):
        mail = a_mail(case_id=f"case_{n}", message_id=f"msg_{n}", rfc_message_id=f"<{n}@mail.example>", account_id=None)
        case_inbox().receive_mail(mail)
    return queued_in_the_stream()


def queued_in_the_stream() -> list[dict[str, Any]]:
    items = aws.dynamodb().scan(TableName=TABLE)["Items"]
    queued = [item for item in items if item.get("delivery") == {"S": "queued"}]
    return [
        {
            "eventID": str(n), "eventName": "INSERT", "eventSource": "aws:dynamodb",
            "dynamodb": {
                "Keys": {"pk": item["pk"], "sk": item["sk"]}, "NewImage": item, "SequenceNumber": str(100 + n),
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        }
        for n, item in enumerate(sorted(queued, key=lambda item: item["pk"]["S"]))
    ]  # fmt: skip


def deliver(event: dict[str, Any]) -> Any:
    return deliver_messages(event, None)


def sent() -> int:
    return len(ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-2"].sent_messages)


def test_a_batch_is_sent_and_a_repeat_of_it_sends_nothing(records: list[dict[str, Any]]) -> None:
    assert deliver({"Records": records}) == {"batchItemFailures": []}
    assert sent() == 2
    assert deliver({"Records": records}) == {"batchItemFailures": []}
    assert sent() == 2


def test_what_has_nothing_to_send_is_passed_over(records: list[dict[str, Any]]) -> None:
    removed = {"eventID": "9", "eventName": "REMOVE", "dynamodb": {"Keys": {}, "SequenceNumber": "9"}}
    assert deliver({"Records": [removed]}) == {"batchItemFailures": []}
    assert sent() == 0


def test_a_message_that_fails_now_is_named_for_its_retry(records: list[dict[str, Any]]) -> None:
    with Stubber(aws.ses()) as stub:
        for _ in records:
            stub.add_client_error("send_raw_email", "Throttling", "slowly", http_status_code=400)
        failures = deliver({"Records": records})["batchItemFailures"]
    assert [failure["itemIdentifier"] for failure in failures] == ["100", "101"]
    assert deliver({"Records": records}) == {"batchItemFailures": []}
    assert sent() == 2


def test_a_refusal_for_good_is_not_tried_again(records: list[dict[str, Any]]) -> None:
    aws.ses().delete_identity(Identity="billing@desk.example")
    assert deliver({"Records": records}) == {"batchItemFailures": []}
    items = aws.dynamodb().scan(TableName=TABLE)["Items"]
    assert [item["failure"]["S"] for item in items if "failure" in item] == ["rejected", "rejected"]
    assert sent() == 0


def test_garbage_in_the_stream_fails_alone(records: list[dict[str, Any]]) -> None:
    broken = {
        "eventID": "7",
        "eventName": "INSERT",
        "dynamodb": {
            "NewImage": {"kind": {"S": "message"}, "direction": {"S": "out"}, "delivery": {"S": "queued"}},
            "SequenceNumber": "7",
        },
    }
    assert deliver({"Records": [broken, *records]}) == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    assert sent() == 2


def test_sent_mail_is_counted(records: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    deliver({"Records": records})
    counted = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "MessagesSent" in line]
    assert [line["MessagesSent"] for line in counted] == [[1.0, 1.0]]


def test_a_mail_that_hangs_on_an_account_goes_the_same_way(desk: HttpDesk, case_desk: Desk) -> None:
    aws.ses().verify_email_identity(EmailAddress="billing@desk.example")
    newsroom().tell(paid(an_account(case_desk, "ada@example.com")))
    records = queued_in_the_stream()
    assert [deliver({"Records": records}) for _ in range(2)] == [{"batchItemFailures": []}] * 2
    assert sent() == 1
