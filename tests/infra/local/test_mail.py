"""Both ends of mail on one machine, driven over SMTP."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.front_door import Delivery, notification, open_front_door, without_settings
from infra.local.outbox import open_outbox
from infra.local.ports import LOOPBACK, choose

AT = datetime(2026, 11, 21, 10, 0, 0, 123_456, tzinfo=UTC)
ACTION = {"type": "S3", "topicArn": "arn:topic", "bucketName": "mail", "objectKey": "mail/m1"}


class FakeCloud:
    """A bucket and a topic in memory; `down` makes the bucket refuse."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.notes: list[dict[str, Any]] = []
        self.down = False

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - as the SDK names them
        if self.down:
            raise ClientError({"Error": {"Code": "ServiceUnavailable", "Message": Bucket}}, "PutObject")
        self.objects[Key] = Body

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> None:  # noqa: N803
        assert TopicArn == "arn:topic"
        assert Subject
        self.notes.append(json.loads(Message))


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def door(tmp_path: Path, cloud: FakeCloud) -> Iterator[int]:
    port = choose(tmp_path / "ports.json").mail_in
    fake: Any = cloud
    controller = open_front_door(lambda: Delivery(fake, fake, "mail", "arn:topic", "desk.example"), port)
    yield port
    controller.stop()


def send(port: int, content: bytes, *, sender: str = "ann@example.com", to: str = "billing@desk.example") -> Any:
    with smtplib.SMTP(LOOPBACK, port) as client:
        return client.sendmail(sender, [to], content)


def test_mail_is_stored_as_it_is_and_announced_as_ses_does(door: int, cloud: FakeCloud) -> None:
    raw = b"From: Ann <ann@example.com>\r\nTo: billing@desk.example\r\nSubject: My bill\r\n\r\n.dot\r\nbye\r\n"
    send(door, raw, to="billing+t1@desk.example")
    [(key, stored)] = cloud.objects.items()
    [note] = cloud.notes
    assert stored == raw
    assert key == f"mail/{note['mail']['messageId']}" == note["receipt"]["action"]["objectKey"]
    assert note["mail"]["source"] == "ann@example.com"
    assert note["mail"]["destination"] == note["receipt"]["recipients"] == ["billing+t1@desk.example"]
    assert note["mail"]["commonHeaders"]["subject"] == "My bill"


@pytest.mark.parametrize(
    "content", [b"", b"no headers at all", b"Subject: \xff\xfe\r\n\r\n\x80", b"A: " + b"x" * 90_000]
)
def test_no_mail_is_too_broken_for_the_door(door: int, cloud: FakeCloud, content: bytes) -> None:
    send(door, content)
    assert len(cloud.notes) == len(cloud.objects) == 1


def test_mail_for_another_domain_is_refused(door: int, cloud: FakeCloud) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(door, b"Subject: x\r\n\r\n", to="someone@else.example")
    assert cloud.objects == {}


def test_a_stack_that_is_down_makes_the_sender_try_again(door: int, cloud: FakeCloud) -> None:
    cloud.down = True
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(door, b"Subject: x\r\n\r\n")
    assert refused.value.smtp_code == 451
    assert cloud.notes == []


def test_verdict_headers_are_taken_out_and_decide() -> None:
    raw, settings = without_settings(b"X-Local-Verdict-Dmarc: fail\r\nSubject: x\r\n\r\nX-Local-Verdict-Spam: FAIL\r\n")
    assert raw == b"Subject: x\r\n\r\nX-Local-Verdict-Spam: FAIL\r\n"
    receipt = notification(raw, settings, "m1", "a@b.example", ["c@d.example"], ACTION, AT)["receipt"]
    assert receipt["dmarcVerdict"] == {"status": "FAIL"}
    assert receipt["dmarcPolicy"] == "none"
    assert receipt["spamVerdict"] == receipt["spfVerdict"] == {"status": "PASS"}


def test_long_headers_are_cut_and_said_to_be() -> None:
    raw = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 100) for number in range(200)) + b"\r\n"
    mail = notification(raw, {}, "m1", "a@b.example", ["c@d.example"], ACTION, AT)["mail"]
    assert mail["headersTruncated"] is True
    assert 50 < len(mail["headers"]) < 200
    assert mail["timestamp"] == "2026-11-21T10:00:00.123Z"


def test_encoded_headers_are_decoded_where_they_can_be() -> None:
    raw = b"Subject: =?utf-8?q?caf=C3=A9?=\r\nFrom: =?nonsense?b?!!?= <a@b.example>\r\n\r\n"
    headers = notification(raw, {}, "m1", "a@b.example", [], ACTION, AT)["mail"]["commonHeaders"]
    assert headers["subject"] == "café"
    assert headers["from"][0].endswith("<a@b.example>")


def test_outgoing_mail_is_kept_byte_for_byte_with_an_index(tmp_path: Path) -> None:
    port = choose(tmp_path / "ports.json").mail_out
    folder = tmp_path / "outbox"
    folder.mkdir()
    raw = b"From: billing@desk.example\r\nMessage-ID: <1@x>\r\nSubject: Hello\r\n\r\n\xc3\xa9\r\n"
    controller = open_outbox(folder, port)
    try:
        send(port, raw, sender="billing@desk.example", to="ann@example.com")
    finally:
        controller.stop()
    [line] = [json.loads(row) for row in (folder / "index.jsonl").read_text().splitlines()]
    assert (folder / line["file"]).read_bytes() == raw
    assert line["to"] == ["ann@example.com"]
    assert line["message_id"] == "<1@x>"
