"""What is offered, to whom, and what a household can afford."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from chalicelib.approvals.model import ApprovalRequired
from chalicelib.plans.advice import Help, signposts
from chalicelib.plans.affordability import Budget, assess
from chalicelib.plans.model import PayBy, PlanStatus
from chalicelib.plans.policy import PlanRules
from chalicelib.plans.quote import Objection, Wish, best, choices, first_day, objections
from chalicelib.plans.schedule import Frequency
from chalicelib.platform.workdays import working_days
from tests.memory_table import MemoryTable
from tests.plans.world import ADVISOR, MONDAY, World

RULES = PlanRules()
ENGLAND = working_days("GB-ENG")


def a_budget(income: int = 200_000, essentials: int = 150_000, debts: int = 10_000, size: int = 1) -> Budget:
    return Budget(income_minor=income, essentials_minor=essentials, other_debts_minor=debts, household_size=size)


@pytest.mark.parametrize(
    ("budget", "left", "affordable", "help_"),
    [
        (a_budget(), 40_000, 20_000, ()),
        (a_budget(180_000), 20_000, 10_000, (Help.SOCIAL_TARIFF,)),
        (a_budget(240_000, size=2), 80_000, 40_000, (Help.SOCIAL_TARIFF,)),
        (a_budget(160_900), 900, 450, (Help.HARDSHIP_FUND, Help.SOCIAL_TARIFF)),
        (a_budget(150_000), -10_000, 0, (Help.DEBT_ADVICE, Help.HARDSHIP_FUND, Help.SOCIAL_TARIFF)),
    ],
)
def test_a_plan_takes_no_more_than_half_of_what_is_left(
    budget: Budget, left: int, affordable: int, help_: tuple[Help, ...]
) -> None:
    found = assess(budget, RULES)
    assert (found.disposable_minor, found.affordable_minor) == (left, affordable)
    assert set(found.help) == set(help_)


def test_bills_that_are_due_before_payday_may_move() -> None:
    budget = a_budget().model_copy(update={"payday": 28})
    assert assess(budget, RULES, (date(2026, 11, 14),)).help == (Help.DUE_DAY_CHANGE,)
    assert assess(budget, RULES, (date(2026, 11, 30),)).help == ()


def test_advice_is_known_by_country() -> None:
    assert [each.name for each in signposts("IE")] == ["MABS"]
    assert signposts("XX") == ()


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        (Wish(), date(2026, 11, 9)),
        (Wish(due_day=31), date(2026, 11, 30)),
        (Wish(due_day=9), date(2026, 11, 9)),
        (Wish(due_day=8), date(2026, 12, 8)),
        (Wish(first_on=MONDAY), MONDAY),
        (Wish(first_on=date(2026, 11, 30), due_day=31), date(2026, 11, 30)),
    ],
)
def test_the_first_day(wish: Wish, first: date) -> None:
    assert first_day(wish, MONDAY, RULES) == first


def test_a_choice_is_never_below_the_smallest_instalment_nor_beyond_the_longest() -> None:
    offered = choices(5_000, Wish(), MONDAY, RULES, ENGLAND)
    assert [each.choice for each in offered] == ["monthly-2", "monthly-3", "monthly-4", "monthly-6", "monthly-9"]
    weekly = choices(1_000_000, Wish(Frequency.WEEKLY), MONDAY, RULES, ENGLAND)
    assert [(each.choice, each.months) for each in weekly] == [
        ("weekly-4", 1), ("weekly-8", 2), ("weekly-12", 3), ("weekly-26", 6), ("weekly-52", 12),
    ]  # fmt: skip
    assert choices(900, Wish(), MONDAY, RULES, ENGLAND) == ()


def test_policy_can_ask_for_a_deposit() -> None:
    rules = RULES.model_copy(update={"min_deposit_bp": 2_500})
    (made,) = choices(10_000, Wish(count=4), MONDAY, rules, ENGLAND)
    assert [each.amount_minor for each in made.instalments] == [2_500, 2_500, 2_500, 2_500]
    (more,) = choices(10_000, Wish(count=4, deposit_minor=4_000), MONDAY, rules, ENGLAND)
    assert [each.amount_minor for each in more.instalments] == [4_000, 2_000, 2_000, 2_000]


def test_the_shortest_affordable_one_is_recommended() -> None:
    found = assess(a_budget(166_000), RULES)
    offered = choices(10_000, Wish(), MONDAY, RULES, ENGLAND, found)
    assert [each.is_affordable for each in offered][:4] == [False, False, True, True]
    recommended = best(offered)
    assert recommended is not None
    assert recommended.choice == "monthly-4"
    poor = choices(10_000, Wish(), MONDAY, RULES, ENGLAND, assess(a_budget(1), RULES))
    assert best(poor) is None


def test_who_broke_a_plan_lately_needs_a_second_person_for_the_next() -> None:
    world = World()
    world.owes(10_000)
    plan = world.agree()
    world.runs(date(2026, 11, 15))
    broken = world.plan(plan)
    assert broken.status is PlanStatus.BROKEN
    quote, today = world.quote(), world.today
    (choice, *_) = quote.choices
    assert objections(quote, choice, RULES, [broken], today, by_staff=True) == (Objection.BROKE_ONE_LATELY,)
    later = date(2027, 6, 1)
    assert objections(quote, choice, RULES, [broken], later, by_staff=False) == ()


def test_to_end_a_plan_and_begin_anew_is_to_renegotiate_it() -> None:
    world = World()
    world.owes(10_000)
    for _ in range(2):
        world.plans.cancel(world.agree().plan_id, "changed their mind", ADVISOR)
    with pytest.raises(ApprovalRequired) as refused:
        world.agree()
    assert refused.value.extra["objections"] == ["renegotiated_before"]
    world.pay(10_000)
    world.bill("inv_new", 10_000)
    assert world.agree().is_under_way


def test_what_each_choice_of_a_quote_needs_is_read_once() -> None:
    world = World()
    world.owes(100_000)
    assert isinstance(world.table, MemoryTable)
    quote, calls = world.quote(), list[str]()
    assert len(quote.choices) > 5
    world.on(world.table.seen(calls.append)).plans.objections(quote, by_staff=False)
    assert calls == ["before query", "after query"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer_max_months": 18}, {"staff_max_months": 48}, {"retry_after_days": (4, 2)}, {"retry_after_days": (0,)},
        {"working_days_of": "Atlantis"}, {"resting_holds": ("holiday",)},
    ],
)  # fmt: skip
def test_a_policy_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PlanRules.model_validate(wrong)


def test_a_plan_keeps_the_terms_it_was_agreed_under() -> None:
    world = World()
    world.owes(10_000)
    plan = world.agree(pay_by=PayBy.LINK)
    world.rules = RULES.model_copy(update={"grace_days": 20})
    assert world.plan(plan).terms.grace_days == 5
