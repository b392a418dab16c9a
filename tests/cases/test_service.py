"""Opening, finding and reading cases; what it costs; how small a head stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.cases.merging import CaseMerges
from chalicelib.cases.messages import CaseEvent
from chalicelib.cases.model import Case, Priority, Queue, Resolution, State
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from tests.cases.builders import ADVISOR, CUSTOMER, Desk, a_draft, a_mail
from tests.fakes import FixedClock
from tests.harness import Meter

RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")


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


def test_a_head_with_everything_filled_in_stays_under_one_kilobyte(case_desk: Desk, clock: FixedClock) -> None:
    mail = a_mail(
        case_id="case_01JD3Z8Q4N5T6V7W8X9Y0ZABCD", account_id="acc_01JD3Z8Q4N5T6V7W8X9Y0ZABCD", subject="My bill " * 4,
        from_addr="amelia.hartley@a-long-domain-name.example", thread_case_id=None,
    )  # fmt: skip
    other = case_desk.cases.open(a_draft(account_id=None, requester=mail.from_addr), CUSTOMER)
    case_id = case_desk.inbox.receive_mail(replace(mail, received_at=clock.tick(60))).case_id
    merges = CaseMerges(case_desk.store, clock, case_desk.new_id, lambda _: None)
    merges.merge(other.case_id, case_id, ADVISOR)
    work = case_desk.work
    work.change(case_id, {"category": "billing_error", "priority": Priority.URGENT}, 2, ADVISOR)
    work.assign(case_id, "amelia.hartley", ADVISOR)
    work.answer(case_id, "a", ADVISOR)
    sizes = [_size(case_desk, case_id)]
    work.resolve(case_id, RESOLUTION, ADVISOR)
    sizes.append(_size(case_desk, case_id))
    work.reopen(case_id, "Not yet.", CUSTOMER)
    sizes.append(_size(case_desk, case_id))
    head = case_desk.cases.read(case_id)
    assert head.begun_at
    assert head.asked_at
    assert max(sizes) <= 1024, sizes


def _size(desk: Desk, case_id: str) -> int:
    """Bytes by the published rule: names and values in UTF-8, numbers about half their digits, one for a flag."""
    case = desk.store.get(case_id)
    assert isinstance(case, Case)

    def size(value: Any) -> int:
        if isinstance(value, dict):
            return 3 + sum(len(name) + 1 + size(part) for name, part in value.items())
        return 1 if isinstance(value, bool) else len(str(value).encode())

    return sum(len(name) + size(value) for name, value in desk.store.head_item(case).items())
