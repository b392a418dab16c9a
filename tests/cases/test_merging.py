"""Two cases of one matter become one: what ends, what goes on, and what mail, rivals and figures make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cases import rules
from chalicelib.cases.merge_rules import MERGED
from chalicelib.cases.merging import CaseMerges
from chalicelib.cases.messages import CaseEvent, EventType
from chalicelib.cases.model import Case, Channel, Priority, Queue, State
from chalicelib.cases.store import CaseStore
from chalicelib.kpi import facts as kpi
from chalicelib.kpi.milestones import CaseHead, case_facts
from chalicelib.payments.news import Fact
from chalicelib.platform.errors import Conflict, DeskError, NotFound, PreconditionFailed, Unavailable, Unprocessable
from tests.cases.builders import ADVISOR, CUSTOMER, NOON, Desk, a_case, a_draft, a_mail
from tests.cases.newsmakers import an_account, failed, paid
from tests.cases.test_work import RESOLUTION, audits
from tests.fakes import FixedClock
from tests.harness import HttpDesk, Meter
from tests.tables import Between, Crowded

OLDER, NEWER = "case_00000000000000000000000001", "case_00000000000000000000000002"


def merges(desk: Desk, table: Any = None) -> CaseMerges:
    return CaseMerges(CaseStore(table or desk.table), desk.clock, desk.new_id, lambda name: desk.counted.update([name]))


@pytest.fixture
def two(case_desk: Desk, clock: FixedClock) -> tuple[Case, Case]:
    """The same customer's cases: an urgent one, and one that was opened an hour later and was answered."""
    older = case_desk.cases.open(a_draft(subject="My bill", priority=Priority.HIGH), CUSTOMER, OLDER)
    clock.tick(3600)
    newer = case_desk.cases.open(a_draft(subject="Bill, again"), CUSTOMER, NEWER)
    clock.tick(60)
    return older, case_desk.work.answer(newer.case_id, "Here is why.", ADVISOR)[0]


def events(desk: Desk, case_id: str) -> list[CaseEvent]:
    entries, _ = desk.cases.timeline(case_id, 100, None)
    return [entry for entry in entries if isinstance(entry, CaseEvent)]


def test_the_one_ends_without_a_resolution_and_the_other_takes_over_what_is_owed(
    case_desk: Desk, two: tuple[Case, Case], meter: Meter
) -> None:
    older, newer = two
    meter.calls.clear()
    gone = merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR)
    assert meter.round_trips == 3
    assert (gone.state, gone.continued_in, gone.resolved_at, gone.due_at) == (State.CLOSED, newer.case_id, None, None)
    assert gone.resolution == MERGED
    heir = case_desk.cases.read(newer.case_id)
    assert (heir.state, heir.priority, heir.due_at) == (State.OPEN, Priority.HIGH, older.due_at)
    assert (heir.begun_at, heir.version, heir.assignee) == (older.created_at, newer.version + 1, "advisor.one")
    assert case_desk.counted["CasesMerged"] == 1


def test_what_waits_for_us_is_due_by_the_urgency_of_both_whichever_goes_on(case_desk: Desk, clock: FixedClock) -> None:
    for name, urgent_goes_on in (("a", True), ("b", False)):
        calm = case_desk.cases.open(a_draft(priority=Priority.LOW), CUSTOMER, f"case_calm_{name}")
        urgent = case_desk.cases.open(a_draft(priority=Priority.URGENT), CUSTOMER, f"case_urgent_{name}")
        case_desk.work.answer(urgent.case_id, "Here is why.", ADVISOR)
        gone, into = (calm, urgent) if urgent_goes_on else (urgent, calm)
        merges(case_desk).merge(gone.case_id, into.case_id, ADVISOR)
        heir = case_desk.cases.read(into.case_id)
        assert (heir.state, heir.priority, heir.due_at) == (
            State.OPEN, Priority.URGENT, clock() + rules.FIRST_ANSWER[Priority.URGENT],
        )  # fmt: skip


def test_each_timeline_and_each_audit_trail_names_the_other(case_desk: Desk, two: tuple[Case, Case]) -> None:
    older, newer = two
    merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR)
    (ended,), (began,) = events(case_desk, older.case_id), events(case_desk, newer.case_id)
    assert (ended.type, ended.detail) == (EventType.MERGED, {"into": newer.case_id, "reference": newer.reference})
    assert (began.type, began.actor) == (EventType.MERGED, "advisor.one")
    assert began.detail == {"case_id": older.case_id, "reference": older.reference, "subject": "My bill"}
    last = {entry["subject_key"]: entry for entry in audits(case_desk) if entry["action"] == "case.merged"}
    assert last[f"C#{older.case_id}"]["after"]["continued_in"] == newer.case_id
    assert last[f"C#{newer.case_id}"]["after"]["merged_case_id"] == older.case_id


def test_the_same_merge_again_changes_nothing_whatever_version_it_names(
    case_desk: Desk, two: tuple[Case, Case]
) -> None:
    older, newer = two
    first = merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR, older.version)
    items = case_desk.items()
    assert merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR, older.version) == first
    assert (case_desk.items(), case_desk.counted["CasesMerged"]) == (items, 1)


def test_mail_to_the_case_that_ended_goes_on_in_the_other(case_desk: Desk, two: tuple[Case, Case]) -> None:
    older, newer = two
    merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR)
    case_desk.work.answer(newer.case_id, "Both are clear now.", ADVISOR)
    mail = a_mail(thread_case_id=older.case_id, case_id="case_00000000000000000000000009", account_id=None)
    received = [case_desk.inbox.receive_mail(mail) for _ in range(2)]
    assert [(each.case_id, each.outcome) for each in received] == [
        (newer.case_id, "appended"), (newer.case_id, "repeated"),
    ]  # fmt: skip
    assert case_desk.cases.read(newer.case_id).state is State.OPEN
    assert case_desk.cases.read(older.case_id).state is State.CLOSED
    bounce = replace(
        mail, message_id="msg_bounce", digest="d9", rfc_message_id="<b@mail.example>", automatic=True,
        undelivered_to=("ada@example.com",),
    )  # fmt: skip
    assert case_desk.inbox.receive_mail(bounce).case_id == newer.case_id


def test_mail_follows_merge_after_merge_and_counts_from_the_oldest(
    case_desk: Desk, two: tuple[Case, Case], clock: FixedClock
) -> None:
    older, newer = two
    merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR)
    clock.tick(60)
    last = case_desk.cases.open(a_draft(subject="Once more"), CUSTOMER)
    merges(case_desk).merge(newer.case_id, last.case_id, ADVISOR)
    with pytest.raises(Conflict):
        merges(case_desk).merge(last.case_id, older.case_id, ADVISOR)
    received = case_desk.inbox.receive_mail(a_mail(thread_case_id=older.case_id, account_id=None))
    assert (received.case_id, received.outcome) == (last.case_id, "appended")
    assert case_desk.cases.read(last.case_id).begun_at == older.created_at


@pytest.mark.parametrize("to", [OLDER, NEWER])
@pytest.mark.parametrize("call", range(1, 4))
def test_mail_that_arrives_during_a_merge_is_neither_lost_nor_left_behind(
    case_desk: Desk, two: tuple[Case, Case], call: int, to: str
) -> None:
    older, newer = two
    mail = a_mail(thread_case_id=to, case_id="case_00000000000000000000000009", account_id=None)
    between = Between(case_desk.table, call, lambda: case_desk.inbox.receive_mail(mail))
    merges(case_desk, between).merge(older.case_id, newer.case_id, ADVISOR)
    held = [item["case_id"] for item in case_desk.items("C#") if item.get("message_id") == mail.message_id]
    assert held == [to]
    assert case_desk.cases.read(to).message_count == (older if to == OLDER else newer).message_count + 1
    assert case_desk.cases.read(older.case_id).continued_in == newer.case_id
    assert case_desk.cases.read(newer.case_id).state is State.OPEN


@pytest.mark.parametrize("call", range(1, 4))
def test_of_two_merges_that_would_make_a_circle_one_is_done(case_desk: Desk, two: tuple[Case, Case], call: int) -> None:
    older, newer = two
    between = Between(case_desk.table, call, lambda: merges(case_desk).merge(newer.case_id, older.case_id, ADVISOR))
    with pytest.raises(Conflict):
        merges(case_desk, between).merge(older.case_id, newer.case_id, ADVISOR)
    assert case_desk.cases.read(newer.case_id).continued_in == older.case_id
    assert case_desk.cases.read(older.case_id).continued_in is None
    assert case_desk.counted["CasesMerged"] == 1


def test_a_store_that_stays_busy_is_said(case_desk: Desk, two: tuple[Case, Case]) -> None:
    older, newer = two
    with pytest.raises(Unavailable):
        merges(case_desk, Crowded(case_desk.table, 9)).merge(older.case_id, newer.case_id, ADVISOR)
    merges(case_desk, Crowded(case_desk.table, 2)).merge(older.case_id, newer.case_id, ADVISOR)
    assert case_desk.cases.read(older.case_id).continued_in == newer.case_id


MINE, YOURS = {"account_id": "acc_ada"}, {"account_id": "acc_bob", "requester": "bob@example.com"}
NOBODYS: dict[str, Any] = {"requester": None}
ENDED = {"state": State.CLOSED}
COMPLAINT = {"queue": Queue.COMPLAINTS}


@pytest.mark.parametrize(
    ("gone", "into", "reason"),
    [
        (MINE, YOURS, "other_customer"), ({}, YOURS, "other_customer"), (NOBODYS, NOBODYS, "other_customer"),
        (MINE | COMPLAINT, MINE, "complaint"), (MINE, MINE | COMPLAINT, None), (COMPLAINT, MINE | COMPLAINT, None),
        (MINE, {}, "no_account"), (MINE | {"test": True}, MINE, "training"), (MINE | ENDED, MINE, "ended"),
        (MINE | {"continued_in": "case_000003"}, MINE, "ended"), (MINE, MINE | ENDED, "other_ended"),
        (MINE | {"state": State.RESOLVED, "resolved_at": NOON - timedelta(days=8)}, MINE, "ended"),
        (MINE, MINE | {"state": State.RESOLVED, "resolved_at": NOON}, "other_ended"),
        (MINE, MINE, None), ({}, MINE, None), ({}, {}, None), (MINE, MINE | {"requester": "b@example.com"}, None),
        (MINE | {"state": State.RESOLVED, "resolved_at": NOON}, MINE, None),
    ],
)  # fmt: skip
def test_only_open_cases_of_one_customer_can_be_one(
    case_desk: Desk, gone: dict[str, Any], into: dict[str, Any], reason: str | None
) -> None:
    for case in (a_case(**gone), a_case(case_id="case_000002", **into)):
        case_desk.table.transact([_head(case_desk, case)])
    if reason is None:
        assert merges(case_desk).merge("case_000001", "case_000002", ADVISOR).continued_in == "case_000002"
        return
    with pytest.raises(Conflict) as refused:
        merges(case_desk).merge("case_000001", "case_000002", ADVISOR)
    assert refused.value.extra["reason"] == reason


def _head(desk: Desk, case: Case) -> Any:
    from chalicelib.platform.dynamo import Put

    return Put(desk.store.head_item(case))


@pytest.mark.parametrize(
    ("case_id", "into", "version", "error"),
    [
        ("case_none", NEWER, None, NotFound), (OLDER, "case_none", None, Unprocessable),
        (OLDER, OLDER, None, Unprocessable), (OLDER, NEWER, 7, PreconditionFailed),
    ],
)  # fmt: skip
def test_what_is_not_there_is_itself_or_was_changed_is_refused(
    case_desk: Desk, two: tuple[Case, Case], case_id: str, into: str, version: int | None, error: type[DeskError]
) -> None:
    with pytest.raises(error):
        merges(case_desk).merge(case_id, into, ADVISOR, version)
    assert case_desk.cases.read(OLDER).continued_in is None


@pytest.fixture
def of_money(case_desk: Desk) -> tuple[str, Case, Case]:
    """An account, the desk's own case of a failed payment, and the customer's, in which it goes on."""
    account = an_account(case_desk, "ada@example.com")
    case_desk.incidents.tell(failed(account))
    (desks,) = [item["case_id"] for item in case_desk.items("C#") if item["kind"] == "case"]
    customers = case_desk.cases.open(a_draft(account_id=account, requester=None), CUSTOMER)
    case_desk.work.answer(customers.case_id, "Please try another card.", ADVISOR)
    merges(case_desk).merge(desks, customers.case_id, ADVISOR)
    return account, case_desk.cases.read(desks), case_desk.cases.read(customers.case_id)


def test_news_of_the_matter_goes_to_the_case_in_which_it_goes_on(
    case_desk: Desk, of_money: tuple[str, Case, Case]
) -> None:
    account, gone, heir = of_money
    case_desk.incidents.tell(failed(account, "ch_2"))
    after = case_desk.cases.read(heir.case_id)
    assert after.message_count == heir.message_count + 2
    assert len([item for item in case_desk.items("C#") if item["kind"] == "case"]) == 2
    case_desk.incidents.tell(paid(account))
    assert case_desk.cases.read(heir.case_id).state is State.OPEN
    assert case_desk.cases.read(gone.case_id) == gone


def test_what_was_asked_for_in_a_merged_case_wakes_the_other(case_desk: Desk, of_money: tuple[str, Case, Case]) -> None:
    account, gone, heir = of_money
    case_desk.work.answer(heir.case_id, "Pay by the link, please.", ADVISOR)
    told = paid(account)
    case_desk.incidents.tell(told.model_copy(update={"facts": {**told.facts, Fact.CASE_ID: gone.case_id}}))
    assert case_desk.cases.read(heir.case_id).state is State.OPEN


def test_news_never_goes_to_the_address_of_somebody_else(case_desk: Desk) -> None:
    account = an_account(case_desk, "ada@example.com")
    case_desk.incidents.tell(failed(account))
    (desks,) = [item["case_id"] for item in case_desk.items("C#") if item["kind"] == "case"]
    other = case_desk.cases.open(a_draft(account_id=account, requester="son@example.com"), CUSTOMER)
    merges(case_desk).merge(desks, other.case_id, ADVISOR)
    before = case_desk.cases.read(other.case_id)
    case_desk.incidents.tell(failed(account, "ch_2"))
    assert case_desk.cases.read(other.case_id) == before
    (third,) = [
        case for item in case_desk.items("C#")
        if item["kind"] == "case" and (case := case_desk.cases.read(item["case_id"])).previous_case_id
    ]  # fmt: skip
    assert (third.previous_case_id, third.requester) == (desks, "ada@example.com")


def test_a_merged_case_is_in_no_figure_of_resolutions_and_the_other_counts_from_the_older_opening(
    case_desk: Desk, two: tuple[Case, Case], clock: FixedClock
) -> None:
    older, newer = two
    resolved = case_desk.work.resolve(older.case_id, RESOLUTION, ADVISOR)
    gone = merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR)
    (taken_back,) = case_facts(_kpi(resolved), _kpi(gone))
    assert (taken_back.entity, taken_back.rows) == (f"case#{older.case_id}#resolved", ())
    heir = case_desk.cases.read(newer.case_id)
    clock.tick(600)
    (counted,) = _of(case_facts(_kpi(heir), _kpi(case_desk.work.resolve(newer.case_id, RESOLUTION, ADVISOR))))
    assert counted.rows[0].counts == {"cases_resolved": 1, "resolution_seconds": 3600 + 60 + 600}


@pytest.mark.parametrize(
    ("channel", "answered", "waited"),
    [(Channel.WEB, None, 3600 + 600), (Channel.WEB, OLDER, 600), (Channel.WEB, NEWER, 0), (Channel.DESK, None, 600)],
)
def test_who_asked_first_and_was_answered_in_the_other_case_waited_since_then(
    case_desk: Desk, clock: FixedClock, channel: Channel, answered: str | None, waited: int
) -> None:
    case_desk.cases.open(a_draft(channel=channel), CUSTOMER, OLDER)
    clock.tick(3600)
    opened = case_desk.cases.open(a_draft(), CUSTOMER, NEWER)
    if answered:
        case_desk.work.answer(answered, "Here is why.", ADVISOR)
    merges(case_desk).merge(OLDER, NEWER, ADVISOR)
    clock.tick(600)
    heir, _ = case_desk.work.answer(NEWER, "Here is why.", ADVISOR)
    (counted,) = [fact for fact in case_facts(_kpi(opened), _kpi(heir)) if fact.entity.endswith("#answered")]
    assert counted.rows[0].values == {"first_response": waited}


def _kpi(case: Case) -> CaseHead:
    return CaseHead.model_validate(case.model_dump())


def _of(facts: list[kpi.Fact]) -> list[kpi.Fact]:
    return [fact for fact in facts if fact.entity.endswith("#resolved")]


def test_the_door_merges_for_staff_alone_and_shows_the_customer_where_it_goes_on(
    case_desk: Desk, clock: FixedClock, desk: HttpDesk
) -> None:
    account = an_account(case_desk, "ada@example.com")
    for case_id in (OLDER, NEWER):
        case_desk.cases.open(a_draft(account_id=account), CUSTOMER, case_id)
    url, body = f"/v1/cases/{OLDER}/merges", {"into": NEWER}
    assert desk.call("POST", url, body, role="customer", account_id=account).status == 403
    assert desk.call("POST", url, {"into": NEWER, "more": 1}).status == 422
    assert desk.call("POST", url, {"into": OLDER}).json["errors"][0]["pointer"] == "/into"
    assert desk.call("POST", url, body, headers={"If-Match": '"9"'}).status == 412
    done = desk.call("POST", url, body, headers={"If-Match": '"1"'})
    assert (done.status, done.json["continued_in"], done.headers["etag"]) == (200, NEWER, '"2"')
    assert desk.call("POST", url, body).json == done.json
    assert desk.call("POST", f"/v1/cases/{NEWER}/merges", {"into": OLDER}).json["reason"] == "other_ended"
    seen = desk.call("GET", f"/v1/cases/{OLDER}", role="customer", account_id=account).json
    assert (seen["state"], seen["continued_in"]) == ("closed", NEWER)
    refused = desk.call("POST", f"/v1/cases/{OLDER}/messages", {"text": "More."}, role="customer", account_id=account)
    assert (refused.status, refused.json["continued_in"]) == (409, NEWER)
    timeline = desk.call("GET", f"/v1/cases/{NEWER}/timeline", role="customer", account_id=account).json["items"]
    assert [(line["event"], line["detail"]) for line in timeline if line["kind"] == "event"] == [("merged", {})]
