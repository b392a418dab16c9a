"""Addresses that mail must not go to: what the mail service tells, what is sent still, and how it is allowed again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts.letters import Letter, Purpose
from chalicelib.accounts.marks import AddressMarks
from chalicelib.cases.jobs import record_mail_events
from chalicelib.cases.mail_events import MailEvents, NotAMailEvent, read_event
from chalicelib.cases.mail_policy import MailRules
from chalicelib.cases.mailbox import Mark, mark_put
from chalicelib.cases.messages import Delivery
from chalicelib.cases.model import State
from chalicelib.platform.clock import format_instant
from chalicelib.platform.errors import NotFound
from chalicelib.wiring import case_inbox, case_mailbox
from tests.cases.builders import ADVISOR, NOON, Desk
from tests.cases.newsmakers import an_account, paid
from tests.cases.test_inbox import MAIL
from tests.harness import HttpDesk
from tests.house.roles import Role
from tests.tables import Lagging

ADA = "ada@example.com"


def told(
    kind: str = "Bounce", address: str = "Ada@Example.com", at: str = "2026-11-02T12:05:00.000Z", **of: Any
) -> str:
    """An event as SES publishes it."""
    who = {"emailAddress": address}
    if kind == "Bounce":
        who |= {"status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user", "action": "failed"}
        said: dict[str, Any] = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [who]}
    else:
        said = {"complainedRecipients": [who], "complaintFeedbackType": "abuse", "userAgent": "AnyCompany"}
    said |= {"timestamp": at, "feedbackId": "0100-feedback-1", **of}
    mail = {"messageId": "ses-1", "timestamp": at, "source": "billing@desk.example", "destination": [address]}
    return json.dumps({"eventType": kind, kind.lower(): said, "mail": mail})


def in_sns(event: str) -> str:
    return json.dumps({"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-2:1:t", "Message": event})


def events(desk: Desk) -> MailEvents:
    marks = AddressMarks(desk.accounts.heads, desk.new_id)
    return MailEvents(desk.recipients, desk.accounts, marks, desk.inbox, desk.sent_letters)


def record(desk: Desk, body: str) -> str:
    event = read_event(body)
    return events(desk).record(event) if event else "greeting"


def receipt(desk: Desk, account_id: str) -> tuple[Delivery | None, str | None]:
    """What became of a mail to the account, and why."""
    desk.incidents.tell(paid(account_id))
    (item,) = [item for item in desk.items("A#") if item["kind"] == "message"]
    outcome = desk.notice_outbox.deliver(item)
    (after,) = [item for item in desk.items("A#") if item["kind"] == "message"]
    return outcome, after.get("failure")


@pytest.mark.parametrize(
    ("event", "outcome", "failure"),
    [(told(), "bounced", "stopped_bounced"), (in_sns(told("Complaint")), "complained", "stopped_complained")],
    ids=["bounce", "complaint"],
)
def test_nothing_is_sent_to_a_stopped_address(case_desk: Desk, event: str, outcome: str, failure: str) -> None:
    account = an_account(case_desk, ADA)
    assert [record(case_desk, event) for _ in range(2)] == [outcome, outcome]
    assert receipt(case_desk, account) == (Delivery.FAILED, failure)
    assert case_desk.post.sent == []


def test_a_security_letter_goes_to_a_stopped_address(case_desk: Desk) -> None:
    account = an_account(case_desk, ADA)
    record(case_desk, told("Complaint"))
    letter = Letter(
        name="identity/code", object_id="ver_1", account_id=account, at=NOON, purpose=Purpose.SECURITY, secret=True,
        facts={"minutes": 10},
    )  # fmt: skip
    assert case_desk.recipients.refuses(ADA, "msg_1", NOON, is_security=letter.purpose is Purpose.SECURITY) is None
    assert case_desk.recipients.refuses(ADA, "msg_1", NOON) == "stopped_complained"


def test_a_bounce_is_on_the_account_and_on_the_case_whose_mail_it_was_once(case_desk: Desk) -> None:
    account = an_account(case_desk, ADA)
    case_desk.inbox.receive_mail(replace(MAIL, account_id=account, acknowledge=False))
    case_desk.work.answer(MAIL.case_id, "Here is why.", ADVISOR)
    assert case_desk.outbox.deliver(case_desk.queued()[0]) is Delivery.SENT
    for _ in range(3):
        record(case_desk, told())
    (event,) = [item for item in case_desk.items("C#") if item.get("type") == "delivery_failed"]
    assert event["detail"]["recipients"] == [ADA]
    assert event["detail"]["said"] == "smtp; 550 5.1.1 no such user"
    assert case_desk.cases.read(MAIL.case_id).state is State.OPEN
    assert format_instant(case_desk.accounts.get(account).contact_details[ADA].bounced_at or NOON) > format_instant(
        NOON
    )


def test_a_mail_that_bounces_at_once_is_known(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(replace(MAIL, acknowledge=False))
    case_desk.work.answer(MAIL.case_id, "Here is why.", ADVISOR)
    quick = Desk(Lagging(case_desk.table), case_desk.clock, case_desk.new_id)
    quick.outbox.deliver(quick.queued()[0])
    record(quick, told())
    assert case_desk.cases.read(MAIL.case_id).state is State.OPEN


def test_an_answer_to_a_stopped_address_fails_and_the_case_comes_back(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(replace(MAIL, acknowledge=False))
    record(case_desk, told())
    case_desk.work.answer(MAIL.case_id, "Here is why.", ADVISOR)
    assert case_desk.outbox.deliver(case_desk.queued()[0]) is Delivery.FAILED
    (event,) = [item for item in case_desk.items("C#") if item.get("type") == "delivery_failed"]
    assert (event["detail"]["reason"], case_desk.post.sent) == ("stopped_bounced", [])
    assert case_desk.cases.read(MAIL.case_id).state is State.OPEN


@pytest.mark.parametrize(
    "event",
    [
        told(bounceType="Transient", bounceSubType="MailboxFull"), told(bounceType="Undetermined"),
        told("Complaint", complaintFeedbackType="not-spam"), told("Delivery"),
    ],
    ids=["mailbox full", "undetermined", "taken back", "delivered"],
)  # fmt: skip
def test_what_may_arrive_later_and_what_is_no_complaint_stops_nothing(case_desk: Desk, event: str) -> None:
    assert record(case_desk, event) == "ignored"
    assert case_desk.recipients.stops_of([ADA]) == []


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "{}", '{"eventType": "Bounce"}', in_sns("nothing"), told(feedbackId=""),
     told(address=""), told(at="yesterday"), "[" * 100_000],
)  # fmt: skip
def test_what_is_no_event_is_said_without_its_values(body: str) -> None:
    with pytest.raises(NotAMailEvent) as refused:
        read_event(body)
    assert "yesterday" not in str(refused.value)


def test_what_greets_a_new_topic_is_no_event() -> None:
    assert read_event(in_sns("Successfully validated SNS topic for Amazon SES event publishing.")) is None


def test_what_was_allowed_again_stays_so_until_something_new_happens(case_desk: Desk) -> None:
    account = an_account(case_desk, ADA)
    record(case_desk, told())
    now = NOON + timedelta(hours=1)
    lifted = case_desk.recipients.lift(account, ADA, "Mailbox works again", ADVISOR, now)
    assert (lifted.holds, lifted.lifted_by) == (False, "advisor.one")
    record(case_desk, told())
    assert case_desk.recipients.refuses(ADA, "msg_1", NOON) is None
    with pytest.raises(NotFound):
        case_desk.recipients.lift(account, ADA, "again", ADVISOR, now)
    record(case_desk, told(at="2026-11-02T13:30:00Z", feedbackId="0100-feedback-2"))
    assert case_desk.recipients.refuses(ADA, "msg_2", NOON) == "stopped_bounced"
    (audit,) = [item for item in case_desk.items("A#") if item.get("action") == "mail.stop_lifted"]
    assert audit["after"]["lifted_because"] == "Mailbox works again"


def test_an_address_gets_so_many_mails_an_hour_and_a_day_and_a_repeat_counts_once(case_desk: Desk) -> None:
    case_desk.mail_rules = MailRules(most_an_hour=2, most_a_day=3)

    def sends(number: int, hours: int = 0) -> str | None:
        return case_desk.recipients.refuses(ADA, f"msg_{number}", NOON + timedelta(hours=hours))

    assert [sends(1), sends(1), sends(2), sends(3), sends(1)] == [None, None, None, "too_many_mails", None]
    assert [sends(4, hours=1), sends(5, hours=2), sends(5, hours=24)] == [None, "too_many_mails", None]
    assert case_desk.recipients.refuses("other@example.com", "msg_6", NOON) is None
    assert case_desk.recipients.refuses(ADA, "msg_7", NOON, is_security=True) is None


def test_the_queue_gives_back_only_what_is_no_event(desk: HttpDesk) -> None:
    records = [
        {"messageId": name, "eventSource": "aws:sqs", "body": body}
        for name, body in (("one", in_sns(told())), ("two", "nothing"), ("three", told("Complaint")))
    ]
    assert record_mail_events({"Records": records}, None) == {"batchItemFailures": [{"itemIdentifier": "two"}]}


def test_an_advisor_sees_a_stop_and_lifts_it(desk: HttpDesk) -> None:
    profile = {
        "name": {"given": "Ada", "family": "Lovelace"}, "emails": [ADA], "kind": "consumer", "currency": "GBP",
        "language": "en-GB",
        "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
    }  # fmt: skip
    account = desk.call("POST", "/v1/accounts", profile, role="advisor").json["account_id"]
    stops = f"/v1/accounts/{account}/mail-stops"
    case_inbox().receive_mail(replace(MAIL, account_id=account, acknowledge=False))
    case_mailbox().put_mark(mark_put("<ses-1@amazonses.com>", Mark(case_id=MAIL.case_id, message_id="msg_1"), NOON))
    event = {"Records": [{"messageId": "one", "eventSource": "aws:sqs", "body": told()}]}
    with Role("RecordMailEvents").taken():
        assert record_mail_events(event, None) == {"batchItemFailures": []}
    assert desk.call("GET", f"/v1/accounts/{account}/contact-points").json["items"][0]["bounced_at"]
    (shown,) = desk.call("GET", stops, role="advisor").json["items"]
    assert (shown["address"], shown["reason"], shown["holds"]) == (ADA, "bounced", True)
    lift = {"address": ADA, "because": "She rang: her mailbox works again."}
    for role, status in (("finance", 403), ("customer", 403)):
        assert desk.call("POST", f"{stops}/lifts", lift, role=role).status == status
    assert (
        desk.call("POST", f"{stops}/lifts", {"address": "x@example.com", "because": "no"}, role="advisor").status == 404
    )
    assert desk.call("POST", f"{stops}/lifts", {"address": "x", "because": ""}, role="advisor").status == 422
    lifted = desk.call("POST", f"{stops}/lifts", lift, role="advisor").json
    assert (lifted["holds"], lifted["lifted_because"]) == (False, lift["because"])
    assert desk.call("POST", f"{stops}/lifts", lift, role="advisor").status == 404
