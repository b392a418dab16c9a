"""A letter about a late instalment says what is owed when it leaves, not when it was written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts.letters import Letter
from chalicelib.plans.asked import AskedNow
from chalicelib.plans.model import PayBy
from tests.plans.test_collecting import FIRST
from tests.plans.world import World

DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    world = World()
    world.owes(10_000)
    world.agree(pay_by=PayBy.LINK)
    return world


def asked(world: World, letter: Letter) -> Letter | None:
    return AskedNow(world.store, world.looks, lambda: world.today).as_of_now(letter)


def test_what_was_paid_over_the_weekend_is_not_asked_for(world: World) -> None:
    late = world.runs(FIRST + 3 * DAY).post.last("late")
    owed = late.facts["amount_minor"]
    assert asked(world, late) == late
    assert isinstance(owed, int)
    world.pay(owed - 100)
    world.books_all()
    found = asked(world, late)
    assert found is not None
    assert found.facts["amount_minor"] == 100
    world.pay(100)
    world.books_all()
    assert asked(world, late) is None


def test_the_letter_that_a_plan_ended_says_what_is_left_now(world: World) -> None:
    broken = world.runs(FIRST + 30 * DAY).post.last("broken")
    world.pay(1_000)
    world.books_all()
    found = asked(world, broken)
    assert found is not None
    assert found.facts["left_minor"] == 9_000
    world.pay(9_000)
    world.books_all()
    assert asked(world, broken) is None


def test_other_letters_stay_as_they_are(world: World) -> None:
    agreed = world.post.last("agreed")
    assert asked(world, agreed) is agreed
