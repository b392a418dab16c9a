"""A process that ends anywhere, and one that goes on: nothing is asked for or said twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.accounts.holds import HoldKind
from chalicelib.plans.model import PayBy
from chalicelib.plans.store import UNDER_WAY
from chalicelib.platform.dynamo import Put
from chalicelib.platform.errors import Unavailable
from tests.memory_table import MemoryTable
from tests.plans.test_collecting import FIRST, SECOND
from tests.plans.world import ACCOUNT, World

DAY = timedelta(days=1)


class Ended(BaseException):
    """The process is gone."""


def ends_after(calls: int) -> Callable[[str], None]:
    left = [calls]

    def step(_: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Ended

    return step


def a_world(pay_by: PayBy, until: date, *, card: str = "pm_card_visa", paid: int = 0) -> World:
    world = World()
    world.owes(10_000, stripe=True)
    world.save_card(card)
    world.agree(pay_by=pay_by)
    world.runs(until)
    if paid:
        world.pay(paid)
    return world.on_day(until + DAY)


def what_is(world: World) -> Any:
    assert isinstance(world.table, MemoryTable)
    plans = [
        {name: value for name, value in item.items() if name != "version"}
        for pk, part in world.table.items.items()
        for item in part.values()
        if pk.startswith("PLAN#")
    ]
    charges = [(p.amount_minor, p.invoice_ids) for _, p in world.wallet.intents.values()]
    pages = len(world.wallet.pay_pages)
    return plans, charges, pages, sorted(world.post.letters), sorted(world.listener.told), world.stopped


SCENES: dict[str, Callable[[], World]] = {
    "a reminder": lambda: a_world(PayBy.LINK, FIRST - 4 * DAY),
    "a charge": lambda: a_world(PayBy.SAVED_METHOD, FIRST - DAY),
    "a decline": lambda: a_world(PayBy.SAVED_METHOD, FIRST - DAY, card="pm_card_poor"),
    "a charge that becomes a link": lambda: a_world(PayBy.SAVED_METHOD, FIRST - DAY, card="pm_card_lost"),
    "a link": lambda: a_world(PayBy.LINK, FIRST - DAY),
    "a warning": lambda: a_world(PayBy.LINK, FIRST),
    "a broken plan": lambda: a_world(PayBy.LINK, FIRST + 5 * DAY),
    "a plan that is paid": lambda: a_world(PayBy.LINK, SECOND, paid=10_000),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_run_that_ends_anywhere_is_gone_on_with(scene: str) -> None:
    whole = SCENES[scene]()
    whole.daily.run()
    expected = what_is(whole)
    for calls in range(200):
        world = SCENES[scene]()
        assert isinstance(world.table, MemoryTable)
        try:
            world.on(world.table.seen(ends_after(calls))).daily.run()
        except Ended:
            world.daily.run()
            assert what_is(world) == expected, f"ended at call {calls}"
        else:
            break
    else:
        raise AssertionError("the run never came to its end")
    assert calls > 5


@pytest.mark.parametrize("scene", SCENES)
def test_two_runs_at_the_same_time_are_one(scene: str) -> None:
    whole = SCENES[scene]()
    whole.daily.run()
    expected = what_is(whole)
    for place in range(1, 60, 3):
        world = SCENES[scene]()
        assert isinstance(world.table, MemoryTable)
        calls: list[str] = []

        def runs_too(step: str, calls: list[str] = calls, world: World = world, place: int = place) -> None:
            calls.append(step)
            if len(calls) == place:
                world.daily.run()

        world.on(world.table.seen(runs_too)).daily.run()
        assert what_is(world) == expected, place


def test_stripe_that_does_not_answer_keeps_the_instalment_for_later() -> None:
    world = a_world(PayBy.SAVED_METHOD, FIRST - DAY)
    world.wallet.down = 2
    with pytest.raises(Unavailable):
        world.daily.run()
    assert world.failed == world.store.marked("", 10)
    world.wallet.down = 0
    assert world.daily.run() == 1
    assert [p.amount_minor for _, p in world.wallet.intents.values()] == [3334]


def test_a_plan_that_fails_keeps_no_other_waiting() -> None:
    world = a_world(PayBy.LINK, FIRST - DAY)
    (first,) = world.store.marked("", 10)
    world.table.write(Put({"pk": UNDER_WAY, "sk": "plan_zzz", "kind": "plan_marker"}))
    done: list[str] = []

    class Runs:
        def run(self, plan_id: str) -> None:
            done.append(plan_id)
            if done == [first]:
                raise Unavailable("busy")

    daily = replace(world.daily, collecting=Runs())
    with pytest.raises(Unavailable):
        daily.run()
    assert (done, world.failed) == ([first, "plan_zzz"], [first])
    assert daily.run() == 2
    assert daily.run() == 0


def test_a_payment_of_this_moment_is_not_asked_for_again() -> None:
    for place in range(2, 80, 2):
        world = a_world(PayBy.SAVED_METHOD, FIRST - DAY)
        assert isinstance(world.table, MemoryTable)
        between = Between(world, place)
        world.on(world.table.seen(between)).daily.run()
        if not between.paid:
            break
        asked = [payment for _, payment in world.wallet.intents.values() if payment.off_session]
        assert len(asked) <= between.noted, place
    assert place > 20


class Between:
    """Pays the instalment before the n-th call; remembers whether the ask had been noted by then."""

    def __init__(self, world: World, place: int) -> None:
        self.world, self.place, self.calls, self.paid, self.noted = world, place, 0, False, False

    def __call__(self, _: str) -> None:
        self.calls += 1
        if self.calls == self.place:
            summary = self.world.store.under_way(ACCOUNT)
            plan = summary and self.world.store.find(summary.plan_id)
            self.noted = bool(plan and plan.asks)
            self.paid = True
            self.world.pay(3_334)


def left_noted(card: str = "pm_card_visa") -> World:
    """An instalment whose charge was noted; the process ended before anything was asked for."""
    world = a_world(PayBy.SAVED_METHOD, FIRST - DAY, card=card)
    table = world.table
    assert isinstance(table, MemoryTable)

    def step(_: str) -> None:
        summary = world.store.under_way(ACCOUNT)
        plan = summary and world.store.find(summary.plan_id)
        if plan and plan.asks:
            raise Ended

    with pytest.raises(Ended):
        world.on(table.seen(step)).daily.run()
    assert not world.wallet.intents
    return world


def test_what_was_noted_is_not_charged_in_a_breathing_space_that_came_since() -> None:
    world = left_noted()
    world.hold(HoldKind.BREATHING_SPACE, FIRST, FIRST + 59 * DAY)
    world.on_day(FIRST + DAY).runs(FIRST + 59 * DAY)
    assert (list(world.wallet.intents), world.post.names[-1]) == ([], "reminder")
    world.on_day(FIRST + 60 * DAY).runs(FIRST + 64 * DAY)
    assert [payment.amount_minor for _, payment in world.wallet.intents.values()] == [3334]


def test_what_was_noted_is_not_charged_when_it_was_paid_since() -> None:
    world = left_noted()
    world.pay(3_334)
    world.on_day(FIRST + DAY).runs(FIRST + 5 * DAY)
    assert [payment.off_session for _, payment in world.wallet.intents.values()] == [False]
