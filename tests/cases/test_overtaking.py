"""Mail that overtakes the mail which it answers ends in one case with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cases.messages import Delivery, InboundMail, Received
from chalicelib.cases.model import Resolution
from tests.cases.builders import ADVISOR, NOON, Crash, Desk, Fault, FaultyTable, a_mail
from tests.fakes import FixedClock
from tests.harness import Meter
from tests.memory_table import MemoryTable

RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")


def mail(number: int, answers: int | None = None, **given: Any) -> InboundMail:
    base = {
        "case_id": f"case_{number:026d}", "message_id": f"msg_{number:026d}", "digest": f"d{number}",
        "rfc_message_id": f"{number}@mail.example", "in_reply_to": f"{answers}@mail.example" if answers else None,
        "text": f"Mail {number}.", "received_at": NOON + timedelta(minutes=number), "acknowledge": answers is None,
    }  # fmt: skip
    return a_mail(**(base | given))


@pytest.fixture
def desk() -> Desk:
    return Desk(MemoryTable(), FixedClock(NOON))


def items(desk: Desk) -> list[dict[str, Any]]:
    assert isinstance(desk.table, MemoryTable)
    return [item for part in desk.table.items.values() for item in part.values()]


def kept(desk: Desk) -> dict[str, list[str]]:
    """The words in each case."""
    said = [item for item in items(desk) if item["kind"] == "message" and item["direction"] == "in"]
    heads = sorted(item["case_id"] for item in items(desk) if item["kind"] == "case")
    return {case_id: sorted(item["text"] for item in said if item["case_id"] == case_id) for case_id in heads}


def test_the_first_mail_comes_to_the_case_of_the_answer_that_overtook_it(desk: Desk) -> None:
    assert desk.inbox.receive_mail(mail(2, 1)).outcome == "opened"
    assert desk.inbox.receive_mail(mail(1)) == Received(mail(2).case_id, "appended")
    assert kept(desk) == {mail(2).case_id: ["Mail 1.", "Mail 2."]}
    assert desk.inbox.case_of_message_id("1@mail.example") == mail(2).case_id
    assert desk.cases.read(mail(2).case_id).message_count == 2


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 1, 3), (3, 2, 1), (2, 3, 1)])
def test_three_mails_in_other_orders_and_twice_are_one_case(desk: Desk, order: tuple[int, ...]) -> None:
    thread = {1: mail(1), 2: mail(2, 1), 3: mail(3, 2)}
    for number in (*order, *order, *reversed(order)):
        desk.inbox.receive_mail(thread[number])
    assert kept(desk) == {mail(order[0]).case_id: ["Mail 1.", "Mail 2.", "Mail 3."]}
    assert len([item for item in items(desk) if item["kind"] == "message"]) == 3 + (order[0] == 1)


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        ({"from_addr": "eve@example.com", "account_id": None, "verified": False}, {}),
        ({"account_id": None, "verified": False}, {}),  # Ada's address, but nothing proves it
        ({"refuted": True, "account_id": None, "verified": False}, {}),
        ({}, {"from_addr": "ben@example.com", "account_id": "acc_ben"}),
        ({}, {"account_id": None, "verified": False}),
        ({}, {"account_id": None, "verified": False, "refuted": True}),
        ({"from_addr": None, "account_id": None, "verified": False},) * 2,
    ],
)
def test_mails_of_two_senders_or_of_two_proofs_do_not_meet(
    desk: Desk, answer: dict[str, Any], first: dict[str, Any]
) -> None:
    desk.inbox.receive_mail(mail(2, 1, **answer))
    assert desk.inbox.receive_mail(mail(1, **first)) == Received(mail(1).case_id, "opened")
    assert desk.inbox.receive_mail(mail(1, **first)) == Received(mail(1).case_id, "repeated")
    assert kept(desk) == {mail(1).case_id: ["Mail 1."], mail(2).case_id: ["Mail 2."]}
    assert desk.inbox.case_of_message_id("1@mail.example") == mail(1).case_id


def test_two_senders_may_wait_for_one_mail_and_the_first_one_has_it(desk: Desk) -> None:
    ben = {"from_addr": "ben@example.com", "account_id": "acc_ben"}
    assert desk.inbox.receive_mail(mail(3, 1, **ben)).outcome == "opened"
    assert desk.inbox.receive_mail(mail(2, 1)).outcome == "opened"
    assert desk.inbox.receive_mail(mail(1)).outcome == "opened"
    assert len(kept(desk)) == 3


def test_our_mail_is_known_though_its_answer_came_before_it_was_marked_as_sent(desk: Desk) -> None:
    desk.inbox.receive_mail(mail(5))
    quick = mail(6, in_reply_to="ses-1@amazonses.com", acknowledge=False)
    assert desk.inbox.receive_mail(quick).outcome == "opened"
    (queued,) = [item for item in items(desk) if item.get("delivery") == "queued"]
    assert desk.outbox.deliver(queued) is Delivery.SENT
    assert desk.inbox.case_of_sent("ses-1@eu-west-1.amazonses.com") == mail(5).case_id


def test_an_answer_to_a_mail_that_never_comes_is_a_case_like_any_other(desk: Desk) -> None:
    assert desk.inbox.receive_mail(mail(2, 1)) == Received(mail(2).case_id, "opened")
    assert desk.inbox.receive_mail(mail(2, 1)) == Received(mail(2).case_id, "repeated")
    assert desk.inbox.case_of_message_id("1@mail.example") is None
    assert desk.inbox.case_of_sent("1@mail.example") is None
    (waiting,) = [item for item in items(desk) if item.get("awaits")]
    assert waiting["expires_at"] == int((mail(2).received_at + timedelta(days=2)).timestamp())


def test_a_case_that_was_closed_meanwhile_takes_nothing_in(desk: Desk) -> None:
    desk.inbox.receive_mail(mail(2, 1))
    desk.work.resolve(mail(2).case_id, RESOLUTION, ADVISOR)
    desk.work.close(mail(2).case_id, ADVISOR)
    assert desk.inbox.receive_mail(mail(1)) == Received(mail(1).case_id, "opened")


def test_a_mail_that_answers_itself_waits_for_nothing(desk: Desk) -> None:
    assert desk.inbox.receive_mail(mail(1, 1)) == Received(mail(1).case_id, "opened")
    assert [item for item in items(desk) if item.get("awaits")] == []


def test_an_answer_that_looked_a_moment_too_early_still_finds_its_mail(desk: Desk) -> None:
    desk.inbox.receive_mail(mail(1))
    assert desk.inbox.receive_mail(mail(2, 1)) == Received(mail(1).case_id, "appended")
    eve = mail(3, 1, from_addr="eve@example.com", account_id=None, verified=False)
    assert desk.inbox.receive_mail(eve) == Received(eve.case_id, "opened")


@pytest.mark.parametrize("late", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("crashing", [0, 1])
def test_a_crash_at_any_write_and_a_retry_lose_and_double_nothing(
    case_desk: Desk, crashing: int, at: int, late: bool
) -> None:
    table = FaultyTable(case_desk.table.client, case_desk.table.name, Fault(at, late))
    for number, each in enumerate([mail(2, 1), mail(1)]):
        desk = Desk(table, case_desk.clock, case_desk.new_id) if number == crashing else case_desk
        with suppress(Crash):
            desk.inbox.receive_mail(each)
        case_desk.inbox.receive_mail(each)
        assert case_desk.inbox.receive_mail(each).outcome == "repeated"
    said = [item["text"] for item in case_desk.items("C#") if item["kind"] == "message" and item.get("text")]
    assert sorted(said) == ["Mail 1.", "Mail 2."]
    assert len([item for item in case_desk.items("C#") if item["kind"] == "case"]) == 1


def _both(desk: Desk, mails: list[InboundMail]) -> Callable[[], None]:
    def run() -> None:
        with ThreadPoolExecutor(len(mails)) as pool:
            list(pool.map(desk.inbox.receive_mail, mails))

    return run


def test_both_at_once_lose_and_double_nothing(desk: Desk) -> None:
    for number in range(10, 400, 10):
        thread = [mail(number + 2, number + 1), mail(number + 1)]
        _both(desk, [*thread, *thread])()
    words = sorted(text for texts in kept(desk).values() for text in texts)
    assert words == sorted(f"Mail {number + n}." for number in range(10, 400, 10) for n in (1, 2))


def test_what_waiting_costs(case_desk: Desk, meter: Meter) -> None:
    case_desk.inbox.receive_mail(replace(mail(1), acknowledge=False))
    usual = (len(meter.calls), meter.write_units)
    meter.calls.clear()
    meter.write_units = 0
    case_desk.inbox.receive_mail(mail(9, 8))
    assert (len(meter.calls), meter.write_units) == (usual[0] + 1, usual[1] + 1)
