"""The table as outbox: sent once, again after a crash, and said plainly when it can never be sent."""

from __future__ import annotations

import email
from dataclasses import dataclass, replace
from email import policy
from typing import Any

import pytest

from chalicelib.accounts.model import AccountKind, Profile
from chalicelib.cases.addressing import case_id_of_message_id, case_id_of_reply_address
from chalicelib.cases.messages import Delivery, InboundMail, Message
from chalicelib.cases.model import Case, Resolution, State
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Table
from chalicelib.platform.errors import Refused, Unavailable
from tests.cases.builders import ADVISOR, MAIL_KEY, Crash, Desk, Fault, FaultyTable, a_draft, a_mail
from tests.harness import Meter

RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")


@pytest.fixture
def case(case_desk: Desk) -> Case:
    """A case that was opened by mail and answered by an advisor."""
    case_id = case_desk.inbox.receive_mail(a_mail(account_id=None, acknowledge=False)).case_id
    case_desk.clock.tick(3 * 3600 + 60)
    return case_desk.work.answer(case_id, "Here is why.", ADVISOR)[0]


@pytest.fixture
def queued(case_desk: Desk, case: Case) -> Item:
    (item,) = case_desk.queued()
    return item


def answer_on(desk: Desk, case_id: str) -> Message:
    entries, _ = desk.cases.timeline(case_id, 100, None)
    return next(e for e in entries if isinstance(e, Message) and e.direction == "out")


def test_a_queued_answer_is_sent_threaded_and_marked(case_desk: Desk, case: Case, queued: Item) -> None:
    assert case_desk.outbox.deliver(queued) is Delivery.SENT
    ((to, raw),) = case_desk.post.sent
    mail = email.message_from_bytes(raw)
    assert (to, mail["To"], mail["From"]) == ("ada@example.com", "ada@example.com", "billing@desk.example")
    assert mail["In-Reply-To"] == "<one@mail.example>"
    assert case_id_of_message_id(mail["Message-ID"], "desk.example", MAIL_KEY) == case.case_id
    assert case_id_of_reply_address(mail["Reply-To"], "desk.example", MAIL_KEY) == case.case_id
    message = answer_on(case_desk, case.case_id)
    assert (message.delivery, message.sent_at, message.rfc_message_id) == (
        Delivery.SENT, case_desk.clock(), mail["Message-ID"],
    )  # fmt: skip


@pytest.mark.parametrize("host", ["eu-west-2.amazonses.com", "email.amazonses.com"])
def test_an_answer_to_the_id_that_the_mail_service_gave_finds_its_case(
    case_desk: Desk, case: Case, queued: Item, host: str
) -> None:
    case_desk.outbox.deliver(queued)
    assert case_desk.inbox.case_of_message_id(f"<ses-1@{host}>") == case.case_id


def test_a_head_that_a_stale_read_would_miss_is_found(case_desk: Desk, case: Case, queued: Item) -> None:
    @dataclass(frozen=True)
    class Behind(Table):
        """A replica that has not heard of anything yet."""

        def get(self, pk: str, sk: str, *, consistent: bool = False) -> Item | None:
            return super().get(pk, sk, consistent=True) if consistent else None

    desk = replace(case_desk, table=Behind(case_desk.table.client, case_desk.table.name))
    assert desk.outbox.deliver(queued) is Delivery.SENT


def test_a_repeat_sends_nothing(case_desk: Desk, queued: Item) -> None:
    outcomes = [case_desk.outbox.deliver(queued) for _ in range(3)]
    assert outcomes == [Delivery.SENT, None, None]
    assert len(case_desk.post.sent) == 1


def test_an_acknowledgement_is_sent_in_the_language_of_the_account_and_its_words_are_kept(case_desk: Desk) -> None:
    profile: dict[str, Any] = {
        "name": {"family": "Pritchard"}, "emails": ["owen@example.com"], "language": "cy-GB",
        "billing_address": {"line1": "3 Heol y Wig", "city": "Aberystwyth", "postal_code": "SY23 2LN", "country": "GB"},
    }  # fmt: skip
    owner = case_desk.accounts.create(Profile.model_validate(profile), AccountKind.CONSUMER, "GBP", ADVISOR)
    mail: InboundMail = a_mail(account_id=owner.account_id, from_addr="owen@example.com")
    case_desk.inbox.receive_mail(mail)
    (queued,) = case_desk.queued()
    assert case_desk.outbox.deliver(queued) is Delivery.SENT
    ((to, raw),) = case_desk.post.sent
    assert (to, email.message_from_bytes(raw)["Auto-Submitted"]) == ("owen@example.com", "auto-replied")
    assert answer_on(case_desk, mail.case_id).text.startswith("Helo,")


@pytest.mark.parametrize("at", [2, 3])
@pytest.mark.parametrize("late", [False, True])
def test_a_crash_after_sending_sends_again_rather_than_never(
    case_desk: Desk, case: Case, queued: Item, at: int, late: bool
) -> None:
    table = FaultyTable(case_desk.table.client, case_desk.table.name, Fault(at, late))
    with pytest.raises(Crash):
        Desk(table, case_desk.clock, case_desk.new_id, post=case_desk.post).outbox.deliver(queued)
    case_desk.outbox.deliver(queued)
    assert answer_on(case_desk, case.case_id).delivery is Delivery.SENT
    assert len(case_desk.post.sent) == (1 if (at, late) == (3, True) else 2)


def test_mail_that_is_refused_for_good_brings_the_case_back_to_us(case_desk: Desk, case: Case, queued: Item) -> None:
    case_desk.post.answer = Refused("The mail service refuses this mail.", reason="rejected")
    assert case_desk.outbox.deliver(queued) is Delivery.FAILED
    assert case_desk.outbox.deliver(queued) is None
    message = answer_on(case_desk, case.case_id)
    assert (message.delivery, message.failure) == (Delivery.FAILED, "rejected")
    after = case_desk.cases.read(case.case_id)
    assert (case.state, after.state, after.due_at, after.version) == (
        State.PENDING, State.OPEN, case_desk.clock(), case.version + 1,
    )  # fmt: skip
    (event,) = [item for item in case_desk.items("C#") if item.get("type") == "delivery_failed"]
    assert event["detail"] == {"message_id": message.message_id, "reason": "rejected"}
    (audit,) = [item for item in case_desk.items("C#") if item.get("action") == "case.delivery_failed"]
    assert (audit["before"], audit["after"]) == ({"state": "pending"}, {"state": "open"})


def test_a_failure_on_a_resolved_case_leaves_its_state(case_desk: Desk, case: Case, queued: Item) -> None:
    case_desk.work.resolve(case.case_id, RESOLUTION, ADVISOR)
    case_desk.post.answer = Refused("The mail service refuses this mail.", reason="rejected")
    case_desk.outbox.deliver(queued)
    assert case_desk.cases.read(case.case_id).state is State.RESOLVED


def test_mail_that_cannot_be_sent_now_stays_queued(case_desk: Desk, queued: Item) -> None:
    case_desk.post.answer = Unavailable("The mail service does not take mail now.")
    with pytest.raises(Unavailable):
        case_desk.outbox.deliver(queued)
    assert len(case_desk.queued()) == 1
    case_desk.post.answer = None
    assert case_desk.outbox.deliver(queued) is Delivery.SENT


def test_an_address_that_is_none_fails_with_its_reason(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(a_mail(from_addr="not an address\r\n@x", account_id=None))
    (queued,) = case_desk.queued()
    assert case_desk.outbox.deliver(queued) is Delivery.FAILED
    assert case_desk.post.sent == []
    (item,) = [item for item in case_desk.items("C#") if item.get("failure")]
    assert item["failure"] == "bad_address"


def test_an_account_that_is_gone_is_answered_in_english(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(a_mail(account_id="acc_gone"))
    (queued,) = case_desk.queued()
    assert case_desk.outbox.deliver(queued) is Delivery.SENT


def test_what_is_no_queued_message_is_left_alone(case_desk: Desk, queued: Item) -> None:
    others: list[Item] = [
        {}, {"kind": "case"}, {**queued, "delivery": "sent"}, {**queued, "direction": "in"},
        {**queued, "sk": "T#absent"},
    ]  # fmt: skip
    assert [case_desk.outbox.deliver(item) for item in others] == [None] * 5
    assert case_desk.post.sent == []


def test_a_long_answer_is_sent_whole(case_desk: Desk) -> None:
    case_id = case_desk.cases.open(a_draft(), ADVISOR).case_id
    case_desk.work.answer(case_id, "Line of the answer.\n" * 900, ADVISOR)
    (queued,) = case_desk.queued()
    case_desk.outbox.deliver(queued)
    mail = email.message_from_bytes(case_desk.post.sent[0][1], policy=policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    assert part.get_content().count("Line of the answer.") == 900


def test_what_delivery_costs(case_desk: Desk, queued: Item, meter: Meter) -> None:
    case_desk.outbox.deliver(queued)
    """Message and case, whether the address is stopped, the count of its mails, the thread, and the two marks."""
    assert meter.calls == ["GetItem", "GetItem", "GetItem", "UpdateItem", "Query", "PutItem", "UpdateItem"]
    assert meter.write_units == 3
