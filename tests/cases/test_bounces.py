"""Mail of ours that came back, and automatic mail whose case is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.cases.messages import Received
from chalicelib.cases.model import Case, State
from tests.cases.builders import ADVISOR, Crash, Desk, Fault, FaultyTable
from tests.cases.test_inbox import MAIL, REPLY, said


@pytest.mark.parametrize("recipients", [None, ("ada@example.com",)], ids=["automatic", "bounce"])
def test_automatic_mail_of_a_case_that_is_gone_writes_nothing(
    case_desk: Desk, recipients: tuple[str, ...] | None
) -> None:
    mail = replace(REPLY, automatic=True, undelivered_to=recipients)
    assert case_desk.inbox.receive_mail(mail) == Received(MAIL.case_id, "gone")
    assert case_desk.items() == []


@pytest.fixture
def answered(case_desk: Desk) -> Case:
    """A case that waits for the customer."""
    case_desk.inbox.receive_mail(MAIL)
    return case_desk.work.answer(MAIL.case_id, "Here is why.", ADVISOR)[0]


BOUNCE = replace(REPLY, automatic=True, undelivered_to=("ada@example.com",), text="Mailbox full.", raw_key="mail/b")


def test_a_bounce_is_an_event_that_takes_the_case_back_to_us_once(case_desk: Desk, answered: Case) -> None:
    outcomes = [case_desk.inbox.receive_mail(BOUNCE) for _ in range(3)]
    assert [received.outcome for received in outcomes] == ["bounced", "repeated", "repeated"]
    after = case_desk.cases.read(MAIL.case_id)
    assert (answered.state, after.state, after.due_at) == (State.PENDING, State.OPEN, BOUNCE.received_at)
    assert (after.message_count, said(case_desk)) == (answered.message_count, ["Why is it so high?"])
    (event,) = [item for item in case_desk.items("C#") if item.get("type") == "delivery_failed"]
    assert event["detail"] == {
        "reason": "bounced", "recipients": ["ada@example.com"], "said": "Mailbox full.", "raw_key": "mail/b",
    }  # fmt: skip
    (audit,) = [item for item in case_desk.items("C#") if item.get("action") == "case.delivery_failed"]
    assert (audit["before"], audit["after"]) == ({"state": "pending"}, {"state": "open"})


@pytest.mark.parametrize("late", [False, True])
def test_a_bounce_whose_write_crashed_is_told_once(case_desk: Desk, answered: Case, late: bool) -> None:
    table = FaultyTable(case_desk.table.client, case_desk.table.name, Fault(1, late))
    with pytest.raises(Crash):
        Desk(table, case_desk.clock, case_desk.new_id).inbox.receive_mail(BOUNCE)
    case_desk.inbox.receive_mail(BOUNCE)
    assert len([item for item in case_desk.items("C#") if item.get("type") == "delivery_failed"]) == 1


def test_only_a_mail_of_ours_can_come_back(case_desk: Desk, answered: Case) -> None:
    queued = next(item for item in case_desk.queued() if item["message_id"] != "msg_00000000000000000000000001ack")
    case_desk.outbox.deliver(queued)
    inbox = case_desk.inbox
    assert inbox.case_of_sent("<ses-1@amazonses.com>") == MAIL.case_id
    assert inbox.case_of_sent("<one@mail.example>") is None
    assert inbox.case_of_message_id("<one@mail.example>") == MAIL.case_id
