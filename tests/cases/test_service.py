"""Opening, finding and reading cases; what it costs; how small a head stays."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cases.messages import CaseEvent
from chalicelib.cases.model import SUBJECT_BYTES, Case, Priority, Queue, Resolution, State
from chalicelib.platform.codec import encode
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from tests.cases.builders import ADVISOR, CUSTOMER, NOON, Desk, a_draft, a_mail
from tests.fakes import FixedClock
from tests.harness import Meter, stored_size

RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")
IDS = {"case_id": "case_01JD3Z8Q4N5T6V7W8X9Y0ZABCD", "account_id": "acc_01JD3Z8Q4N5T6V7W8X9Y0ZABCD"}
ADDRESS = "amelia.hartley@a-long-domain-name.example"


def open_many(desk: Desk, clock: FixedClock, count: int, **given: Any) -> list[str]:
    opened = []
    for _ in range(count):
        opened.append(desk.cases.open(a_draft(**given), ADVISOR).case_id)
        clock.tick(1)
    return opened


def pages(read: Any, limit: int) -> list[str]:
    """Case ids of all pages, none of them over the limit."""
    found: list[str] = []
    start = None
    for _ in range(100):
        refs, start = read(limit, start)
        assert len(refs) <= limit
        found += [ref.case_id for ref in refs]
        if start is None:
            return found
    raise AssertionError("the pages do not end")


def test_an_account_that_is_not_there_is_named(case_desk: Desk) -> None:
    with pytest.raises(Unprocessable) as wrong:
        case_desk.cases.open(a_draft(account_id="acc_absent"), ADVISOR)
    assert [error.pointer for error in wrong.value.errors] == ["/account_id"]


def test_a_given_id_is_taken_once(case_desk: Desk) -> None:
    assert case_desk.cases.open(a_draft(), ADVISOR, case_id="case_DEMO").case_id == "case_DEMO"
    with pytest.raises(Conflict):
        case_desk.cases.open(a_draft(), ADVISOR, case_id="case_DEMO")


def test_a_case_that_is_not_there(case_desk: Desk) -> None:
    with pytest.raises(NotFound):
        case_desk.cases.read("case_absent")


@pytest.mark.parametrize("shards", [1, 4])
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_queue_is_read_in_the_order_of_due_over_all_shards(
    case_desk: Desk, clock: FixedClock, shards: int, limit: int
) -> None:
    case_desk.shards = shards
    low = open_many(case_desk, clock, 3, priority=Priority.LOW)
    normal = open_many(case_desk, clock, 4)
    urgent = open_many(case_desk, clock, 2, priority=Priority.URGENT)
    open_many(case_desk, clock, 2, queue=Queue.PAYMENTS)
    case_desk.work.answer(urgent[0], "Done?", ADVISOR)
    case_desk.work.resolve(normal[0], RESOLUTION, ADVISOR)
    found = pages(lambda n, start: case_desk.cases.list_queue(Queue.BILLING, None, None, n, start), limit)
    assert found == [urgent[1], *normal[1:], *low, urgent[0]]


def test_more_shards_later_lose_nothing(case_desk: Desk, clock: FixedClock) -> None:
    opened = open_many(case_desk, clock, 4)
    case_desk.shards = 3
    opened += open_many(case_desk, clock, 4)
    assert pages(lambda n, start: case_desk.cases.list_queue(Queue.BILLING, None, None, n, start), 3) == opened


def test_all_queues_together_and_filters(case_desk: Desk, clock: FixedClock) -> None:
    billing = open_many(case_desk, clock, 2)
    payments = open_many(case_desk, clock, 3, queue=Queue.PAYMENTS)
    case_desk.work.assign(payments[1], "advisor.one", ADVISOR)
    case_desk.work.answer(billing[0], "Done?", ADVISOR)
    cases = case_desk.cases
    assert set(pages(lambda n, start: cases.list_queue(None, None, None, n, start), 2)) == {*billing, *payments}
    assert pages(lambda n, start: cases.list_queue(None, State.PENDING, None, n, start), 1) == [billing[0]]
    assert pages(lambda n, start: cases.list_queue(None, State.OPEN, "advisor.one", n, start), 1) == [payments[1]]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_an_accounts_cases_come_newest_first_those_to_do_before_those_done(
    case_desk: Desk, clock: FixedClock, limit: int
) -> None:
    ids = []
    for n in range(5):
        mail = a_mail(
            case_id=f"case_{n}", message_id=f"msg_{n}", rfc_message_id=f"<{n}@x.example>", received_at=clock.tick(1)
        )
        ids.append(case_desk.inbox.receive_mail(mail).case_id)
    for done in (ids[1], ids[3]):
        case_desk.work.resolve(done, RESOLUTION, ADVISOR)
    cases = case_desk.cases
    everything = pages(lambda n, start: cases.of_account("acc_ada", None, n, start), limit)
    assert everything == [ids[4], ids[2], ids[0], ids[3], ids[1]]
    assert pages(lambda n, start: cases.of_account("acc_ada", State.RESOLVED, n, start), limit) == [ids[3], ids[1]]
    assert pages(lambda n, start: cases.of_account("acc_ada", State.PENDING, n, start), limit) == []
    assert pages(lambda n, start: cases.of_account("acc_other", None, n, start), limit) == []


def test_a_sender_without_account_has_a_history_too(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(a_mail(account_id=None, verified=False))
    assert len(pages(lambda n, start: case_desk.cases.of_requester("Ada@Example.com", None, n, start), 25)) == 1


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_a_timeline_is_in_the_order_of_time_page_by_page(case_desk: Desk, clock: FixedClock, limit: int) -> None:
    case_id = case_desk.cases.open(a_draft(), CUSTOMER).case_id
    work = case_desk.work
    for step in (
        lambda: work.note(case_id, "n", ADVISOR), lambda: work.assign(case_id, "advisor.two", ADVISOR),
        lambda: work.answer(case_id, "a", ADVISOR), lambda: work.hear(case_id, "h", CUSTOMER),
        lambda: work.resolve(case_id, RESOLUTION, ADVISOR),
    ):  # fmt: skip
        clock.tick(1)
        step()
    found, start = [], None
    for _ in range(20):
        page, start = case_desk.cases.timeline(case_id, limit, start)
        found += page
        if start is None:
            break
    kinds = [entry.type.value if isinstance(entry, CaseEvent) else entry.direction.value for entry in found]
    assert kinds == ["in", "note", "assigned", "out", "in", "resolved"]
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)


def test_what_reading_costs(case_desk: Desk, clock: FixedClock, meter: Meter) -> None:
    ids = open_many(case_desk, clock, 25)
    for n in range(21):
        clock.tick(1)
        case_desk.work.note(ids[0], f"A note of some length, number {n}, as they are written every day.", ADVISOR)
    meter.calls.clear()
    meter.read_units = 0
    case_desk.cases.list_queue(Queue.BILLING, None, None, 25, None)
    assert meter.round_trips == 1
    case_desk.cases.timeline(ids[0], 25, None)
    assert (meter.round_trips, meter.read_units <= 5) == (2, True)


def test_a_new_head_with_the_longest_subject_costs_one_unit_a_write(case_desk: Desk, meter: Meter) -> None:
    mail = a_mail(**IDS, subject="s" * 2 * SUBJECT_BYTES, from_addr=ADDRESS, acknowledge=False)
    case_desk.inbox.receive_mail(mail)
    assert meter.write_units == 5
    head = _read(case_desk, mail.case_id)
    assert (len(head.subject.encode()), _size(case_desk, head) <= 1024) == (SUBJECT_BYTES, True)


@pytest.mark.parametrize("state", [State.OPEN, State.RESOLVED])
def test_a_head_with_everything_filled_in_stays_under_one_kilobyte(case_desk: Desk, state: State) -> None:
    mail = a_mail(**IDS, subject="My bill " * 8, from_addr=ADDRESS, thread_case_id="case_01JD3Z8Q4N5T6V7W8X9Y0ZABCE")
    case_desk.inbox.receive_mail(mail)
    began = _read(case_desk, mail.case_id)
    whenever = {name: NOON for name, value in began if value is None and name.endswith("_at")}
    others = {
        "category": "details_change", "assignee": "amelia.hartley", "resolved_by": "amelia.hartley",
        "resolution": RESOLUTION, "routed_by": "mail_routing@2026-11-02.12", "queue": Queue.COMPLAINTS,
        "reopened": 12, "message_count": 120, "version": 150,
    }  # fmt: skip
    full = began.model_copy(update={**whenever, **others, "state": state})
    case_desk.store.change(began, full, [], None)
    assert {name for name, value in full if value is None} == {"continued_in"}
    open_has_none = {"resolved_at": None, "resolved_by": None, "resolution": None}
    done_has = {"due_at": None, "continued_in": mail.case_id}
    usual = full.model_copy(update=done_has if full.is_done else open_has_none)
    assert 900 < _size(case_desk, usual) <= 1024, _size(case_desk, usual)


def _read(desk: Desk, case_id: str) -> Case:
    case = desk.store.get(case_id)
    assert case is not None
    return case


def _size(desk: Desk, case: Case) -> int:
    return stored_size(encode(desk.store.head_item(case)))
