"""One mail to several of our addresses, and who else stands in a thread."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.intake.service import Outcome
from tests.intake.desk_door import DeskDoor
from tests.intake.mails import announced, notification, raw

PLAIN = "billing@desk.example"


@pytest.fixture
def door() -> DeskDoor:
    door = DeskDoor()
    assert door.case
    return door


def deliver(door: DeskDoor, content: bytes, number: int, *recipients: str) -> Outcome:
    """One delivery by SES, under a number of its own."""
    note = notification(f"mail/several-{number}", message_id=f"several-{number}", recipients=recipients)
    door.bucket.mails[f"mail/several-{number}"] = content
    return door.intake.receive(announced(note))


def words(door: DeskDoor) -> list[str]:
    """All that came in, whichever case it is in."""
    return sorted(text for head in door.heads() for _, text, _ in door.said(head.case_id))


@pytest.mark.parametrize("hidden", [False, True], ids=["To and Cc", "Bcc"])
@pytest.mark.parametrize("message_id", ["<2@mail.example>", None])
def test_one_delivery_to_many_of_our_addresses(door: DeskDoor, hidden: bool, message_id: str | None) -> None:
    to = "Ben <ben@example.com>" if hidden else f"{PLAIN}, help@desk.example"
    content = raw("Yes.\n", message_id=message_id, to=to, cc=None if hidden else door.signed_address)
    assert deliver(door, content, 1, PLAIN, "help@desk.example", door.signed_address).case_id == door.case
    assert words(door) == ["Why is my bill so high?", "Yes."]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_several_deliveries_of_one_mail_are_one_message_of_one_case(door: DeskDoor, order: tuple[int, ...]) -> None:
    """Its header names nobody of ours, so that each delivery knows only its own envelope."""
    content = raw("Yes.\n", message_id="<2@mail.example>", to="Ben <ben@example.com>")
    envelopes = [(PLAIN,), (door.signed_address,), ("help@desk.example",)]
    cases = {deliver(door, content, number, *envelopes[number]).case_id for number in (*order, *order)}
    assert len(cases) == 1
    assert words(door) == ["Why is my bill so high?", "Yes."]
    assert len(door.queued()) == 1 + (door.case not in cases)  # the first mail's, and perhaps this one's


@pytest.mark.parametrize("new", [False, True], ids=["an answer", "a new matter"])
def test_deliveries_at_once(door: DeskDoor, new: bool) -> None:
    content = raw("Yes.\n", message_id="<2@mail.example>", to="Ben <ben@example.com>")
    envelopes = [PLAIN, "help@desk.example", *([] if new else [door.signed_address, door.signed_address.upper()])] * 3
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda n: deliver(door, content, n, envelopes[n]), range(len(envelopes))))
    assert len({outcome.case_id for outcome in done}) == 1
    assert words(door) == ["Why is my bill so high?", "Yes."]


def test_who_was_copied_and_answers_is_shown_as_not_the_customer(door: DeskDoor) -> None:
    case = door.send(
        "I am her neighbour, and it is true.\n",
        {"from_": "Ben <ben@example.com>", "to": door.signed_address, "cc": "ada@example.com"},
    )
    assert case == door.case
    assert door.said()[-1] == ("ben@example.com", "I am her neighbour, and it is true.", False)
    assert (door.head().requester, door.head().account_id) == ("ada@example.com", "acc_ada")


def test_another_address_of_the_same_account_is_the_customer(door: DeskDoor) -> None:
    door.customers.accounts["ada@work.example"] = ["acc_ada"]
    door.resolve()
    headers = {"from_": "Ada <ada@work.example>", "in_reply_to": "<1@mail.example>"}
    assert door.send("Not solved.\n", headers) == door.case
    assert (door.said()[-1][2], door.head().reopened) == (True, 1)


def test_two_signed_addresses_of_two_cases_take_the_first(door: DeskDoor) -> None:
    first = door.signed_address
    other = door.send("Another matter.\n", {"message_id": "<b@mail.example>"})
    assert other is not None
    assert door.send("Yes.\n", {"to": f"{first}, {PLAIN}"}) == door.case
    assert words(door).count("Yes.") == 1


@pytest.mark.parametrize("number_of_addresses", [50, 500])
def test_a_mail_to_hundreds_is_one_case(door: DeskDoor, number_of_addresses: int) -> None:
    to = ", ".join(f"friend{n}@mail.example" for n in range(number_of_addresses))
    case = door.send("Look.\n", {"to": f"{to}, {PLAIN}", "cc": to})
    assert door.said(case) == [("ada@example.com", "Look.", True)]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_a_thread_that_arrives_in_another_order_is_one_case(order: tuple[int, ...]) -> None:
    door = DeskDoor()
    headers = {
        1: {"message_id": "<1@mail.example>"},
        2: {"message_id": "<2@mail.example>", "in_reply_to": "<1@mail.example>", "references": "<1@mail.example>"},
        3: {
            "message_id": "<3@mail.example>", "in_reply_to": "<2@mail.example>",
            "references": "<1@mail.example> <2@mail.example>",
        },
    }  # fmt: skip
    cases = {door.send(f"Mail {number}.\n", headers[number]) for number in (*order, *order)}
    assert len(cases) == 1
    assert words(door) == ["Mail 1.", "Mail 2.", "Mail 3."]


def test_an_ended_case_goes_on_in_one_new_case_whatever_the_mail_names(door: DeskDoor) -> None:
    door.resolve(close=True)
    signed = door.signed_id
    new = door.send("And now?\n", {"in_reply_to": signed})
    assert new != door.case
    assert door.head(new).previous_case_id == door.case
    for headers in (
        {"in_reply_to": signed},
        {"in_reply_to": "<1@mail.example>"},
        {"to": door.signed_address},
        {"subject": f"Re: {door.head().reference}"},
    ):
        assert door.send("Still waiting.\n", headers) == new
    assert len(door.heads()) == 2
