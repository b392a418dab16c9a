"""The ladder day by day: each step once and in its distance, missed days caught up, and what is held is recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.accounts.holds import HoldKind
from chalicelib.accounts.letters import LetterChannel
from chalicelib.accounts.preferences_model import QuietHours
from chalicelib.collections.model import Reason
from chalicelib.collections.policy import CollectionRules, LadderStep
from chalicelib.collections.store import account_marker
from chalicelib.collections.visits import MOST
from chalicelib.payments.news import Topic
from chalicelib.platform.days import CATCH_UP, PAGE
from chalicelib.platform.dynamo import Put
from chalicelib.platform.money import Money
from tests.collections.late_desk import ACTOR, DUE, LateDesk
from tests.tables import Crash

K = HoldKind


@pytest.fixture
def late() -> LateDesk:
    desk = LateDesk()
    desk.account()
    return desk


def names(late: LateDesk) -> list[tuple[str, int]]:
    """The letters that were queued, and how many days after the due day."""
    return [
        (row["letter"]["name"].removeprefix("collections/"), (date.fromisoformat(row["at"][:10]) - DUE).days)
        for row in late.letters()
    ]


def test_an_unpaid_bill_climbs_the_ladder_to_a_person(late: LateDesk) -> None:
    late.bill()
    late.day(60)
    assert names(late) == [("reminder", 1), ("second_reminder", 10), ("before_action", 24)]
    heard = [(news.topic, news.object_id, news.amount_minor) for news in late.paper.told.values()]
    assert heard == [(Topic.INVOICE_OVERDUE, "inv_1", 6000), (Topic.DEBT_HANDED_OVER, "inv_1", 6000)]
    assert [judged.what for judged in late.sent()] == [
        "collections/reminder", "collections/second_reminder", "collections/before_action", "hand_over",
    ]  # fmt: skip
    assert {judged.policy for judged in late.sent()} == {"collection@test"}
    assert late.held() == []
    assert len(late.mails.sent) == 3


def test_a_new_desk_begins_with_what_is_late_already_at_the_first_step(late: LateDesk) -> None:
    late.clock.tick(40 * 86_400)
    late.bill(comes_late=True)
    assert late.day(4) == 1, "a bill that comes late is known by the day on which it came"
    assert [name for name, _ in names(late)] == ["reminder"]
    other = LateDesk()
    other.account()
    other.bill()
    other.clock.tick(40 * 86_400)
    assert other.day(4) == 1
    assert [name for name, _ in names(other)] == ["reminder"]


def test_a_second_run_of_a_day_does_nothing(late: LateDesk) -> None:
    late.bill()
    assert [late.collections.run() for _ in range(3)] == [1, 0, 0]
    assert len(late.letters()) == 1


def test_a_bill_that_is_paid_or_taken_back_is_asked_for_no_more(late: LateDesk) -> None:
    late.bill()
    late.day(3)
    late.void("inv_1")
    late.day(60)
    assert names(late) == [("reminder", 1)]
    assert late.paper.of(Topic.DEBT_HANDED_OVER) == []


def test_a_bill_is_not_late_on_its_due_day(late: LateDesk) -> None:
    late.bill(due_on=late.today())
    assert late.day() == 0
    assert late.day() == 1


def test_of_several_bills_one_step_is_taken_a_day(late: LateDesk) -> None:
    for n in range(3):
        late.bill(f"inv_{n}", due_on=DUE - timedelta(days=n))
    late.table.write(account_marker("acc_1", late.today()))
    taken = [late.day() for _ in range(4)]
    assert taken == [1, 1, 1, 0]
    assert [row["letter"]["object_id"] for row in late.letters()] == ["inv_2", "inv_1", "inv_0"]


def test_missed_days_are_caught_up(late: LateDesk) -> None:
    late.day()
    late.bill(due_on=late.today())
    late.clock.tick(5 * 86_400)
    assert late.day() == 1


def test_it_looks_no_further_back_than_markers_are_kept(late: LateDesk) -> None:
    late.day()
    calls: list[str] = []
    late.clock.tick(1000 * 86_400)
    late.table = late.table.seen(calls.append)
    late.collections.run()
    assert calls.count("before query") == 2 * (CATCH_UP.days + 1) + 2  # two lists, and both of today


def test_more_accounts_than_a_page_all_have_their_day(late: LateDesk) -> None:
    for n in range(PAGE + 5):
        late.account(f"acc_p{n:03}")
        late.bill(f"inv_p{n:03}", account_id=f"acc_p{n:03}")
    assert late.day() == PAGE + 5
    late.clock.tick(8 * 86_400)
    assert late.day() == PAGE + 5


@pytest.mark.parametrize("after", range(1, 40))
def test_a_run_that_ends_anywhere_is_finished_by_the_next(late: LateDesk, after: int) -> None:
    late.rules = CollectionRules(steps=(LadderStep(name="hand_over", after_days=1, deed="hand_over"),))
    late.bill()
    late.account("acc_2")
    late.bill("inv_2", account_id="acc_2")
    whole, left = late.table, [after]

    def step(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Crash

    late.table = whole.seen(step)
    try:
        late.collections.run()
    except Crash:
        late.table = whole
        late.collections.run()
    late.table = whole
    for topic in (Topic.INVOICE_OVERDUE, Topic.DEBT_HANDED_OVER):
        assert sorted(news.object_id for news in late.paper.of(topic)) == ["inv_1", "inv_2"]
    assert [len(late.sent(account)) for account in ("acc_1", "acc_2")] == [1, 1]


def test_a_disputed_part_is_left_out_and_the_rest_is_asked_for(late: LateDesk) -> None:
    late.bill()
    late.hold(K.DISPUTE, invoice_id="inv_1", amount=Money(amount_minor=1200, currency="GBP"))
    late.day()
    (letter,) = late.letters()
    assert (letter["letter"]["facts"]["due_minor"], letter["letter"]["facts"]["left_out_minor"]) == (4800, 1200)
    assert "£48.00 of your bill" in letter["text"]
    assert "StepChange" in letter["text"]
    assert [(judged.asked_minor, judged.is_reduced) for judged in late.sent()] == [(4800, True)]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (K.BREATHING_SPACE, Reason.BREATHING_SPACE),
        (K.MENTAL_HEALTH_CRISIS, Reason.MENTAL_HEALTH_CRISIS),
        (K.VULNERABILITY, Reason.VULNERABILITY),
        (K.BEREAVEMENT, Reason.BEREAVEMENT),
        (K.INSOLVENCY, Reason.INSOLVENCY),
        (K.DEBT_ADVICE, Reason.DEBT_ADVICE),
    ],
)
def test_in_a_hold_nothing_is_asked_and_why_is_recorded_once(late: LateDesk, kind: HoldKind, reason: Reason) -> None:
    late.bill()
    late.hold(kind)
    assert late.day(10) == 0
    assert [(judged.what, judged.reasons) for judged in late.held()] == [("reminder", (reason,))]
    assert late.letters() == []


def test_after_a_hold_the_ladder_goes_on_in_its_distances(late: LateDesk) -> None:
    late.bill()
    late.day(5)
    late.hold(K.BREATHING_SPACE)
    late.day(100)
    assert names(late) == [("reminder", 1), ("second_reminder", 66), ("before_action", 80)]


def test_a_released_hold_lets_the_next_run_ask(late: LateDesk) -> None:
    late.bill()
    hold_id = late.hold(K.MENTAL_HEALTH_CRISIS)
    late.day(20)
    late.holds.release("acc_1", hold_id, "it was another customer", ACTOR)
    assert late.day(2) == 1


def test_a_plan_that_is_kept_is_left_alone_and_the_rest_is_asked_for(late: LateDesk) -> None:
    late.bill()
    late.shields.covered = {"inv_1": 6000}
    late.day(3)
    assert [judged.reasons for judged in late.held()] == [(Reason.PLAN_KEPT,)]
    late.shields.covered = {"inv_1": 2000}
    late.day()
    assert [row["letter"]["facts"]["due_minor"] for row in late.letters()] == [4000]


def test_less_than_the_floor_is_not_asked_for(late: LateDesk) -> None:
    late.bill(minor=499)
    late.day(40)
    assert [judged.reasons for judged in late.held()] == [(Reason.BELOW_FLOOR,)]


def test_who_declined_a_way_is_not_reached_by_it(late: LateDesk) -> None:
    late.bill()
    no = {"purpose": "collection", "channel": "mail", "is_allowed": False, "source": "customer", "at": late.clock()}
    late.prefer(consents=[no])
    late.day(2)
    assert [judged.reasons for judged in late.held()] == [(Reason.NO_CONSENT,)]


def test_a_closed_account_gets_no_letter_and_its_debt_goes_to_a_person(late: LateDesk) -> None:
    late.account(status="closed")
    late.bill()
    late.day(2)
    assert [judged.reasons for judged in late.held()] == [(Reason.ACCOUNT_CLOSED,)]
    late.rules = CollectionRules(steps=(LadderStep(name="hand_over", after_days=1, deed="hand_over"),))
    late.day()
    assert len(late.paper.of(Topic.DEBT_HANDED_OVER)) == 1


@pytest.mark.parametrize(
    ("due_on", "asked_on"), [(date(2026, 11, 7), "2026-11-09"), (date(2026, 12, 24), "2026-12-29")]
)
def test_sundays_and_bank_holidays_are_let_pass(late: LateDesk, due_on: date, asked_on: str) -> None:
    late.bill(due_on=due_on)
    late.clock.at = late.clock.at.replace(month=due_on.month, day=due_on.day)
    late.day(6)
    assert [judged.reasons for judged in late.held()] == [(Reason.DAY_OFF,)]
    assert [row["at"][:10] for row in late.letters()] == [asked_on]


def test_a_later_hour_of_the_day_is_tried_for_whom_the_early_one_is_quiet(late: LateDesk) -> None:
    late.bill()
    late.prefer(quiet_hours=QuietHours(begins="08:00", ends="12:00"))
    assert [late.collections.run() for _ in range(2)] == [0, 0]
    late.clock.tick(3 * 3600)
    assert [late.collections.run() for _ in range(2)] == [1, 0]
    assert [judged.reasons for judged in late.held()] == [(Reason.QUIET_HOURS,)]


def test_a_step_can_be_a_text_message(late: LateDesk) -> None:
    late.rules = CollectionRules(steps=(LadderStep(name="text", after_days=1, channel=LetterChannel.SMS),))
    late.bill()
    late.day()
    ((number, text),) = late.phones.sent
    assert number == "+447700900123"
    assert "£60.00 of bill N-inv_1 was due on 2 November 2026." in text


def test_a_step_is_left_out_for_small_amounts(late: LateDesk) -> None:
    steps = (
        LadderStep(name="reminder", after_days=1),
        LadderStep(name="hand_over", after_days=5, deed="hand_over", least_minor=9000),
    )
    late.rules = CollectionRules(steps=steps)
    late.bill()
    late.day(20)
    assert (names(late), late.paper.of(Topic.DEBT_HANDED_OVER)) == ([("reminder", 1)], [])


def test_very_many_late_bills_fit_a_day(late: LateDesk) -> None:
    for n in range(MOST + 20):
        late.bill(f"inv_{n:03}", minor=400)
    assert late.day() == 0
    assert len(late.held()) == MOST


def test_a_marker_without_an_account_stops_nobody(late: LateDesk) -> None:
    late.bill()
    late.table.write(Put({"pk": f"DUE#{DUE}", "sk": "acc_0#inv_0", "account_id": "acc_0", "invoice_id": "inv_0"}))
    assert late.day() == 1
    assert late.counted["CollectionWithoutAccount"] == 1


def test_each_thing_is_counted(late: LateDesk) -> None:
    late.bill()
    late.day()
    late.hold(K.VULNERABILITY)
    late.day(12)
    assert late.counted["CollectionSent"] == late.counted["CollectionStepsLetter"] == 1
    assert late.counted["CollectionHeld"] == late.counted["CollectionHeldVulnerability"] == 1
