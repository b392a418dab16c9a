"""Odd mails become cases; what is no mail is refused; what cannot be read now comes again."""

from __future__ import annotations

import json

import pytest

from chalicelib.intake.model import NotAMail
from chalicelib.intake.service import EmptyMail
from chalicelib.platform.errors import Unavailable
from tests.intake.fakes import Door
from tests.intake.mails import announced, notification, raw


@pytest.mark.parametrize(
    ("content", "subject", "text"),
    [
        (raw(from_=None), "My bill", "Why is it so high?"),
        (raw(date=None), "My bill", "Why is it so high?"),
        (raw("", subject="Call me"), "Call me", ""),
        (raw("words", content_type="multipart/mixed; boundary=lost"), "My bill", "words"),
        (b"no header at all", "", "no header at all"),
    ],
)
def test_odd_mails_become_cases(door: Door, content: bytes, subject: str, text: str) -> None:
    assert door.deliver(content).what == "opened"
    (mail,) = door.cases.received
    assert (mail.subject, mail.text) == (subject, text)


def test_a_mail_without_sender_is_not_answered(door: Door) -> None:
    door.deliver(raw(from_=None))
    (mail,) = door.cases.received
    assert (mail.from_addr, mail.account_id, mail.verified, mail.acknowledge) == (None, None, False, False)


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "[]", "not JSON", "{}", '{"Message": "not JSON"}', '{"Message": {"a": 1}}', "[" * 100_000,
        json.dumps({"notificationType": "Complaint"}), json.dumps(notification() | {"receipt": {}}),
    ],
)  # fmt: skip
def test_what_is_no_notification_is_refused(door: Door, body: str) -> None:
    with pytest.raises(NotAMail):
        door.intake.receive(body)


def test_the_reason_of_a_refusal_holds_no_content(door: Door) -> None:
    secret = notification() | {"receipt": {"recipients": "ada@example.com"}}
    with pytest.raises(NotAMail) as refused:
        door.intake.receive(json.dumps(secret))
    assert "ada@" not in str(refused.value)
    assert "receipt" in str(refused.value)


def test_a_mail_that_is_not_there_comes_again(door: Door) -> None:
    with pytest.raises(Unavailable):
        door.intake.receive(announced(notification()))


@pytest.mark.parametrize("nothing", [b"", b"\r\n\r\n"])
def test_an_object_without_content_is_no_mail(door: Door, nothing: bytes) -> None:
    with pytest.raises(EmptyMail):
        door.deliver(nothing)
