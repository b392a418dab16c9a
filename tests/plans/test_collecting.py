"""Plans from the agreement to their end, a day at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.accounts.holds import HoldKind
from chalicelib.accounts.letters import Purpose
from chalicelib.cases.incident_policy import rule_of
from chalicelib.payments.news import Fact, Starter, Topic
from chalicelib.payments.refund import RefundOrder
from chalicelib.plans.model import AskState, PayBy, PlanStatus
from chalicelib.plans.standing import DueState
from chalicelib.platform.errors import Conflict
from tests.memory_table import MemoryTable
from tests.plans.world import ACCOUNT, ADVISOR, MONDAY, World

FIRST, SECOND, THIRD = date(2026, 11, 9), date(2026, 12, 9), date(2027, 1, 11)
"""A week after Monday 2 November 2026, and the same day of the months after it; 9 January is a Saturday."""
DAY = timedelta(days=1)


def test_a_hundred_pounds_in_three_and_the_second_missed(world: World) -> None:
    world.owes(10_000)
    plan = world.agree()
    assert [(each.due_on, each.amount_minor) for each in plan.instalments] == [
        (FIRST, 3334), (SECOND, 3333), (THIRD, 3333),
    ]  # fmt: skip
    world.runs(FIRST)
    world.pay(3334)
    world.runs(SECOND + 5 * DAY)
    assert world.plan(plan).status is PlanStatus.LATE
    world.on_day(SECOND + 6 * DAY).runs(SECOND + 6 * DAY)
    assert world.plan(plan).status is PlanStatus.BROKEN
    assert world.post.names == ["agreed", "reminder", "due", "reminder", "due", "late", "broken"]
    assert world.post.last("late").facts["until_on"] == (SECOND + 5 * DAY).isoformat()
    assert world.post.last("broken").facts == {"left_minor": 6666}
    (news,) = [each for each in world.listener.told.values() if each.topic.value == "plan_broken"]
    assert (news.account_id, news.amount_minor) == (ACCOUNT, 6666)
    assert world.store.under_way(ACCOUNT) is None
    assert world.store.marked("", 10) == []


def test_a_plan_that_is_kept_is_completed(world: World) -> None:
    world.owes(10_000)
    world.save_card()
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(THIRD + DAY)
    kept = world.plan(plan)
    assert (kept.status, [ask.state for ask in kept.asks]) == (PlanStatus.COMPLETED, [AskState.ASKED] * 3)
    assert [payment.amount_minor for _, payment in world.wallet.intents.values()] == [3334, 3333, 3333]
    assert world.money.ledger.receivables(ACCOUNT).balance_minor == 0
    assert world.post.names == ["agreed", "reminder", "reminder", "reminder", "completed"]
    assert world.counted["PlansCompleted"] == 1
    assert world.counted["InstalmentsPaid"] == 2  # the last one ends the plan


@pytest.mark.parametrize("kind", [HoldKind.BREATHING_SPACE, HoldKind.DEBT_ADVICE])
def test_nothing_is_said_or_taken_in_a_rest_and_every_day_moves(world: World, kind: HoldKind) -> None:
    world.owes(10_000)
    world.save_card()
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST)
    said = list(world.post.names)
    world.on_day(FIRST + DAY)
    world.hold(kind, FIRST + DAY, FIRST + 60 * DAY)
    world.runs(FIRST + 60 * DAY)
    assert world.post.names == said
    assert len(world.wallet.intents) == 1
    assert world.plan(plan).status is PlanStatus.ACTIVE
    moved = SECOND + 60 * DAY  # Sunday 7 February 2027
    world.on_day(FIRST + 61 * DAY).runs(moved + DAY)
    assert world.look(plan).now.dues[1].due_on == moved + DAY
    assert len(world.wallet.intents) == 2


def test_a_late_instalment_keeps_the_rest_of_its_grace_for_after_the_hold(world: World) -> None:
    world.owes(10_000)
    plan = world.agree()
    world.runs(FIRST + 2 * DAY)
    world.on_day(FIRST + 3 * DAY).hold(HoldKind.MENTAL_HEALTH_CRISIS, FIRST + 3 * DAY)
    world.runs(FIRST + 42 * DAY)
    assert world.plan(plan).status is PlanStatus.ACTIVE
    world.on_day(FIRST + 43 * DAY).release()
    world.runs(FIRST + 45 * DAY)  # 2 days of grace were used before the hold of 40 days
    assert world.plan(plan).status is PlanStatus.LATE
    world.on_day(FIRST + 46 * DAY).runs(FIRST + 46 * DAY)
    assert world.plan(plan).status is PlanStatus.BROKEN


def test_no_plan_begins_while_the_account_rests(world: World) -> None:
    world.owes(10_000)
    quote = world.quote()
    world.hold(HoldKind.BREATHING_SPACE, MONDAY, MONDAY + 59 * DAY)
    with pytest.raises(Conflict, match="on hold") as no:
        world.agree(quote=quote)
    assert no.value.extra == {"reason": "on_hold", "holds": ["breathing_space"]}


def test_a_declined_charge_is_tried_again_in_its_grace(world: World) -> None:
    world.owes(10_000)
    world.save_card("pm_card_poor")
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST + 5 * DAY)
    asks = world.plan(plan).asks
    assert [(ask.on - FIRST, ask.attempt, ask.state) for ask in asks] == [
        (0 * DAY, 1, AskState.DECLINED), (2 * DAY, 2, AskState.DECLINED), (4 * DAY, 3, AskState.DECLINED),
    ]  # fmt: skip
    assert len({ask.payment_id for ask in asks}) == 3
    assert world.post.names == ["agreed", "reminder", "late"]
    world.on_day(FIRST + 6 * DAY).runs(FIRST + 6 * DAY)
    assert world.plan(plan).status is PlanStatus.BROKEN


def test_retries_that_were_missed_are_not_made_up_for_on_one_day(world: World) -> None:
    world.owes(10_000)
    world.save_card("pm_card_poor")
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST)
    world.on_day(FIRST + 4 * DAY).runs(FIRST + 5 * DAY)
    assert [ask.on - FIRST for ask in world.plan(plan).asks] == [0 * DAY, 4 * DAY, 5 * DAY]


def test_a_declined_instalment_is_told_to_the_customer_and_opens_no_case(world: World) -> None:
    world.owes(10_000)
    world.save_card("pm_card_poor")
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST)
    world.fails(world.money.payments.get(str(world.plan(plan).asks[0].payment_id)))
    (news,) = world.listener.told.values()
    assert (news.topic, news.fact(Fact.STARTED_BY)) == (Topic.PAYMENT_FAILED, Starter.PLAN)
    assert (rule_of(news).mail, rule_of(news).opening) == (True, None)


def test_a_run_with_nothing_to_do_costs_four_round_trips(world: World) -> None:
    world.owes(10_000)
    plan = world.agree()
    calls: list[str] = []
    assert isinstance(world.table, MemoryTable)
    seen = world.on(world.table.seen(calls.append))
    seen.collecting.run(plan.plan_id)
    assert [call for call in calls if call.startswith("before")] == ["before get"] * 2 + ["before query", "before get"]


def test_one_plan_is_under_way_at_a_time(world: World) -> None:
    world.owes(10_000)
    one, other = world.quote(), world.quote()
    world.agree(quote=one)
    with pytest.raises(Conflict, match="under way"):
        world.agree(quote=other)
    assert [look.plan.quote_id for look in world.plans.of_account(ACCOUNT, 10, None)[0]] == [one.quote_id]


def test_a_retry_that_goes_through_mends_it(world: World) -> None:
    world.owes(10_000)
    world.save_card("pm_card_poor")
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST + DAY)
    world.save_card("pm_card_visa")
    world.wallet.methods.pop("pm_card_poor")
    world.on_day(FIRST + 2 * DAY).runs(FIRST + 3 * DAY)
    assert world.look(plan).now.dues[0].state is DueState.PAID
    assert world.plan(plan).status is PlanStatus.ACTIVE


@pytest.mark.parametrize("method", ["pm_card_lost", "pm_broken"])
def test_what_no_retry_mends_becomes_a_link(world: World, method: str) -> None:
    world.owes(10_000)
    world.save_card(method)
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST)
    asks = world.plan(plan).asks
    assert [(ask.by, ask.state) for ask in asks] == [
        (PayBy.SAVED_METHOD, AskState.FAILED), (PayBy.LINK, AskState.ASKED),
    ]  # fmt: skip
    letter = world.post.last("due")
    assert letter.facts["was_tried"]
    assert str(letter.facts["url"]).startswith("https://pages.example/")
    world.on_day(FIRST + DAY).runs(FIRST + 4 * DAY)
    assert len(world.plan(plan).asks) == 2


def test_a_plan_whose_method_is_gone_sends_a_link(world: World) -> None:
    world.owes(10_000)
    world.save_card()
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.wallet.detach("pm_card_visa")
    world.runs(FIRST)
    assert [ask.by for ask in world.plan(plan).asks] == [PayBy.LINK]


def test_money_on_its_way_is_not_late(world: World) -> None:
    world.owes(10_000)
    world.save_card("pm_bank_debit")
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST + 9 * DAY, booked=False)
    assert world.plan(plan).status is PlanStatus.ACTIVE
    payment = world.money.payments.get(str(world.plan(plan).asks[0].payment_id))
    world.fails(payment)
    world.on_day(FIRST + 10 * DAY).runs(FIRST + 10 * DAY, booked=False)
    assert world.plan(plan).status is PlanStatus.BROKEN


def test_any_payment_counts_and_a_bigger_one_pays_ahead(world: World) -> None:
    world.owes(6_000, 4_000)
    world.save_card()
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.pay(5_000, "inv_1")
    world.runs(SECOND)
    charged = [p.amount_minor for _, p in world.wallet.intents.values() if p.off_session]
    assert charged == [3334 + 3333 - 5000]
    assert world.look(plan).now.position.left_minor == 3333


def test_credit_makes_the_last_instalments_smaller(world: World) -> None:
    world.owes(10_000)
    plan = world.agree()
    world.credit("inv_1", 4_000)
    now = world.look(plan).now
    assert [due.amount_minor for due in now.dues] == [3334, 2666, 0]
    assert [due.state for due in now.dues][-1] is DueState.DROPPED
    world.pay(6_000)
    world.collecting.follow(ACCOUNT)
    assert world.plan(plan).status is PlanStatus.COMPLETED


def test_what_is_disputed_waits(world: World) -> None:
    world.owes(6_000, 4_000)
    plan = world.agree()
    world.hold(HoldKind.DISPUTE, MONDAY, None, invoice_id="inv_2", amount_minor=4_000)
    assert [due.amount_minor for due in world.look(plan).now.dues] == [3334, 2666, 0]
    world.pay(6_000, "inv_1")
    world.runs(THIRD + 30 * DAY)
    assert world.plan(plan).status is PlanStatus.ACTIVE
    world.on_day(THIRD + 31 * DAY).release()
    world.runs(THIRD + 31 * DAY)
    assert world.plan(plan).asks[-1].amount_minor == 4_000


def test_days_without_a_run_break_no_plan(world: World) -> None:
    world.owes(10_000)
    plan = world.agree()
    world.on_day(FIRST + 20 * DAY).runs(FIRST + 25 * DAY)
    assert world.plan(plan).status is PlanStatus.LATE
    assert world.plan(plan).asks[0].on == FIRST + 20 * DAY
    world.on_day(FIRST + 26 * DAY).runs(FIRST + 26 * DAY)
    assert world.plan(plan).status is PlanStatus.BROKEN


def test_one_may_be_missed_when_policy_says_so(world: World) -> None:
    world.rules = world.rules.model_copy(update={"missed_allowed": 1})
    world.owes(10_000)
    plan = world.agree()
    world.runs(SECOND)
    standing = world.plan(plan)
    assert (standing.status, standing.missed) == (PlanStatus.LATE, (1,))
    assert standing.asks[-1].amount_minor == 6_667
    world.pay(6_667)
    world.on_day(SECOND + DAY).runs(THIRD + 5 * DAY)
    assert world.plan(plan).status is PlanStatus.LATE
    world.on_day(THIRD + 6 * DAY).runs(THIRD + 6 * DAY)
    assert world.plan(plan).status is PlanStatus.BROKEN


def test_a_second_run_of_a_day_does_nothing(world: World) -> None:
    world.owes(10_000)
    world.agree()
    world.on_day(FIRST)
    assert [world.daily.run() for _ in range(2)] == [1, 0]


def test_only_what_asks_for_late_money_is_a_collection_letter(world: World) -> None:
    world.owes(10_000)
    world.agree()
    world.runs(FIRST + 6 * DAY)
    purposes = {letter.name.removeprefix("plans/"): letter.purpose for letter in world.post.letters.values()}
    late = {name for name, purpose in purposes.items() if purpose is Purpose.COLLECTION}
    assert late == {"late", "broken"}
    assert {purposes[name] for name in purposes.keys() - late} == {Purpose.SERVICE}


def test_money_that_went_back_is_owed_on_the_plan_again(world: World) -> None:
    world.owes(10_000)
    plan = world.agree()
    paid = world.pay(3_334)
    assert world.look(plan).now.position.paid_minor == 3_334
    world.money.refunds.request(RefundOrder(paid.payment_id, 1_000, None), "key", ADVISOR)
    assert world.look(plan).now.position.paid_minor == 2_334
