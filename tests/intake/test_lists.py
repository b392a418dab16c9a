"""People who write through a mailing list or a group address, and what lists and machines send to everybody."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from contextlib import suppress

import pytest

from chalicelib.cases.model import Queue
from chalicelib.intake.mail.lists import Passage
from chalicelib.intake.parse import parse_mail
from tests.cases.builders import Crash
from tests.intake.desk_door import DeskDoor
from tests.intake.mails import raw

GOOGLE: dict[str, str | None] = {
    "precedence": "list",
    "mailing_list": "list accounts@example.com; contact accounts+owners@example.com",
    "list_id": "<accounts.example.com>",
    "x_google_group_id": "123456789012",
    "list_post": "<https://groups.google.com/a/example.com/group/accounts/post>, <mailto:accounts@example.com>",
    "list_help": "<https://support.google.com/a/example.com/bin/topic.py>, <mailto:accounts+help@example.com>",
    "list_unsubscribe": "<mailto:googlegroups-manage+123+unsubscribe@googlegroups.com>",
}
MAILMAN: dict[str, str | None] = {
    "precedence": "list",
    "x_beenthere": "accounts@lists.example.com",
    "list_id": "Our accounts <accounts.lists.example.com>",
    "list_post": "<mailto:accounts@lists.example.com>",
    "list_unsubscribe": "<https://lists.example.com/options>, <mailto:accounts-request@lists.example.com?subject=off>",
}
OLD_MAILMAN = MAILMAN | {"precedence": "bulk", "list_post": None, "x_mailman_version": "2.0"}
SYMPA: dict[str, str | None] = {
    "x_loop": "accounts@lists.example.com",
    "precedence": "list",
    "list_id": "<accounts.lists.example.com>",
    "list_post": "<mailto:accounts@lists.example.com>",
}
EZMLM: dict[str, str | None] = {
    "mailing_list": "contact accounts-help@lists.example.com; run by ezmlm",
    "precedence": "bulk",
}
LISTS = [GOOGLE, MAILMAN, OLD_MAILMAN, SYMPA, EZMLM]
NEWSLETTERS: list[dict[str, str | None]] = [
    {"list_unsubscribe": "<mailto:leave@shop.example>", "list_unsubscribe_post": "List-Unsubscribe=One-Click"},
    {"list_id": "123mc list <123.list-id.shop.example>", "list_unsubscribe": "<https://shop.example/leave>"},
    {"list_id": "<news.shop.example>", "feedback_id": "1:2:3:shop"},
    {"precedence": "bulk"},
    {"list_post": "NO", "list_id": "<news.shop.example>"},
    {"list_id": "<news.shop.example>"},
    MAILMAN | {"feedback_id": "1:2:3:shop"},
    MAILMAN | {"auto_submitted": "auto-generated"},
    MAILMAN | {"precedence": "junk"},
    MAILMAN | {"x_list_administrivia": "yes"},
    MAILMAN | {"x_auto_response_suppress": "All"},
    MAILMAN | {"subject": "Out of Office: Re: bill"},
]


@pytest.mark.parametrize("marks", LISTS)
@pytest.mark.parametrize("answers", [{}, {"in_reply_to": "<x@mail.example>", "subject": "Re: My bill"}])
def test_a_person_who_writes_through_a_list_opens_a_case(
    marks: dict[str, str | None], answers: dict[str, str | None]
) -> None:
    door = DeskDoor()
    case = door.send("Yes.\n", marks | answers)
    assert case is not None
    head = door.head(case)
    assert (head.requester, head.verified, head.account_id) == ("ada@example.com", True, "acc_ada")
    assert door.queued() == []  # perhaps many people would read an answer


@pytest.mark.parametrize("marks", LISTS)
def test_a_list_that_broke_the_proof_still_opens_a_case(marks: dict[str, str | None]) -> None:
    door = DeskDoor()
    head = door.head(door.send("Yes.\n", marks, dmarc="FAIL"))
    assert (head.requester, head.verified, head.queue) == ("ada@example.com", False, Queue.TRIAGE)


@pytest.mark.parametrize("marks", NEWSLETTERS)
def test_a_newsletter_or_a_machine_on_a_list_opens_none(marks: dict[str, str | None]) -> None:
    door = DeskDoor()
    assert door.send("Yes.\n", marks) is None
    assert parse_mail(raw("Yes.\n", **marks)).is_auto


@pytest.mark.parametrize(
    "more",
    [
        {"x_original_from": "Eve <eve@evil.example>", "x_original_sender": "eve@evil.example"},
        {"x_original_sender": "eve@evil.example"},
        {"reply_to": "Eve <eve@evil.example>"},
        {"reply_to": "accounts@example.com, Eve <eve@evil.example>"},
    ],
)
def test_from_that_names_the_list_proves_nobody_even_when_the_list_is_a_customer(more: Mapping[str, str]) -> None:
    door = DeskDoor()
    door.customers.accounts["accounts@example.com"] = ["acc_ada"]
    case = door.send("Yes.\n", GOOGLE | {"from_": "'Eve' via Accounts <accounts@example.com>"} | dict(more))
    head = door.head(case)
    assert (head.requester, head.verified, head.account_id, head.queue) == (
        "eve@evil.example", False, None, Queue.TRIAGE,
    )  # fmt: skip
    assert head.requester_name == "Eve"
    assert door.queued() == []
    assert door.customers.asked == []


def test_a_list_that_does_not_say_who_wrote_leaves_no_address_to_answer() -> None:
    door = DeskDoor()
    case = door.send("Yes.\n", MAILMAN | {"from_": "Ada via Accounts <Accounts@Lists.Example.com>"})
    assert (door.head(case).requester, door.head(case).requester_name) == (None, "Ada")


@pytest.mark.parametrize("marks", LISTS)
def test_an_answer_through_a_list_is_the_customers_answer(marks: dict[str, str | None]) -> None:
    door = DeskDoor()
    assert door.case
    before = door.head().message_count
    assert door.send("Yes.\n", marks | {"in_reply_to": "<1@mail.example>"}) == door.case
    assert (door.head().message_count, door.said()[-1]) == (before + 1, ("ada@example.com", "Yes.", True))


def test_a_rewritten_from_joins_no_case_by_what_can_be_copied() -> None:
    door = DeskDoor()
    assert door.case
    marks = GOOGLE | {"from_": "'Ada' via Accounts <accounts@example.com>", "x_original_from": "ada@example.com"}
    assert door.send("Yes.\n", marks | {"in_reply_to": "<1@mail.example>"}) != door.case
    assert door.send("Yes.\n", marks | {"in_reply_to": door.signed_id}) == door.case
    assert door.said()[-1] == ("ada@example.com", "Yes.", False)


@pytest.mark.parametrize("value", ["", "<mailto:>", "<mailto:" + "x" * 5000 + ">", "mailto:a@b.example", "<<<mailto:a"])
def test_an_odd_list_address_is_none(value: str) -> None:
    assert parse_mail(raw(list_post=value)).passage is None


def test_straight_mail_came_through_no_list() -> None:
    assert parse_mail(raw()).passage is None
    assert parse_mail(raw("Yes.\n", **MAILMAN)).passage == Passage()


def test_our_own_answer_that_a_group_sends_back_to_us_moves_nothing() -> None:
    door = DeskDoor()
    assert door.case
    before = door.head()
    ours = {"from_": "Northwind <help@firm.example>", "references": door.signed_id, "message_id": "<ses@ses.example>"}
    assert door.send("Here is why.\n", GOOGLE | ours) == door.case
    after = door.head()
    assert (after.state, after.due_at, after.message_count) == (before.state, before.due_at, before.message_count + 1)


def test_a_mail_that_comes_straight_and_through_a_list_is_one_case() -> None:
    door = DeskDoor()
    assert door.case
    straight = {"message_id": "<2@mail.example>", "to": "billing@desk.example", "cc": "accounts@example.com"}
    case = door.send("A new matter.\n", straight)
    assert door.send("A new matter.\n-- \nYou get this as a member of Accounts.\n", GOOGLE | straight) == case
    assert {text for _, text, proven in door.said(case) if proven} == {"A new matter."}
    assert len(door.heads()) == 2


def test_the_copy_of_a_list_under_anothers_message_id_joins_nothing() -> None:
    door = DeskDoor()
    assert door.case
    marks = GOOGLE | {"message_id": "<1@mail.example>"}
    assert door.send("Ha.\n", marks | {"from_": "Eve <eve@evil.example>"}) != door.case
    assert door.send("Ha.\n", marks, dmarc="FAIL") != door.case
    assert len(door.said()) == 1


@pytest.mark.parametrize("at", range(1, 9))
def test_a_list_mail_that_broke_off_and_comes_again_is_no_case_of_itself(at: int) -> None:
    door = DeskDoor()
    whole, calls = door.intake, itertools.count(1)

    def step(_: str) -> None:
        if next(calls) == at:
            raise Crash

    door.intake = door.seen(step)
    headers = GOOGLE | {"message_id": "<1@mail.example>"}
    with suppress(Crash):
        door.send("Why?\n", headers)
    door.intake = whole
    case = door.send("Why?\n", headers)
    assert door.said(case) == [("ada@example.com", "Why?", True)]
    assert [(head.case_id, head.previous_case_id) for head in door.heads()] == [(case, None)]
