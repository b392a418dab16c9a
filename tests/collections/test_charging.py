"""Bills that Stripe collects: it waits while a hold wants silence, and goes on afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.accounts.holds import HoldKind
from tests.collections.late_desk import ACTOR, LateDesk

K = HoldKind


@pytest.fixture
def late() -> LateDesk:
    desk = LateDesk()
    desk.account()
    desk.bill("inv_in_old")
    desk.bill("inv_desk")
    return desk


@pytest.mark.parametrize(
    ("kind", "waiting"),
    [
        (K.BREATHING_SPACE, {"in_old"}),
        (K.BEREAVEMENT, {"in_old"}),
        (K.VULNERABILITY, set()),
        (K.DEBT_ADVICE, set()),
    ],
)
def test_stripe_waits_at_once_and_is_told_once(late: LateDesk, kind: HoldKind, waiting: set[str]) -> None:
    late.hold(kind)
    late.hold(kind)
    assert (late.stripe.waiting, late.stripe.calls) == (waiting, len(waiting))
    late.day(3)
    assert late.stripe.calls == len(waiting)


def test_stripe_goes_on_when_the_hold_is_released_or_over(late: LateDesk) -> None:
    hold_id = late.hold(K.BREATHING_SPACE)
    late.holds.release("acc_1", hold_id, "not ours", ACTOR)
    assert late.stripe.waiting == set()
    late.hold(K.BEREAVEMENT, until_on=late.today() + timedelta(days=3))
    assert late.stripe.waiting == {"in_old"}
    late.day(5)
    assert late.stripe.waiting == set()


def test_in_a_breathing_space_new_bills_go_on_and_after_a_death_they_wait_too(late: LateDesk) -> None:
    late.hold(K.BREATHING_SPACE)
    late.bill("inv_in_new", due_on=late.today() + timedelta(days=20))
    late.day(25)
    assert late.stripe.waiting == {"in_old"}
    late.hold(K.BEREAVEMENT)
    assert late.stripe.waiting == {"in_old", "in_new"}


def test_what_is_on_a_plan_is_the_plans_to_say(late: LateDesk) -> None:
    late.shields.covered = {"inv_in_old": 6000}
    late.hold(K.BEREAVEMENT)
    assert late.stripe.calls == 0


def test_a_bill_that_is_over_at_stripe_stops_nothing(late: LateDesk) -> None:
    late.stripe.gone = {"in_old"}
    late.hold(K.BEREAVEMENT)
    assert late.stripe.waiting == set()
    assert [hold.kind for hold in late.holds.of("acc_1").on(date(2026, 11, 3))] == [K.BEREAVEMENT]
