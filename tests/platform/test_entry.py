"""Lambda entry points: partial batches, parked poison, flushed metrics, no matter how they are called."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from chalicelib.platform.codec import Change, encode
from chalicelib.platform.entry import Failed, Poison, each_change, each_data, each_message, entry
from chalicelib.platform.telemetry import count
from tests.platform.conftest import Log


def messages(*bodies: str) -> dict[str, Any]:
    records = [
        {"messageId": f"m-{n}", "body": body, "eventSource": "aws:sqs", "attributes": {}, "receiptHandle": "r"}
        for n, body in enumerate(bodies)
    ]
    return {"Records": records}


def data(*payloads: bytes) -> dict[str, Any]:
    records = [
        {"eventSource": "aws:kinesis", "kinesis": {"sequenceNumber": str(n), "data": base64.b64encode(p).decode()}}
        for n, p in enumerate(payloads)
    ]
    return {"Records": records}


def failed(response: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def refuse(bad: Any, seen: list[Any]) -> Any:
    def handle(value: Any) -> None:
        if value == bad:
            raise ValueError("this one is bad")
        seen.append(value)

    return handle


def test_of_a_queue_the_failed_messages_alone_come_again() -> None:
    seen: list[str] = []
    assert failed(each_message(messages("a", "bad", "b"), refuse("bad", seen))) == ["m-1"]
    assert seen == ["a", "b"]


def test_a_batch_that_fails_as_a_whole_is_reported_message_by_message() -> None:
    assert failed(each_message(messages("bad", "bad"), refuse("bad", []))) == ["m-0", "m-1"]


def test_poison_in_a_queue_goes_its_way_to_the_dead_letter_queue() -> None:
    def handle(_: str) -> None:
        raise Poison("no sender")

    assert failed(each_message(messages("x"), handle)) == ["m-0"]


def test_changes_of_the_table_arrive_as_plain_items() -> None:
    image = {"pk": "C#1", "n": 1}
    record = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "7", "NewImage": encode(image)}}
    seen: list[Change] = []
    assert failed(each_change({"Records": [record]}, seen.append)) == []
    assert seen == [Change(None, image)]

    def fail(_: Change) -> None:
        raise ValueError("bad")

    assert failed(each_change({"Records": [record]}, fail)) == ["7"]


def test_poison_in_a_stream_is_parked_and_the_shard_moves_on() -> None:
    seen: list[bytes] = []
    parked: list[tuple[bytes, str]] = []

    def handle(payload: bytes) -> None:
        if payload == b"poison":
            raise Poison("not JSON")
        if payload == b"later":
            raise ConnectionError("try again")
        seen.append(payload)

    response = each_data(data(b"a", b"poison", b"later", b"b"), handle, lambda *found: parked.append(found))
    assert (failed(response), seen, parked) == (["2"], [b"a", b"b"], [(b"poison", "not JSON")])


def test_poison_that_cannot_be_parked_is_not_lost() -> None:
    def handle(_: bytes) -> None:
        raise Poison("not JSON")

    def park(_: bytes, __: str) -> None:
        raise ConnectionError("the queue does not answer")

    assert failed(each_data(data(b"poison"), handle, park)) == ["0"]


class Context:
    aws_request_id = "r-1"


class ChaliceEvent:
    """As Chalice gives queues and streams: an object with the event inside and the context upon it."""

    context = Context()

    def to_dict(self) -> dict[str, Any]:
        return {"n": 1}


@pytest.mark.parametrize("call", [({"n": 1}, Context()), ({"n": 1}, None), (ChaliceEvent(),), ({"n": 1},)])
def test_an_entry_takes_plain_events_and_those_of_chalice_with_and_without_a_context(call: Any) -> None:
    @entry
    def double(event: dict[str, Any], context: Any) -> int:
        return int(event["n"]) * 2

    assert double(*call) == 2


@pytest.mark.parametrize("fails", [False, True])
def test_metrics_are_flushed_and_a_failure_is_logged_and_raised(
    fails: bool, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    @entry
    def work(event: dict[str, Any], context: Any) -> None:
        count("Things", 3)
        if fails:
            raise ValueError("near ada@example.com")

    if fails:
        with pytest.raises(Failed) as left:
            work({}, Context())
        assert str(left.value) == "ValueError"  # the runtime writes it to log and trace as it is
    else:
        work({}, Context())
    assert [json.loads(line)["Things"] for line in capsys.readouterr().out.splitlines()] == [[3.0]]
    assert [(line["function"], line["request_id"]) for line in log() if line["level"] == "ERROR"] == (
        [("work", "r-1")] if fails else []
    )
    assert "ada@" not in json.dumps(log())
