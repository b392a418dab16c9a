"""What advisors and customers do to a case: states, timeline, audit, and two hands at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cases.messages import CaseEvent, Delivery, EventType, Message
from chalicelib.cases.model import Case, Priority, Queue, Resolution, State
from chalicelib.cases.store import CaseStore
from chalicelib.cases.work import Work
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, NotFound, PreconditionFailed, Unavailable
from tests.cases.builders import ADVISOR, CUSTOMER, OTHER, Crash, Desk, Fault, FaultyTable, a_draft
from tests.fakes import FixedClock
from tests.harness import Meter

RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault", note="Sorted.")


@pytest.fixture
def case(case_desk: Desk) -> Case:
    return case_desk.cases.open(a_draft(), ADVISOR)


def events(desk: Desk, case_id: str) -> list[CaseEvent]:
    entries, _ = desk.cases.timeline(case_id, 100, None)
    return [entry for entry in entries if isinstance(entry, CaseEvent)]


def audits(desk: Desk) -> list[Item]:
    return [item for item in desk.items("C#") if item["kind"] == "audit"]


def test_an_answer_is_queued_and_the_case_waits_for_the_customer(
    case_desk: Desk, case: Case, clock: FixedClock
) -> None:
    answered_at = clock.tick(60)
    after, message = case_desk.work.answer(case.case_id, "Here is why.", ADVISOR)
    assert (after.state, after.due_at, after.first_response_at) == (State.PENDING, None, answered_at)
    assert (after.version, after.message_count, after.assignee) == (2, 2, "advisor.one")
    assert (message.delivery, message.text) == (Delivery.QUEUED, "Here is why.")
    assert [item["message_id"] for item in case_desk.queued()] == [message.message_id]
    clock.tick(60)
    assert case_desk.work.answer(case.case_id, "And more.", ADVISOR)[0].first_response_at == answered_at


def test_without_an_address_the_answer_stands_on_the_timeline_alone(case_desk: Desk) -> None:
    case = case_desk.cases.open(a_draft(requester=None), ADVISOR)
    _, message = case_desk.work.answer(case.case_id, "Here is why.", ADVISOR)
    assert message.delivery is Delivery.NONE


def test_the_customers_words_open_a_pending_case_and_reopen_a_resolved_one(case_desk: Desk, case: Case) -> None:
    case_desk.work.answer(case.case_id, "Here is why.", ADVISOR)
    assert case_desk.work.hear(case.case_id, "I see.", CUSTOMER)[0].state is State.OPEN
    case_desk.work.resolve(case.case_id, RESOLUTION, ADVISOR)
    again, _ = case_desk.work.hear(case.case_id, "No, not yet.", CUSTOMER)
    assert (again.state, again.reopened, again.assignee) == (State.OPEN, 1, "advisor.one")
    assert [event.type for event in events(case_desk, case.case_id)] == [EventType.RESOLVED, EventType.REOPENED]


def test_a_resolution_needs_its_three_parts_and_its_note_stays_on_the_timeline(case_desk: Desk, case: Case) -> None:
    after = case_desk.work.resolve(case.case_id, RESOLUTION, ADVISOR)
    assert (after.state, after.resolved_by, after.resolution) == (
        State.RESOLVED, "advisor.one", RESOLUTION.model_copy(update={"note": None}),
    )  # fmt: skip
    (event,) = events(case_desk, case.case_id)
    assert event.detail == RESOLUTION.model_dump()
    with pytest.raises(Conflict, match="already resolved"):
        case_desk.work.resolve(case.case_id, RESOLUTION, ADVISOR)


def test_reopening_keeps_what_the_head_loses(case_desk: Desk, case: Case) -> None:
    resolved = case_desk.work.resolve(case.case_id, RESOLUTION, ADVISOR)
    after = case_desk.work.reopen(case.case_id, "Not solved.", CUSTOMER)
    assert (after.state, after.resolved_at, after.resolution) == (State.OPEN, None, None)
    assert after.first_resolved_at == resolved.resolved_at
    assert events(case_desk, case.case_id)[-1].detail["reason"] == "Not solved."
    with pytest.raises(Conflict, match="open already"):
        case_desk.work.reopen(case.case_id, "Again.", CUSTOMER)


def test_every_change_is_audited_with_the_fields_before_and_after(
    case_desk: Desk, case: Case, clock: FixedClock
) -> None:
    steps: list[Any] = [
        lambda: case_desk.work.assign(case.case_id, "advisor.two", ADVISOR),
        lambda: case_desk.work.change(case.case_id, {"priority": Priority.URGENT, "category": "refund"}, 2, ADVISOR),
        lambda: case_desk.work.resolve(case.case_id, RESOLUTION, OTHER),
        lambda: case_desk.work.close(case.case_id, OTHER),
    ]
    for step in steps:
        clock.tick(1)
        step()
    found = audits(case_desk)
    assert [entry["action"] for entry in found] == [
        "case.opened", "case.assigned", "case.changed", "case.resolved", "case.closed",
    ]  # fmt: skip
    assert (found[1]["before"].get("assignee"), found[1]["after"]) == (None, {"assignee": "advisor.two"})
    assert found[2]["after"] == {"category": "refund", "priority": "urgent"}
    assert (found[3]["actor"], found[3]["request_id"]) == ("sub-other", "req-2")


def test_a_note_changes_nothing_but_the_count_and_is_possible_at_any_time(case_desk: Desk, case: Case) -> None:
    case_desk.work.resolve(case.case_id, RESOLUTION, ADVISOR)
    case_desk.work.close(case.case_id, ADVISOR)
    after, note = case_desk.work.note(case.case_id, "Rang back, all well.", ADVISOR)
    assert (after.state, after.message_count, note.delivery) == (State.CLOSED, 2, Delivery.NONE)


def test_card_numbers_never_reach_the_table(case_desk: Desk) -> None:
    card = "4242 4242 4242 4242"
    case = case_desk.cases.open(a_draft(subject=f"Card {card}", text=f"My card is {card}."), CUSTOMER)
    case_desk.work.change(case.case_id, {"subject": f"The card {card}"}, 1, ADVISOR)
    case_desk.work.note(case.case_id, card, ADVISOR)
    case_desk.work.resolve(case.case_id, RESOLUTION.model_copy(update={"note": card}), ADVISOR)
    case_desk.work.reopen(case.case_id, card, CUSTOMER)
    assert card not in repr(case_desk.items())
    assert repr(case_desk.items()).count("[card ending 4242]") >= 6


def test_a_change_that_changes_nothing_leaves_the_version(case_desk: Desk, case: Case) -> None:
    assert case_desk.work.change(case.case_id, {"queue": case.queue}, 1, ADVISOR).version == 1
    assert case_desk.work.assign(case.case_id, None, ADVISOR).version == 1


def test_moving_a_case_to_another_queue_moves_it_in_the_lists(case_desk: Desk, case: Case) -> None:
    case_desk.work.change(case.case_id, {"queue": Queue.PAYMENTS}, 1, ADVISOR)
    assert case_desk.cases.list_queue(Queue.BILLING, None, None, 25, None)[0] == []
    assert [ref.case_id for ref in case_desk.cases.list_queue(Queue.PAYMENTS, None, None, 25, None)[0]] == [
        case.case_id
    ]


def test_a_stale_version_is_refused_and_a_closed_case_cannot_be_changed(case_desk: Desk, case: Case) -> None:
    with pytest.raises(PreconditionFailed):
        case_desk.work.assign(case.case_id, "advisor.two", ADVISOR, version=7)
    case_desk.work.resolve(case.case_id, RESOLUTION, ADVISOR)
    closed = case_desk.work.close(case.case_id, ADVISOR)
    with pytest.raises(Conflict, match="closed"):
        case_desk.work.change(case.case_id, {"priority": Priority.LOW}, closed.version, ADVISOR)
    with pytest.raises(NotFound):
        case_desk.work.note("case_absent", "x", ADVISOR)


@pytest.mark.parametrize("late", [False, True])
def test_a_crash_of_the_one_write_leaves_all_or_nothing(case_desk: Desk, case: Case, late: bool) -> None:
    before = case_desk.items()
    table = FaultyTable(case_desk.table.client, case_desk.table.name, Fault(1, late))
    with pytest.raises(Crash):
        Desk(table, case_desk.clock, case_desk.new_id).work.answer(case.case_id, "Here is why.", ADVISOR)
    if late:
        assert len(case_desk.items()) == len(before) + 2
        assert (case_desk.cases.read(case.case_id).version, len(case_desk.queued())) == (2, 1)
    else:
        assert case_desk.items() == before


@dataclass(frozen=True)
class Overtaken(CaseStore):
    """Another change gets in between reading and writing, `times` times."""

    desk: Desk | None = None
    left: list[int] | None = None

    def change(self, old: Case | None, *rest: Any, **given: Any) -> None:
        assert self.desk
        assert old
        assert self.left is not None
        if self.left and self.left.pop():
            self.desk.work.note(old.case_id, "Me first.", OTHER)
        super().change(old, *rest, **given)


@pytest.mark.parametrize(("times", "done"), [(1, True), (3, True), (4, False)])
def test_who_is_overtaken_does_it_again_on_what_stands_then(
    case_desk: Desk, case: Case, times: int, done: bool
) -> None:
    store = Overtaken(case_desk.table, desk=case_desk, left=[1] * times)
    work = Work(store, case_desk.texts, case_desk.clock, case_desk.new_id)
    if done:
        after, _ = work.answer(case.case_id, "Here is why.", ADVISOR)
        assert (after.version, after.message_count) == (2 + times, 2 + times)
        assert len(case_desk.queued()) == 1
    else:
        with pytest.raises(Unavailable):
            work.answer(case.case_id, "Here is why.", ADVISOR)
        assert case_desk.queued() == []


def test_the_next_case_is_the_one_due_first_that_nobody_has(case_desk: Desk, clock: FixedClock) -> None:
    opened = []
    for priority in (Priority.LOW, Priority.NORMAL, Priority.URGENT, Priority.NORMAL):
        opened.append(case_desk.cases.open(a_draft(priority=priority), ADVISOR).case_id)
        clock.tick(60)
    case_desk.work.assign(opened[2], "advisor.two", OTHER)
    taken = [case_desk.work.take_next(Queue.BILLING, ADVISOR) for _ in range(3)]
    assert [case.case_id for case in taken] == [opened[1], opened[3], opened[0]]
    assert {case.assignee for case in taken} == {"advisor.one"}
    with pytest.raises(NotFound):
        case_desk.work.take_next(Queue.BILLING, ADVISOR)


def test_a_case_that_waits_for_the_customer_is_not_next(case_desk: Desk, case: Case) -> None:
    case_desk.work.answer(case.case_id, "Here is why.", ADVISOR)
    case_desk.work.assign(case.case_id, None, ADVISOR)
    with pytest.raises(NotFound):
        case_desk.work.take_next(Queue.BILLING, ADVISOR)


@dataclass(frozen=True)
class StaleIndex(CaseStore):
    """The index still shows what it showed at first, as real indexes do for a moment."""

    seen: tuple[Any, ...] = ()

    def in_queues(self, *_: Any) -> tuple[list[Any], str | None]:
        return list(self.seen), None


def test_a_stale_index_never_gives_a_case_to_two(case_desk: Desk, clock: FixedClock) -> None:
    for _ in range(3):
        case_desk.cases.open(a_draft(), ADVISOR)
        clock.tick(1)
    refs, _ = case_desk.store.in_queues((Queue.BILLING,), 25, "")
    work = Work(StaleIndex(case_desk.table, seen=tuple(refs)), case_desk.texts, clock, case_desk.new_id)
    taken = [work.take_next(Queue.BILLING, actor).case_id for actor in (ADVISOR, OTHER, ADVISOR)]
    assert len(set(taken)) == 3
    with pytest.raises(NotFound):
        work.take_next(Queue.BILLING, OTHER)


def test_many_hands_at_once_never_take_the_same_case(case_desk: Desk, clock: FixedClock) -> None:
    for _ in range(6):
        case_desk.cases.open(a_draft(), ADVISOR)
        clock.tick(1)
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: case_desk.work.take_next(Queue.BILLING, ADVISOR).case_id, range(6)))
    assert len(set(taken)) == 6


def test_what_work_costs(case_desk: Desk, case: Case, meter: Meter) -> None:
    case_desk.work.answer(case.case_id, "Here is why.", ADVISOR)
    # One read; head (3 with its indexes), message and audit entry, doubled by the transaction.
    assert (meter.calls, meter.write_units) == (["GetItem", "TransactWriteItems"], 10)
    meter.calls.clear()
    case_desk.work.hear(case.case_id, "Thank you.", CUSTOMER)
    case_desk.work.assign(case.case_id, None, ADVISOR)
    meter.calls.clear()
    case_desk.work.take_next(Queue.BILLING, OTHER)
    assert meter.calls == ["Query", "GetItem", "TransactWriteItems"]


def test_a_later_message_has_a_later_place(case_desk: Desk, case: Case, clock: FixedClock) -> None:
    for n in range(5):
        clock.at += timedelta(seconds=1)
        case_desk.work.note(case.case_id, str(n), ADVISOR)
    entries, _ = case_desk.cases.timeline(case.case_id, 100, None)
    assert [entry.text for entry in entries if isinstance(entry, Message)][1:] == ["0", "1", "2", "3", "4"]
