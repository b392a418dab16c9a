"""News of money has its consequences once: under repeats, crashes at any call, rivals, and news out of order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.cases.incident_policy import RULES, VERSION
from chalicelib.cases.messages import CaseEvent, Direction, EventType, Message
from chalicelib.cases.model import REOPEN_FOR, Case, Channel, Priority, Queue, Resolution, State
from chalicelib.payments.news import Fact, News, Starter, Topic
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Unavailable
from tests.cases.builders import ADVISOR, CUSTOMER, Desk, a_draft
from tests.cases.newsmakers import an_account, disputed, failed, news, paid
from tests.harness import Meter
from tests.tables import Between, Crash, Crowded, Fragile

RESOLUTION = Resolution(reason="failed_payment", outcome="called_customer", root_cause="no_funds")


@pytest.fixture
def ada(case_desk: Desk) -> str:
    return an_account(case_desk, "ada@example.com")


def all_cases(desk: Desk) -> list[Case]:
    return [Case.model_validate(item) for item in desk.items("C#") if item["kind"] == "case"]


def the_case(desk: Desk) -> Case:
    (case,) = all_cases(desk)
    return case


def messages(desk: Desk, case: Case, direction: Direction) -> list[Message]:
    entries, _ = desk.cases.timeline(case.case_id, 100, None)
    return [entry for entry in entries if isinstance(entry, Message) and entry.direction is direction]


def events(desk: Desk, case: Case) -> list[EventType]:
    entries, _ = desk.cases.timeline(case.case_id, 100, None)
    return [entry.type for entry in entries if isinstance(entry, CaseEvent)]


def notices(desk: Desk) -> list[Item]:
    return [item for item in desk.items("A#") if item["kind"] == "message"]


def effects(desk: Desk) -> list[Item]:
    """Everything but what is drawn anew by each try."""
    drawn = {"entry_id", "event_id", "sk"}
    kept = [{k: v for k, v in i.items() if k not in drawn} if "event_id" in i or i["kind"] == "audit" else i
            for i in desk.items()]  # fmt: skip
    return sorted(kept, key=repr)


def test_a_failed_debit_opens_one_case_with_one_mail_however_often_it_is_told(case_desk: Desk, ada: str) -> None:
    for _ in range(3):
        case_desk.incidents.tell(failed(ada))
    case = the_case(case_desk)
    assert (case.account_id, case.requester, case.subject) == (ada, "ada@example.com", "Payment of £50.00 failed")
    assert (case.queue, case.channel, case.category) == (Queue.PAYMENTS, Channel.DESK, "failed_payment")
    assert (case.state, case.due_at) == (State.OPEN, case_desk.clock() + timedelta(days=3))
    (note,), (mail,) = messages(case_desk, case, Direction.NOTE), messages(case_desk, case, Direction.OUT)
    assert "insufficient_funds" in note.text
    assert (mail.delivery, mail.automatic) == ("queued", True)
    assert case.message_count == 2
    assert case_desk.counted == {"IncidentNewsOpened": 1, "IncidentNewsNone": 2}


def test_a_case_of_the_desk_is_audited_and_names_the_policy(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    case = the_case(case_desk)
    (audit,) = [item for item in case_desk.items(f"C#{case.case_id}") if item["kind"] == "audit"]
    assert (audit["action"], audit["actor_name"]) == ("case.opened", "Billing Service Desk")
    (told,) = [item for item in case_desk.items(f"A#{ada}") if item["sk"].startswith("TOLD#")]
    assert (told["topic"], told["case_id"], told["policy"]) == ("payment_failed", case.case_id, VERSION)


@pytest.mark.parametrize("topic", [Topic.PAYMENT_FAILED, Topic.ACTION_REQUIRED])
def test_who_was_told_on_the_screen_is_not_told_again(case_desk: Desk, ada: str, topic: Topic) -> None:
    case_desk.incidents.tell(news(topic, ada, facts={Fact.STARTED_BY: Starter.CUSTOMER}))
    assert (all_cases(case_desk), notices(case_desk)) == ([], [])


def test_a_second_failure_lands_on_the_same_case_with_a_mail_of_its_own(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    case_desk.clock.tick(3600)
    case_desk.incidents.tell(failed(ada, "ch_2", decline_code="expired_card"))
    case = the_case(case_desk)
    assert len(messages(case_desk, case, Direction.OUT)) == len(messages(case_desk, case, Direction.NOTE)) == 2
    assert case.due_at == case_desk.clock() - timedelta(hours=1) + timedelta(days=3)


def test_the_payment_after_all_ends_the_case_and_sends_one_receipt(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    for _ in range(2):
        case_desk.incidents.tell(paid(ada))
    case = the_case(case_desk)
    assert (case.state, case.resolved_by) == (State.RESOLVED, "Billing Service Desk")
    assert case.resolution == Resolution(reason="failed_payment", outcome="paid", root_cause="payment_declined")
    assert events(case_desk, case) == [EventType.RESOLVED]
    (receipt,) = notices(case_desk)
    assert (receipt["account_id"], receipt["delivery"], receipt["policy"]) == (ada, "queued", VERSION)


def test_a_failure_that_is_told_after_the_success_opens_nothing(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(paid(ada))
    case_desk.incidents.tell(failed(ada))
    assert all_cases(case_desk) == []


@pytest.mark.parametrize("calls", range(1, 6))
def test_success_and_failure_at_the_same_moment_leave_no_open_case(case_desk: Desk, ada: str, calls: int) -> None:
    def succeed() -> None:
        case_desk.incidents.tell(paid(ada))

    rivalled = replace(case_desk, table=Between(case_desk.table, calls, succeed))
    rivalled.incidents.tell(failed(ada))
    case_desk.incidents.tell(paid(ada))
    assert [case.state for case in all_cases(case_desk)] in ([], [State.RESOLVED])


def test_a_case_that_waits_for_our_answer_is_not_ended_by_money(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    case_desk.work.hear(the_case(case_desk).case_id, "Why did it fail?", CUSTOMER)
    case_desk.incidents.tell(paid(ada))
    case = the_case(case_desk)
    assert case.state is State.OPEN
    assert len(messages(case_desk, case, Direction.NOTE)) == 2


def opened(desk: Desk, account_id: str) -> Case:
    return desk.cases.open(a_draft(account_id=account_id), ADVISOR)


def asked_in(news: News, case_id: str) -> News:
    return news.model_copy(update={"facts": {**news.facts, Fact.CASE_ID: case_id}})


def test_a_payment_asked_for_in_a_case_comes_back_to_it(case_desk: Desk, ada: str) -> None:
    case = opened(case_desk, ada)
    case_desk.work.answer(case.case_id, "Pay by the link, please.", ADVISOR)
    for _ in range(2):
        case_desk.incidents.tell(asked_in(paid(ada), case.case_id))
    (standing,) = all_cases(case_desk)
    assert (standing.state, standing.due_at is not None) == (State.OPEN, True)
    (note,) = messages(case_desk, standing, Direction.NOTE)
    assert "pay_1" in note.text
    assert len(notices(case_desk)) == 1


def test_a_payment_is_not_noted_in_the_case_of_another_account(case_desk: Desk, ada: str) -> None:
    stranger = an_account(case_desk, "eve@example.com")
    case = opened(case_desk, stranger)
    case_desk.incidents.tell(asked_in(paid(ada), case.case_id))
    case_desk.incidents.tell(asked_in(paid(ada), "case_none"))
    assert messages(case_desk, case, Direction.NOTE) == []


def test_trouble_takes_up_again_what_a_person_resolved(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    case_desk.work.resolve(the_case(case_desk).case_id, RESOLUTION, ADVISOR)
    case_desk.incidents.tell(failed(ada, "ch_2"))
    case = the_case(case_desk)
    assert (case.state, case.reopened) == (State.OPEN, 1)
    assert events(case_desk, case) == [EventType.RESOLVED, EventType.REOPENED]


def test_trouble_after_the_case_ended_for_good_opens_the_next_one(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    first = the_case(case_desk)
    case_desk.work.resolve(first.case_id, RESOLUTION, ADVISOR)
    case_desk.clock.tick(REOPEN_FOR.total_seconds() + 1)
    for charge in ("ch_1", "ch_2", "ch_2", "ch_3"):
        case_desk.incidents.tell(failed(ada, charge))
    second = next(case for case in all_cases(case_desk) if case.case_id != first.case_id)
    assert (second.previous_case_id, second.state) == (first.case_id, State.OPEN)
    assert len(messages(case_desk, second, Direction.OUT)) == 2
    assert len(all_cases(case_desk)) == 2


def test_good_news_of_a_case_that_a_person_resolved_is_noted(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    case_desk.work.resolve(the_case(case_desk).case_id, RESOLUTION, ADVISOR)
    case_desk.incidents.tell(paid(ada))
    case = the_case(case_desk)
    assert (case.resolution, case.resolved_by) == (RESOLUTION, ADVISOR.name)
    assert len(messages(case_desk, case, Direction.NOTE)) == 2


def test_a_chargeback_is_for_finance_two_days_before_its_deadline(case_desk: Desk, ada: str) -> None:
    deadline = case_desk.clock() + timedelta(days=9)
    case_desk.incidents.tell(disputed(ada, deadline=deadline, occasion="needs_response"))
    case = the_case(case_desk)
    assert (case.queue, case.priority, case.due_at) == (Queue.FINANCE, Priority.HIGH, deadline - timedelta(days=2))
    assert len(messages(case_desk, case, Direction.OUT)) == 1


def test_a_chargeback_found_late_is_due_at_once(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(disputed(ada, deadline=case_desk.clock() + timedelta(days=1)))
    assert the_case(case_desk).due_at == case_desk.clock()


def test_a_dispute_runs_its_course_on_one_case(case_desk: Desk, ada: str) -> None:
    tell = case_desk.incidents.tell
    tell(disputed(ada, occasion="needs_response"))
    tell(disputed(ada, Topic.DISPUTE_UPDATED, occasion="under_review", facts={Fact.STATUS: "under_review"}))
    assert the_case(case_desk).state is State.OPEN
    tell(disputed(ada, Topic.DISPUTE_CLOSED, occasion="lost", facts={Fact.OUTCOME: "lost"}))
    assert the_case(case_desk).state is State.RESOLVED
    appealed = {Fact.STATUS: "appeal_needs_response"}
    tell(disputed(ada, Topic.DISPUTE_UPDATED, occasion="appeal_needs_response", facts=appealed))
    assert (the_case(case_desk).state, the_case(case_desk).reopened) == (State.OPEN, 1)
    tell(disputed(ada, Topic.DISPUTE_CLOSED, occasion="won", facts={Fact.OUTCOME: "won"}))
    assert the_case(case_desk).state is State.RESOLVED
    assert len(notices(case_desk)) == 2


@pytest.mark.parametrize("topic", [Topic.PAYMENT_UNMATCHED, Topic.RECONCILIATION_DIFFERENCE])
def test_what_is_for_us_alone_stays_with_finance(case_desk: Desk, ada: str, topic: Topic) -> None:
    case_desk.incidents.tell(news(topic, ada, object_id="pi_1", facts={Fact.EXPECTED: "5000", Fact.FOUND: "4000"}))
    case = the_case(case_desk)
    assert (case.queue, case.account_id, case.requester) == (Queue.FINANCE, None, None)
    (note,) = messages(case_desk, case, Direction.NOTE)
    assert {f"account: {ada}", "object: pi_1", "expected: 5000", "found: 4000"} <= set(note.text.splitlines())
    assert (messages(case_desk, case, Direction.OUT), notices(case_desk)) == ([], [])


def test_the_case_of_nobodys_money_ends_when_it_is_matched(case_desk: Desk, ada: str) -> None:
    proposed = {Fact.PROPOSAL: "acc_1 (high confidence)"}
    case_desk.incidents.tell(news(Topic.PAYMENT_UNMATCHED, None, object_id="pay_pi_1", facts=proposed))
    case_desk.incidents.tell(news(Topic.PAYMENT_MATCHED, ada, object_id="pay_pi_1"))
    case = the_case(case_desk)
    assert (case.state, case.resolution and case.resolution.outcome) == (State.RESOLVED, "matched")
    assert "proposal: acc_1 (high confidence)" in messages(case_desk, case, Direction.NOTE)[0].text
    assert notices(case_desk) == []


def test_a_payment_that_leaves_nothing_of_a_bill_ends_the_case_of_the_bill(case_desk: Desk, ada: str) -> None:
    for invoice in ("inv_1", "inv_2"):
        case_desk.incidents.tell(news(Topic.INVOICE_PAYMENT_FAILED, ada, object_id=invoice))
    case_desk.incidents.tell(paid(ada, ("inv_1", 3000, 0), ("inv_2", 2000, 2000)))
    assert sorted(case.state for case in all_cases(case_desk)) == [State.OPEN, State.RESOLVED]
    assert len(notices(case_desk)) == 1


def test_an_account_without_an_address_gets_a_case_but_no_mail(case_desk: Desk) -> None:
    case_desk.incidents.tell(failed(an_account(case_desk)))
    assert messages(case_desk, the_case(case_desk), Direction.OUT) == []
    assert case_desk.counted["NoticesWithoutAddress"] == 1


def test_an_account_that_is_not_there_still_gets_a_case(case_desk: Desk) -> None:
    case_desk.incidents.tell(failed("acc_gone"))
    assert (the_case(case_desk).account_id, the_case(case_desk).requester) == ("acc_gone", None)


@pytest.mark.parametrize("code", ["stolen_card", "fraudulent"])
def test_no_note_says_more_of_a_decline_than_the_customer_may_hear(case_desk: Desk, ada: str, code: str) -> None:
    case_desk.incidents.tell(failed(ada, decline_code=code))
    (note,) = messages(case_desk, the_case(case_desk), Direction.NOTE)
    assert code not in note.text
    assert "generic_decline" in note.text


HISTORY: tuple[Callable[[str], News], ...] = (
    failed,
    lambda account: failed(account, "ch_2"),
    lambda account: paid(account, ("inv_1", 5000, 0)),
)


def told(desk: Desk, account: str) -> None:
    for make in HISTORY:
        desk.incidents.tell(make(account))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", range(1, 14))
def test_a_crash_at_any_call_and_the_repeat_leave_what_one_telling_leaves(
    case_desk: Desk, ada: str, calls: int, after: bool
) -> None:
    fragile = replace(case_desk, table=Fragile(case_desk.table, calls, after=after))
    for make in HISTORY:
        try:
            fragile.incidents.tell(make(ada))
        except Crash:
            case_desk.incidents.tell(make(ada))
    crashed = effects(case_desk)
    empty(case_desk)
    told(case_desk, ada)
    assert crashed == effects(case_desk)


def empty(desk: Desk) -> None:
    """Take away all that news did."""
    for item in desk.items():
        of_news = item["pk"].startswith("C#") or item["sk"].startswith(("MAIL#", "TOLD#"))
        if of_news:
            keys = {"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}}
            desk.table.client.delete_item(TableName=desk.table.name, Key=keys)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(order=st.lists(st.integers(0, 2), max_size=8).map(lambda more: [*more, 0, 1, 2]))
def test_whatever_is_repeated_in_whatever_order_there_is_one_case_and_one_receipt(
    case_desk: Desk, ada: str, order: list[int]
) -> None:
    empty(case_desk)
    for index in order:
        case_desk.incidents.tell(HISTORY[index](ada))
    assert len(notices(case_desk)) == 1
    assert [case.state for case in all_cases(case_desk)] in ([], [State.RESOLVED])


def test_a_case_that_is_always_changed_by_others_is_told_again_later(case_desk: Desk, ada: str) -> None:
    busy = replace(case_desk, table=Crowded(case_desk.table, 4))
    with pytest.raises(Unavailable):
        busy.incidents.tell(failed(ada))
    busy.incidents.tell(failed(ada))
    assert the_case(case_desk).state is State.OPEN


def test_a_receipt_costs_one_write_unit_and_one_read(case_desk: Desk, ada: str, meter: Meter) -> None:
    case_desk.incidents.tell(paid(ada, ("inv_1", 3000, 0), ("inv_2", 2000, 2000), balance=2000))
    assert (meter.calls, meter.write_units) == (["PutItem", "GetItem", "GetItem"], 1)


def test_every_topic_has_its_row_and_no_row_both_opens_and_ends() -> None:
    assert set(RULES) == set(Topic)
    assert not [topic for topic, rule in RULES.items() if rule.opening and rule.settles]


def test_a_card_number_in_news_is_hidden(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada, reason="4242 4242 4242 4242"))
    (note,) = messages(case_desk, the_case(case_desk), Direction.NOTE)
    assert "4242 4242 4242 4242" not in note.text


def test_news_is_known_again_for_longer_than_anybody_tells_it(case_desk: Desk, ada: str) -> None:
    case_desk.incidents.tell(failed(ada))
    (trace,) = [item for item in case_desk.items(f"A#{ada}") if item["sk"].startswith("TOLD#")]
    assert trace["expires_at"] - case_desk.clock().timestamp() == timedelta(days=400).total_seconds()
