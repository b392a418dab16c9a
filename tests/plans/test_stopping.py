"""Bills that Stripe collects: it is told to leave them alone while they are on a plan, and what it does then."""

from __future__ import annotations

from datetime import date

from chalicelib.payments.news import Topic
from chalicelib.plans.model import PayBy
from chalicelib.plans.shield import PlanShield
from chalicelib.platform.errors import Refused, Unavailable
from tests.plans.world import ACCOUNT, ADVISOR, World

FIRST = date(2026, 11, 9)


def test_stripe_is_told_with_the_agreement() -> None:
    world = World()
    world.owes(6_000, 4_000, stripe=True)
    plan = world.agree()
    assert world.stopped == ["in_1", "in_2"]
    assert world.plan(plan).stopped == ("inv_in_1", "inv_in_2")
    world.runs(FIRST)
    assert world.stopped == ["in_1", "in_2"]


def test_bills_of_our_own_are_nothing_to_stripe() -> None:
    world = World()
    world.owes(10_000)
    world.agree()
    assert world.stopped == []


def test_a_stripe_that_is_down_is_told_by_the_next_run() -> None:
    class Down(World):
        down = True

        def collect_by_itself(self, stripe_id: str, *, wanted: bool) -> None:
            if self.down:
                raise Unavailable("Stripe is down")
            super().collect_by_itself(stripe_id, wanted=wanted)

    world = Down()
    world.owes(10_000, stripe=True)
    plan = world.agree()
    assert (world.plan(plan).stopped, world.counted["PlanBillsNotStopped"]) == ((), 1)
    world.down = False
    world.daily.run()
    assert world.plan(plan).stopped == ("inv_in_1",)


def test_finance_hears_when_stripe_refuses() -> None:
    class Refusing(World):
        def collect_by_itself(self, stripe_id: str, *, wanted: bool) -> None:
            raise Refused("no")

    world = Refusing()
    world.owes(10_000, stripe=True)
    world.agree(pay_by=PayBy.LINK)
    (news,) = world.listener.told.values()
    assert (news.topic, news.object_id) == (Topic.RECONCILIATION_DIFFERENCE, "inv_in_1")


def test_what_was_on_any_plan_is_known_for_good(world: World) -> None:
    world.owes(6_000, 3_000)
    assert PlanShield(world.store).ever_shielded(ACCOUNT) == frozenset()
    plan = world.agree()
    world.plans.cancel(plan.plan_id, "changed their mind", ADVISOR)
    shield = PlanShield(world.store)
    assert (shield.shielded(ACCOUNT), shield.ever_shielded(ACCOUNT)) == ({}, frozenset(plan.invoice_ids))
