"""Asking for money when Stripe or the link cannot say what became of it, and what else brings a plan up to date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.accounts.holds import AccountHolds, HoldKind
from chalicelib.payments.model import PaymentOrder
from chalicelib.payments.news import Fact, News, Topic
from chalicelib.plans.following import PlanFollower
from chalicelib.plans.model import AskState, PayBy, PlanStatus
from chalicelib.plans.resting import Rest
from chalicelib.platform.errors import Conflict, Unavailable
from chalicelib.platform.money import Money
from tests.payments.wallet import FakeWallet
from tests.plans.world import ACCOUNT, ADVISOR, MONDAY, World

FIRST = date(2026, 11, 9)
DAY = timedelta(days=1)


class Silent(FakeWallet):
    """Takes no charges for a while, and says nothing."""

    silent = True

    def create_intent(self, *asked: Any, **how: Any) -> Any:
        if self.silent:
            raise Unavailable("no answer")
        return super().create_intent(*asked, **how)


def test_what_stripe_never_answered_is_not_charged_a_day_later() -> None:
    wallet = Silent()
    world = World(wallet=wallet)
    world.owes(10_000)
    world.save_card()
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.on_day(FIRST)
    with pytest.raises(Unavailable):
        world.daily.run()
    ask = world.plan(plan).open_ask
    assert ask is not None
    wallet.silent = False
    world.on_day(FIRST + DAY).runs(FIRST + 5 * DAY)
    assert not wallet.intents
    assert [each.state for each in world.plan(plan).asks] == [AskState.ASKED]
    assert world.post.names == ["agreed", "late"]


def test_a_bank_that_may_have_been_asked_is_not_asked_again_in_a_breathing_space() -> None:
    wallet = Silent()
    world = World(wallet=wallet)
    world.owes(10_000)
    world.save_card()
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.on_day(FIRST)
    with pytest.raises(Unavailable):
        world.daily.run()
    wallet.silent = False
    world.hold(HoldKind.BREATHING_SPACE, FIRST, FIRST + 9 * DAY)
    world.runs(FIRST + 10 * DAY)
    assert not wallet.intents
    assert ([each.state for each in world.plan(plan).asks], world.post.names) == ([AskState.ASKED], ["agreed", "late"])


def test_the_same_hour_it_is_gone_on_with() -> None:
    wallet = Silent()
    world = World(wallet=wallet)
    world.owes(10_000)
    world.save_card()
    world.agree(pay_by=PayBy.SAVED_METHOD)
    world.on_day(FIRST)
    with pytest.raises(Unavailable):
        world.daily.run()
    wallet.silent = False
    world.daily.run()
    assert [payment.amount_minor for _, payment in wallet.intents.values()] == [3_334]


def test_a_page_that_stripe_refuses_leaves_the_other_ways_to_pay() -> None:
    world = World()
    world.owes(10_000)
    world.rules = world.rules.model_copy(update={"min_instalment_minor": 100, "least_charge_minor": 1})
    plan = world.agree()
    world.pay(3_334 - 20)  # less than any card takes
    world.runs(FIRST)
    letter = world.post.last("due")
    assert (letter.facts["amount_minor"], "url" in letter.facts) == (20, False)
    assert world.plan(plan).asks[0].payment_id is None


def test_pennies_that_no_card_takes_break_no_plan() -> None:
    world = World()
    world.owes(10_000)
    plan = world.agree()
    world.pay(10_000 - 49)
    world.runs(FIRST)
    assert world.plan(plan).status is PlanStatus.COMPLETED


def test_money_and_holds_bring_a_plan_up_to_date() -> None:
    world = World()
    world.owes(10_000)
    plan = world.agree()
    follower = PlanFollower(world.collecting.follow)
    world.hold(HoldKind.BREATHING_SPACE, MONDAY, MONDAY + DAY)
    follower.changed(AccountHolds(account_id=ACCOUNT))
    assert world.plan(plan).rests == (Rest(from_on=MONDAY, until_on=MONDAY),)
    world.release()
    world.on_day(MONDAY + DAY).pay(10_000)
    at = world.clock()
    follower.tell(News(topic=Topic.PAY_LINK, object_id="pay_1", at=at, account_id=ACCOUNT, facts={Fact.URL: "x"}))
    assert world.plan(plan).status is PlanStatus.ACTIVE
    follower.tell(News(topic=Topic.PAYMENT_SUCCEEDED, object_id="pay_1", at=at, account_id=ACCOUNT))
    follower.tell(News(topic=Topic.PAYMENT_SUCCEEDED, object_id="pay_1", at=at, account_id=ACCOUNT))
    assert world.plan(plan).status is PlanStatus.COMPLETED
    assert world.post.names == ["agreed", "completed"]


def test_a_plan_that_is_paid_in_a_rest_ends_without_a_word() -> None:
    world = World()
    world.owes(10_000)
    plan = world.agree()
    world.hold(HoldKind.BREATHING_SPACE, MONDAY, MONDAY + 59 * DAY)
    world.pay(10_000)
    world.runs(MONDAY)
    assert (world.plan(plan).status, world.post.names) == (PlanStatus.COMPLETED, ["agreed"])


def test_nothing_is_settled_while_an_instalment_is_on_its_way() -> None:
    world = World()
    world.owes(10_000)
    world.save_card("pm_bank_debit")
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST, booked=False)
    with pytest.raises(Conflict, match="on its way"):
        world.settling.settle(world.plan(plan), PayBy.LINK, None, "key", ADVISOR, alone=True)


def test_what_is_paid_by_a_bank_debit_of_the_customers_own_is_not_taken_again() -> None:
    """Its money comes days later: nothing is charged meanwhile, nobody is told that it is late, nothing is broken."""
    world = World()
    world.owes(10_000)
    world.save_card()
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST - DAY)
    order = PaymentOrder(ACCOUNT, Money(amount_minor=3_334, currency="GBP"), (), "pm_bank_debit")
    debit = world.money.payments.take(order, "own", ADVISOR).payment
    world.on_day(FIRST).runs(FIRST + 8 * DAY, booked=False)
    assert ([each.amount_minor for _, each in world.wallet.intents.values()], world.post.names) == (
        [3_334], ["agreed", "reminder"],
    )  # fmt: skip
    assert world.plan(plan).status is PlanStatus.ACTIVE
    world.fails(debit)
    world.on_day(FIRST + 9 * DAY).runs(FIRST + 9 * DAY)
    assert len(world.wallet.intents) == 2


def test_a_part_of_it_on_its_way_keeps_nothing_waiting() -> None:
    world = World()
    world.owes(10_000)
    world.save_card()
    world.agree(pay_by=PayBy.SAVED_METHOD)
    order = PaymentOrder(ACCOUNT, Money(amount_minor=1_000, currency="GBP"), (), "pm_bank_debit")
    world.money.payments.take(order, "own", ADVISOR)
    world.on_day(FIRST).runs(FIRST, booked=False)
    assert [each.amount_minor for _, each in world.wallet.intents.values()] == [1_000, 3_334]


def test_a_plan_is_settled_once_while_the_money_is_on_its_way() -> None:
    world = World()
    world.owes(10_000)
    world.save_card("pm_bank_debit")
    plan = world.agree(pay_by=PayBy.SAVED_METHOD)

    def settles(key: str) -> str:
        return world.settling.settle(plan, PayBy.SAVED_METHOD, None, key, ADVISOR, alone=True).payment.payment_id

    assert settles("one") == settles("one")
    with pytest.raises(Conflict, match="on its way"):
        settles("two")
    world.runs(FIRST, booked=False)
    assert [each.amount_minor for _, each in world.wallet.intents.values()] == [10_000]
