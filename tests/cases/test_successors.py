"""Mail to a case that has ended: one case takes it up, and the whole thread follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.cases.messages import InboundMail, Received
from chalicelib.cases.model import Resolution, State
from chalicelib.cases.successors import MOST_STEPS, Successors
from chalicelib.cases.views import case_view
from tests.cases.builders import ADVISOR, NOON, Crash, Desk, Fault, FaultyTable, a_case, a_mail
from tests.harness import Meter

MAIL = a_mail()
RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")


def later(number: int, thread: str = MAIL.case_id, **given: object) -> InboundMail:
    base = {
        "case_id": f"case_{number:026d}", "message_id": f"msg_{number:026d}", "digest": f"d{number}",
        "rfc_message_id": f"<{number}@mail.example>", "thread_case_id": thread, "text": f"Mail {number}.",
        "received_at": NOON + timedelta(days=number), "acknowledge": False,
    }  # fmt: skip
    return a_mail(**(base | given))


def end(desk: Desk, case_id: str) -> None:
    desk.work.resolve(case_id, RESOLUTION, ADVISOR)
    desk.work.close(case_id, ADVISOR)


@pytest.fixture
def ended(case_desk: Desk) -> Desk:
    case_desk.inbox.receive_mail(MAIL)
    end(case_desk, MAIL.case_id)
    return case_desk


def test_the_thread_of_an_ended_case_goes_on_in_one_new_case(ended: Desk) -> None:
    outcomes = [ended.inbox.receive_mail(later(number)) for number in (2, 3, 4)]
    new = later(2).case_id
    assert outcomes == [Received(new, "opened"), Received(new, "appended"), Received(new, "appended")]
    old = ended.cases.read(MAIL.case_id)
    assert (old.continued_in, old.state, ended.cases.read(new).previous_case_id) == (new, State.CLOSED, MAIL.case_id)
    (event,) = [item for item in ended.items(f"C#{MAIL.case_id}") if item.get("type") == "changed"]
    assert event["detail"] == {"continued_in": [None, new]}
    assert case_view(old, for_staff=True).continued_in == new


def test_the_newest_of_several_successors_is_found_from_each(ended: Desk) -> None:
    ended.inbox.receive_mail(later(2))
    end(ended, later(2).case_id)
    assert ended.inbox.receive_mail(later(3)) == Received(later(3).case_id, "opened")
    assert ended.cases.read(later(3).case_id).previous_case_id == later(2).case_id
    for number, thread in ((4, MAIL.case_id), (5, later(2).case_id), (6, later(3).case_id)):
        assert ended.inbox.receive_mail(later(number, thread)) == Received(later(3).case_id, "appended")


def test_what_machines_write_to_an_ended_case_follows_too(ended: Desk) -> None:
    ended.inbox.receive_mail(later(2))
    absent = later(3, automatic=True)
    assert ended.inbox.receive_mail(absent) == Received(later(2).case_id, "appended")
    bounce = later(4, automatic=True, undelivered_to=("ada@example.com",))
    assert ended.inbox.receive_mail(bounce) == Received(later(2).case_id, "bounced")


def test_a_stranger_who_holds_our_address_takes_no_thread_along(ended: Desk) -> None:
    eve = later(2, from_addr="eve@example.com", account_id=None, verified=False)
    assert ended.inbox.receive_mail(eve) == Received(eve.case_id, "opened")
    assert ended.cases.read(MAIL.case_id).continued_in is None
    assert ended.inbox.receive_mail(later(3)) == Received(later(3).case_id, "opened")
    assert ended.inbox.receive_mail(later(4)) == Received(later(3).case_id, "appended")


@pytest.mark.parametrize("late", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_crash_at_any_write_and_a_retry_leave_the_thread_linked(ended: Desk, at: int, late: bool) -> None:
    table = FaultyTable(ended.table.client, ended.table.name, Fault(at, late))
    with pytest.raises(Crash):
        Desk(table, ended.clock, ended.new_id).inbox.receive_mail(later(2))
    assert ended.inbox.receive_mail(later(2)).case_id == later(2).case_id
    assert ended.cases.read(MAIL.case_id).continued_in == later(2).case_id
    assert ended.inbox.receive_mail(later(3)) == Received(later(2).case_id, "appended")


def test_names_that_lead_in_a_circle_or_nowhere_lose_no_mail(case_desk: Desk) -> None:
    for case_id, to in (("case_a", "case_b"), ("case_b", "case_a"), ("case_c", "case_gone")):
        done = a_case(case_id=case_id, state=State.CLOSED, continued_in=to, due_at=None)
        case_desk.store.change(None, done, [], None)
    assert case_desk.inbox.receive_mail(later(2, "case_a")).outcome == "opened"
    assert case_desk.inbox.receive_mail(later(3, "case_c")).outcome == "opened"


def test_the_first_successor_stays_and_a_case_does_not_follow_itself(case_desk: Desk) -> None:
    case_desk.store.change(None, a_case(case_id="case_a"), [], None)
    successors = Successors(case_desk.store, case_desk.new_id)
    successors.link("case_a", "case_a", NOON)
    assert case_desk.cases.read("case_a").continued_in is None
    successors.link("case_a", "case_b", NOON)
    successors.link("case_a", "case_c", NOON)
    assert case_desk.cases.read("case_a").continued_in == "case_b"
    assert successors.newest("case_gone", lambda _: True) is None


def test_what_following_costs(ended: Desk, meter: Meter) -> None:
    for number in range(1, MOST_STEPS + 1):
        following = a_case(case_id=f"case_{number}", state=State.CLOSED, due_at=None, continued_in=f"case_{number + 1}")
        ended.store.change(None, following, [], None)
    meter.calls.clear()
    found = Successors(ended.store, ended.new_id).newest("case_1", lambda _: True)
    assert found is not None
    assert (found.case_id, len(meter.calls)) == (f"case_{MOST_STEPS}", MOST_STEPS + 1)
