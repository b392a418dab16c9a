"""Letters that came back: known by the ids they travelled under, marked once, said where staff look, told to whom it
matters."""

from __future__ import annotations

import pytest

from chalicelib.accounts.letters import Letter, Purpose
from chalicelib.cases.jobs import record_mail_events
from chalicelib.cases.messages import Delivery
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Unavailable
from tests.cases.builders import NOON, Crash, Desk, Fault, FaultyTable
from tests.cases.newsmakers import an_account, paid
from tests.cases.test_mail_events import ADA, record, told
from tests.cases.test_notice_outbox import queued
from tests.harness import HttpDesk, Meter
from tests.house.roles import Role
from tests.tables import Lagging

_SAID = "bounced: smtp; 550 5.1.1 no such user"


class Hearer:
    def __init__(self) -> None:
        self.heard: list[Letter] = []

    def not_given(self, letter: Letter) -> None:
        self.heard.append(letter)


def a_letter(account_id: str, **given: object) -> Letter:
    base = {"name": "education/reading_a_bill", "object_id": "guide_1", "account_id": account_id, "at": NOON}
    return Letter.model_validate(base | given)


def sent(desk: Desk, *addresses: str) -> str:
    """The account to which a letter left; to the named addresses, else to its own."""
    account = an_account(desk, ADA)
    places = {"to": addresses[0], "also": addresses[1:]} if addresses else {}
    desk.letters.send(a_letter(account, **places))
    assert desk.notice_outbox.deliver(queued(desk)) is Delivery.SENT
    return account


def listed(desk: Desk) -> list[Item]:
    return [item for item in desk.items("A#") if item["kind"] == "letter"]


def test_a_letter_that_came_back_is_marked_listed_and_told_once(case_desk: Desk) -> None:
    hearer = Hearer()
    case_desk.hearers.append(hearer)
    account = sent(case_desk)
    assert [record(case_desk, told()) for _ in range(3)] == ["bounced"] * 3
    item = queued(case_desk)
    assert (item["delivery"], item["failure"]) == ("bounced", _SAID)
    assert item["text"]
    ((entry,),) = [listed(case_desk)]
    assert (entry["state"], entry["failure"], entry["title"]) == ("bounced", _SAID, item["subject"])
    assert [letter.account_id for letter in hearer.heard] == [account]
    assert case_desk.counted["LettersBounced"] == 1
    assert case_desk.notice_outbox.deliver(item) is None


def test_a_receipt_that_came_back_is_marked_too(case_desk: Desk) -> None:
    case_desk.incidents.tell(paid(an_account(case_desk, ADA)))
    case_desk.notice_outbox.deliver(queued(case_desk))
    record(case_desk, told())
    assert queued(case_desk)["delivery"] == "bounced"


@pytest.mark.parametrize("event", [told(bounceType="Transient", bounceSubType="MailboxFull"), told("Complaint")])
def test_what_is_late_or_unwelcome_did_not_come_back(case_desk: Desk, event: str) -> None:
    sent(case_desk)
    record(case_desk, event)
    assert (queued(case_desk)["delivery"], listed(case_desk)[0]["state"]) == ("sent", "sent")


def test_a_letter_to_two_addresses_came_back_when_both_mails_did(case_desk: Desk) -> None:
    sent(case_desk, "old@example.com", "older@example.com")
    for _ in range(2):
        assert case_desk.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
        assert queued(case_desk)["delivery"] == "sent"
    assert case_desk.sent_letters.returned("<ses-2@eu-west-2.amazonses.com>", (), is_proven=True)
    assert (queued(case_desk)["delivery"], queued(case_desk)["failure"]) == ("bounced", "bounced")


def test_what_a_mail_says_marks_the_letter_and_moves_nobody(case_desk: Desk) -> None:
    hearer = Hearer()
    case_desk.hearers.append(hearer)
    sent(case_desk)
    assert case_desk.sent_letters.returned("<ses-1@amazonses.com>", ("4242 4242 4242 4242",), is_proven=False)
    assert (queued(case_desk)["delivery"], hearer.heard) == ("bounced", [])
    assert queued(case_desk)["failure"] == "bounced: [card ending 4242]"


def test_what_the_mail_service_says_counts_whatever_a_mail_said_before(case_desk: Desk) -> None:
    hearer = Hearer()
    case_desk.hearers.append(hearer)
    sent(case_desk)
    for is_proven, said in ((False, ""), (True, "550 no such user"), (False, ""), (True, "550 again")):
        assert case_desk.sent_letters.returned("<ses-1@amazonses.com>", (said,), is_proven=is_proven)
    assert len(hearer.heard) == 1
    assert (queued(case_desk)["delivery"], queued(case_desk)["failure"]) == ("bounced", "bounced: 550 no such user")
    assert [each["failure"] for each in listed(case_desk)] == ["bounced: 550 no such user"]
    assert case_desk.counted["LettersBounced"] == 1


def test_of_two_addresses_a_forged_report_of_one_proves_nothing(case_desk: Desk) -> None:
    hearer = Hearer()
    case_desk.hearers.append(hearer)
    sent(case_desk, "old@example.com", "older@example.com")
    assert case_desk.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=False)
    assert case_desk.sent_letters.returned("<ses-2@amazonses.com>", (), is_proven=True)
    assert (queued(case_desk)["delivery"], hearer.heard) == ("bounced", [])


def test_other_mail_is_no_letter_and_costs_one_read(case_desk: Desk, meter: Meter) -> None:
    sent(case_desk)
    meter.calls.clear()
    for name in ("<other@mail.example>", "", "<>", "x" * 5000):
        assert not case_desk.sent_letters.returned(name, (), is_proven=True)
    assert meter.round_trips == 4


def test_news_that_is_quicker_than_our_own_mark_comes_again(case_desk: Desk) -> None:
    account = an_account(case_desk, ADA)
    case_desk.letters.send(a_letter(account))
    notice = case_desk.notice_outbox.notices.at(queued(case_desk)["pk"], queued(case_desk)["sk"])
    assert notice
    case_desk.sent_letters.mark("<ses-1@amazonses.com>", notice, NOON)
    with pytest.raises(Unavailable):
        case_desk.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    case_desk.notice_outbox.deliver(queued(case_desk))
    assert case_desk.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    assert queued(case_desk)["delivery"] == "bounced"


def test_what_comes_back_at_once_is_known(case_desk: Desk) -> None:
    quick = Desk(Lagging(case_desk.table), case_desk.clock, case_desk.new_id)
    sent(quick)
    record(quick, told())
    assert queued(quick)["delivery"] == "bounced"


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_a_crash_at_any_write_is_made_good_by_the_repeat(case_desk: Desk, at: int, late: bool) -> None:
    sent(case_desk)
    broken = Desk(
        FaultyTable(case_desk.table.client, case_desk.table.name, Fault(at, late)), case_desk.clock, case_desk.new_id
    )
    with pytest.raises(Crash):
        broken.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    case_desk.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    assert (queued(case_desk)["delivery"], [each["state"] for each in listed(case_desk)]) == ("bounced", ["bounced"])


def test_why_a_letter_failed_or_was_held_is_listed(case_desk: Desk) -> None:
    record(case_desk, told())
    account = an_account(case_desk, ADA)
    case_desk.letters.send(a_letter(account))
    case_desk.notice_outbox.deliver(queued(case_desk))
    case_desk.letters.send(a_letter(account, purpose=Purpose.MARKETING, occasion="more"))
    for item in case_desk.items("A#"):
        if item.get("delivery") == "queued":
            case_desk.notice_outbox.deliver(item)
    assert sorted((item["state"], item["failure"]) for item in listed(case_desk)) == [
        ("failed", "stopped_bounced"), ("held", "no_consent"),
    ]  # fmt: skip


def test_staff_see_why_on_the_timeline_and_customers_that_it_came_back(case_desk: Desk, desk: HttpDesk) -> None:
    account = sent(case_desk)
    record(case_desk, told())
    url = f"/v1/accounts/{account}/timeline"
    (ours,) = desk.call("GET", url).json["items"]
    (theirs,) = desk.call("GET", url, role="customer", account_id=account).json["items"]
    assert (ours["state"], ours["reason"]) == ("bounced", _SAID)
    assert (theirs["state"], theirs["reason"], theirs["title"]) == ("bounced", None, ours["title"])


def test_the_function_that_records_what_the_mail_service_says_may_mark_letters(case_desk: Desk) -> None:
    sent(case_desk)
    event = {"Records": [{"messageId": "1", "body": told(), "eventSourceARN": "arn:aws:sqs:eu-west-2:1:q"}]}
    with Role("RecordMailEvents").taken():
        assert record_mail_events(event, None) == {"batchItemFailures": []}
    assert queued(case_desk)["delivery"] == "bounced"
