"""Mails that belong to no case: sent once to the account's address, and said plainly when they cannot be."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage

import pytest

from chalicelib.cases.messages import Delivery
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Refused, Unavailable
from tests.cases.builders import Desk, a_mail
from tests.cases.newsmakers import an_account, failed, paid


def queued(desk: Desk) -> Item:
    (item,) = [item for item in desk.items("A#") if item["kind"] == "message"]
    return item


def mail_of(desk: Desk) -> tuple[str, EmailMessage, str]:
    """To whom the one mail went, the mail, and its text."""
    ((to, raw),) = desk.post.sent
    mail = email.message_from_bytes(raw, policy=policy.default)
    plain = mail.get_body(("plain",))
    assert plain is not None
    return to, mail, plain.get_content()


def test_a_receipt_goes_to_the_account_once_and_is_kept_as_it_was_sent(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com", "second@example.com")
    case_desk.incidents.tell(paid(account))
    first = queued(case_desk)
    assert case_desk.notice_outbox.deliver(first) is Delivery.SENT
    assert case_desk.notice_outbox.deliver(first) is None
    to, mail, text = mail_of(case_desk)
    assert (to, mail["Reply-To"], mail["Auto-Submitted"]) == (
        "ada@example.com", "billing@desk.example", "auto-generated",
    )  # fmt: skip
    assert "In-Reply-To" not in mail
    item = queued(case_desk)
    assert (item["delivery"], item["subject"]) == ("sent", mail["Subject"])
    assert item["text"].split() == text.split()


@pytest.mark.parametrize("known", [True, False])
def test_without_an_address_nothing_is_sent(case_desk: Desk, known: bool) -> None:
    case_desk.incidents.tell(paid(an_account(case_desk) if known else "acc_gone"))
    assert case_desk.notice_outbox.deliver(queued(case_desk)) is Delivery.FAILED
    assert (case_desk.post.sent, queued(case_desk)["failure"]) == ([], "no_address")
    assert case_desk.notice_outbox.deliver(queued(case_desk)) is None


def test_what_the_mail_service_refuses_for_good_is_said(case_desk: Desk) -> None:
    case_desk.incidents.tell(paid(an_account(case_desk, "ada@example.com")))
    case_desk.post.answer = Refused("no", reason="rejected")
    assert case_desk.notice_outbox.deliver(queued(case_desk)) is Delivery.FAILED
    assert queued(case_desk)["failure"] == "rejected"


def test_what_may_pass_is_sent_when_it_comes_again(case_desk: Desk) -> None:
    case_desk.incidents.tell(paid(an_account(case_desk, "ada@example.com")))
    case_desk.post.answer = Unavailable("busy")
    with pytest.raises(Unavailable):
        case_desk.notice_outbox.deliver(queued(case_desk))
    case_desk.post.answer = None
    assert case_desk.notice_outbox.deliver(queued(case_desk)) is Delivery.SENT


def test_whoever_answers_a_receipt_opens_a_case(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com")
    case_desk.incidents.tell(paid(account))
    case_desk.notice_outbox.deliver(queued(case_desk))
    _, mail, _ = mail_of(case_desk)
    assert case_desk.inbox.case_of_message_id(mail["Message-ID"]) is None
    received = case_desk.inbox.receive_mail(a_mail(account_id=account, in_reply_to=mail["Message-ID"]))
    assert received.outcome == "opened"


def test_the_mail_of_a_case_about_money_is_threaded_into_the_case(case_desk: Desk) -> None:
    case_desk.incidents.tell(failed(an_account(case_desk, "ada@example.com")))
    (item,) = case_desk.queued()
    assert case_desk.outbox.deliver(item) is Delivery.SENT
    to, mail, text = mail_of(case_desk)
    head = case_desk.cases.read(item["case_id"])
    assert (to, mail["Auto-Submitted"], mail["Precedence"]) == ("ada@example.com", "auto-generated", None)
    assert mail["Subject"] == f"Your payment of £50.00 did not go through [{head.reference}]"
    assert mail["Reply-To"] != "billing@desk.example"
    (said,) = [entry for entry in case_desk.items(f"C#{head.case_id}") if entry.get("direction") == "out"]
    assert said["text"].split() == text.split()


def listed(desk: Desk) -> list[tuple[str, str, str | None]]:
    """State, direction and subject of the letters in the order of the account's timeline."""
    found = [item for item in desk.items("A#") if item["sk"].startswith("M#")]
    return [(item["state"], item["direction"], item.get("title")) for item in found]


def test_a_letter_is_on_the_timeline_of_its_account_once_with_what_became_of_it(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com")
    case_desk.incidents.tell(paid(account))
    case_desk.post.answer = Unavailable("busy")
    with pytest.raises(Unavailable):
        case_desk.notice_outbox.deliver(queued(case_desk))
    assert listed(case_desk) == []
    case_desk.post.answer = None
    for _ in range(2):
        case_desk.notice_outbox.deliver(queued(case_desk))
    assert listed(case_desk) == [("sent", "out", queued(case_desk)["subject"])]


def test_a_letter_that_could_not_be_sent_is_on_the_timeline_too(case_desk: Desk) -> None:
    case_desk.incidents.tell(paid(an_account(case_desk, "ada@example.com")))
    case_desk.post.answer = Refused("no", reason="rejected")
    case_desk.notice_outbox.deliver(queued(case_desk))
    assert listed(case_desk) == [("failed", "out", None)]
