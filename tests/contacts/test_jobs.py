"""Contact records from the stream: once in the table however often they come, the unreadable ones parked."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.contacts.gateway import MOST, FailureQueue
from chalicelib.contacts.jobs import record_contacts
from chalicelib.platform.errors import Unavailable
from chalicelib.wiring import table
from tests.contacts.conftest import NewAccount
from tests.contacts.records import AGENT, a_record, payload, stream_event
from tests.harness import ENVIRONMENT, Meter


def stored(contact_id: str = "c-1") -> dict[str, Any]:
    item = table().get(f"X#{contact_id}", "#")
    assert item is not None
    return item


def parked() -> list[dict[str, Any]]:
    queue = ENVIRONMENT["CONTACT_FAILURE_QUEUE_URL"]
    got = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in got.get("Messages", [])]


def test_a_call_stands_on_the_account_of_its_number(ada: str) -> None:
    assert record_contacts(stream_event(payload()), None) == {"batchItemFailures": []}
    assert stored()["account_id"] == ada
    assert stored()["gs1pk"] == f"A#{ada}"
    assert stored()["gs1sk"] == "I#2026-11-02T09:10:00.000Z#c-1"


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({"CustomerEndpoint": {"Address": "ADA@example.com", "Type": "EMAIL_ADDRESS"}}, True),
        ({"CustomerEndpoint": {"Address": "+447700900777", "Type": "TELEPHONE_NUMBER"}}, False),
        ({"CustomerEndpoint": {"Address": "anonymous", "Type": "TELEPHONE_NUMBER"}}, False),
        ({"CustomerEndpoint": None}, False),
    ],
)
def test_who_is_not_known_stands_on_no_account(ada: str, changes: dict[str, Any], known: bool) -> None:
    record_contacts(stream_event(payload(**changes)), None)
    assert stored().get("account_id") == (ada if known else None)
    assert ("gs1pk" in stored()) is known


def test_a_shared_number_is_nobodys_and_the_flow_knows_better(ada: str, new_account: NewAccount) -> None:
    other = new_account("Byron", phones=["+447700900123"])
    record_contacts(stream_event(payload(), payload(ContactId="c-2", Attributes={"account_id": other})), None)
    assert "account_id" not in stored("c-1")
    assert stored("c-2")["account_id"] == other


def test_a_newer_record_replaces_and_an_older_or_equal_one_does_nothing(cloud: None) -> None:
    newer = payload(LastUpdateTimestamp="2026-11-02T09:20:00Z", Agent={**AGENT, "AfterContactWorkDuration": 185})
    equal = payload(LastUpdateTimestamp="2026-11-02T09:20:00Z", Agent=None)
    for records in ([newer], [payload(), newer, equal, payload()], [equal]):
        assert record_contacts(stream_event(*records), None) == {"batchItemFailures": []}
        assert stored()["wrap_up_s"] == 185


def test_poison_is_parked_with_its_reason_and_its_neighbours_are_done(cloud: None) -> None:
    broken = b'{"ContactId": \xff'
    event = stream_event(payload(ContactId="c-1"), broken, payload(ContactId=None), payload(ContactId="c-2"))
    assert record_contacts(event, None) == {"batchItemFailures": []}
    assert stored("c-1")["kind"] == stored("c-2")["kind"] == "contact"
    by_reason = {message["reason"]: base64.b64decode(message["payload_base64"]) for message in parked()}
    assert by_reason == {"record: json_invalid": broken, "ContactId: string_type": payload(ContactId=None)}


def test_a_huge_unreadable_record_loses_its_end_and_not_its_place(cloud: None) -> None:
    huge = b"x" * 1_000_000
    assert record_contacts(stream_event(huge), None) == {"batchItemFailures": []}
    (message,) = parked()
    assert base64.b64decode(message["payload_base64"]) == huge[:MOST]
    assert (message["size"], message["sha256"]) == (1_000_000, hashlib.sha256(huge).hexdigest())


@pytest.mark.parametrize("before", [0, MOST - 30, MOST - 25])
def test_nothing_that_is_parked_tells_a_card_number(cloud: None, before: int) -> None:
    said = b"x" * before + b" my card is 4242 4242 4242 4242 and so on"
    assert record_contacts(stream_event(said), None) == {"batchItemFailures": []}
    (message,) = parked()
    assert sum(map(str.isdigit, base64.b64decode(message["payload_base64"]).decode())) <= 6
    assert message["sha256"] is None


def test_a_queue_that_is_down_keeps_the_record_in_the_stream(cloud: None) -> None:
    client = boto3.client("sqs")
    with Stubber(client) as stub:
        stub.add_client_error("send_message", "ServiceUnavailable", http_status_code=503)
        with pytest.raises(Unavailable):
            FailureQueue(client, ENVIRONMENT["CONTACT_FAILURE_QUEUE_URL"]).park(b"x", "reason")


def test_no_personal_data_is_stored_or_logged(ada: str, capsys: pytest.CaptureFixture[str]) -> None:
    record_contacts(stream_event(payload(Attributes={"customer_name": "Margaret Ellison"}), b"+447700900123"), None)
    told = json.dumps(stored()) + capsys.readouterr().out
    assert not [text for text in ("Margaret", "7700900123", "ada@example.com") if text in told]


def test_costs(ada: str, meter: Meter) -> None:
    record_contacts(stream_event(payload()), None)
    assert meter.calls == ["Query", "PutItem"]
    assert meter.write_units == 2
    record_contacts(stream_event(json.dumps(a_record(ContactId="c-2", CustomerEndpoint=None)).encode()), None)
    assert meter.calls == ["Query", "PutItem", "PutItem"]
    assert meter.write_units == 3
