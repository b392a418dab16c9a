"""Bills that Stripe collects: it waits while a hold wants silence, and goes on afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.accounts.holds import HoldKind
from chalicelib.platform.errors import Unavailable
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


def test_a_bill_that_was_on_a_plan_is_never_collected_by_stripe_again(late: LateDesk) -> None:
    hold_id = late.hold(K.BEREAVEMENT)
    late.shields.covered = {"inv_in_old": 6000}
    late.day()
    late.shields.covered, late.shields.ever = {}, {"inv_in_old"}
    late.day()
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    late.day(2)
    assert late.stripe.waiting == {"in_old"}


def test_a_plan_that_came_and_went_between_two_visits_counts_too(late: LateDesk) -> None:
    hold_id = late.hold(K.BEREAVEMENT)
    late.shields.ever = {"inv_in_old"}
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    assert late.stripe.waiting == {"in_old"}


def test_a_plan_that_is_agreed_to_while_stripe_is_told_to_go_on_wins(late: LateDesk) -> None:
    hold_id = late.hold(K.BEREAVEMENT)

    def agree(wanted: bool) -> None:
        late.shields.covered = {"inv_in_old": 6000} if wanted else late.shields.covered

    late.stripe.told = agree
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    assert late.stripe.waiting == {"in_old"}


def test_what_was_paid_at_the_desk_meanwhile_is_not_taken_twice(late: LateDesk) -> None:
    hold_id = late.hold(K.BEREAVEMENT)
    late.stripe.remaining["in_old"] = 9000  # the desk took 30.00 of it, and Stripe did not hear of it
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    assert late.stripe.waiting == {"in_old"}


def test_what_waited_before_the_hold_waits_after_it(late: LateDesk) -> None:
    late.stripe.waiting = {"in_old"}
    hold_id = late.hold(K.BEREAVEMENT)
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    assert (late.stripe.waiting, late.stripe.calls) == ({"in_old"}, 0)


def test_a_run_that_broke_off_after_telling_stripe_still_has_it_go_on(late: LateDesk) -> None:
    def end(_: bool) -> None:
        late.stripe.told = lambda _: None
        raise Unavailable("The run broke off.")

    late.stripe.told = end
    with pytest.raises(Unavailable):
        late.hold(K.BEREAVEMENT)
    hold_id = late.hold(K.BEREAVEMENT)
    assert late.stripe.waiting == {"in_old"}
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    assert late.stripe.waiting == set()


def test_a_hold_placed_while_a_run_has_stripe_go_on_wins(late: LateDesk) -> None:
    late.hold(K.BEREAVEMENT, until_on=late.today())
    late.clock.tick(86_400)

    def place(wanted: bool) -> None:
        late.stripe.told = lambda _: None
        late.hold(K.INSOLVENCY)

    late.stripe.told = place
    late.collections.run()
    assert late.stripe.waiting == {"in_old"}
