"""Mail that the stream gave up is found and started again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from chalicelib.cases.notices import NoticeStore, notice_of
from chalicelib.payments.news import News, Topic
from chalicelib.platform.clock import utc_now
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Put
from chalicelib.wiring import table
from infra import requeue
from tests.harness import ENVIRONMENT

AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


def put(name: str, **given: str) -> Item:
    item = {
        "pk": "C#case_1", "sk": f"T#{name}", "kind": "message", "case_id": "case_1", "message_id": name,
        "delivery": "queued", "at": "2026-01-01T00:00:00.000Z", **given,
    }  # fmt: skip
    table().write(Put(item))
    return item


@pytest.fixture
def stuck(cloud: None) -> Item:
    """One message that is stuck, beside others that are not."""
    put("msg_sent", delivery="sent")
    put("msg_young", at="2999-01-01T00:00:00.000Z")
    put("evt_other", kind="case_event")
    return put("msg_stuck")


def test_what_is_stuck_is_listed_and_left_alone(stuck: Item, capsys: pytest.CaptureFixture[str]) -> None:
    assert requeue.main(["--table", ENVIRONMENT["TABLE_NAME"]]) == 0
    assert capsys.readouterr().out == "case_1 msg_stuck 2026-01-01T00:00:00.000Z queued\n"
    assert table().get(stuck["pk"], stuck["sk"]) == stuck


def test_a_receipt_that_is_stuck_is_listed_by_its_account(cloud: None, capsys: pytest.CaptureFixture[str]) -> None:
    said = News(topic=Topic.PAYMENT_SUCCEEDED, object_id="pay_1", at=AT, amount_minor=100, currency="GBP")
    receipt = notice_of(said, "acc_1", AT, "2026-01-01")
    NoticeStore(table()).put(receipt)
    assert requeue.main(["--table", ENVIRONMENT["TABLE_NAME"], "--send"]) == 0
    assert capsys.readouterr().out == f"acc_1 {receipt.message_id} 2026-01-01T00:00:00.000Z again\n"


def test_what_is_started_again_makes_a_change_that_the_stream_brings(
    stuck: Item, capsys: pytest.CaptureFixture[str]
) -> None:
    assert requeue.main(["--table", ENVIRONMENT["TABLE_NAME"], "--send"]) == 0
    assert capsys.readouterr().out.endswith(" again\n")
    after = table().get(stuck["pk"], stuck["sk"])
    assert after
    assert after.pop("requeued_at")
    assert after == stuck


def test_what_was_sent_meanwhile_is_left_alone(stuck: Item) -> None:
    put("msg_stuck", delivery="sent")
    assert not requeue.send_again(table(), stuck, utc_now())


def test_a_table_that_is_not_there_is_said(stuck: Item, capsys: pytest.CaptureFixture[str]) -> None:
    assert requeue.main(["--table", "absent"]) == 1
    assert "cannot be read" in capsys.readouterr().err
