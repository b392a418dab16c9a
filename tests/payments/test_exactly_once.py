"""Stripe's events are booked exactly once, whatever is repeated, reordered, interleaved or broken off."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from chalicelib import wiring
from chalicelib.payments.handling import StripeEvents
from chalicelib.payments.model import PaymentOrder, PaymentStatus
from chalicelib.payments.rows import ATTEMPTS
from chalicelib.payments.service import Payments
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.money import Money
from tests.harness import Meter
from tests.payments.books import balance_minor, marker, of_account
from tests.payments.conftest import ADVISOR, Take
from tests.payments.fakes import an_event
from tests.payments.money_desk import MoneyDesk
from tests.tables import Between, Crash, Crowded, Fragile, Lagging

S = PaymentStatus


def test_an_event_five_times_is_one_booking(events: StripeEvents, take: Take, counted: Counter[str]) -> None:
    body = an_event(take(4000))
    for _ in range(5):
        events.apply(body)
    assert balance_minor() == 2600
    assert counted == {"PaymentsSucceeded": 1}


def test_two_events_of_one_success_are_one_booking(events: StripeEvents, take: Take) -> None:
    payment = take(4000)
    for event_id in ("evt_1", "evt_2"):
        events.apply(an_event(payment, event_id=event_id))
    assert balance_minor() == 2600
    known = marker("evt_2")
    assert known is not None
    assert known["outcome"] == "older"


@pytest.mark.parametrize("calls", range(1, 9))
@pytest.mark.parametrize("rival_event", ["evt_1", "evt_2"])
def test_a_repeat_that_comes_between_any_two_calls_is_one_booking(
    take: Take, events: StripeEvents, money: MoneyDesk, calls: int, rival_event: str
) -> None:
    payment = take(4000)
    between = Between(wiring.table(), calls, lambda: events.apply(an_event(payment, event_id=rival_event)))
    money.on(between).events.apply(an_event(payment))
    assert balance_minor() == 2600


@pytest.mark.parametrize("calls", range(1, 9))
def test_another_payment_that_comes_between_any_two_calls_counts_too(
    payments: Payments, take: Take, events: StripeEvents, money: MoneyDesk, calls: int
) -> None:
    mine, theirs = take(4000), take(1000, key="two")
    between = Between(wiring.table(), calls, lambda: events.apply(an_event(theirs, event_id="evt_2")))
    money.on(between).events.apply(an_event(mine))
    assert balance_minor() == 1600
    assert [payments.get(each.payment_id).status for each in (mine, theirs)] == [S.SUCCEEDED, S.SUCCEEDED]


@pytest.mark.parametrize("calls", range(1, 9))
def test_a_second_intent_that_is_paid_at_the_same_moment_is_money_of_its_own(
    take: Take, events: StripeEvents, money: MoneyDesk, calls: int
) -> None:
    payment = take(4000)
    second = an_event(payment, event_id="evt_2", id="pi_second", customer="cus_acc_1")
    between = Between(wiring.table(), calls, lambda: events.apply(second))
    money.on(between).events.apply(an_event(payment, customer="cus_acc_1"))
    assert balance_minor() == 6600 - 8000


LIFE = (
    ("payment_intent.processing", 100),
    ("payment_intent.payment_failed", 101),
    ("payment_intent.processing", 102),
    ("payment_intent.succeeded", 103),
)


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_repeated_and_broken_off_events_end_as_one_ordered_delivery(
    payments: Payments, take: Take, money: MoneyDesk, seed: int
) -> None:
    chance = random.Random(seed)
    taken = [take(amount, key=f"key {amount}") for amount in (500, 2800, 4100)]
    bodies = [
        an_event(payment, kind, f"evt_{i}_{at}", at + 10 * i)
        for i, payment in enumerate(taken)
        for kind, at in LIFE
        for _ in range(chance.randint(1, 3))
    ]
    chance.shuffle(bodies)
    while bodies:
        fragile = Fragile(wiring.table(), chance.randint(1, 12), after=chance.random() < 0.5)
        body = bodies.pop()
        try:
            money.on(fragile).events.apply(body)
        except Crash:
            bodies.insert(0, body)
    assert {payments.get(payment.payment_id).status for payment in taken} == {S.SUCCEEDED}
    assert balance_minor() == 6600 - 7400


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", range(1, 9))
def test_a_crash_at_any_call_loses_and_doubles_nothing(
    take: Take, events: StripeEvents, money: MoneyDesk, calls: int, after: bool
) -> None:
    body = an_event(take(4000))
    fragile = Fragile(wiring.table(), calls, after=after)
    with pytest.raises(Crash):
        money.on(fragile).events.apply(body)
    events.apply(body)
    assert balance_minor() == 2600


def test_a_replica_that_lags_behind_hides_no_payment(money: MoneyDesk) -> None:
    lagging = money.on(Lagging(money.table))
    order = PaymentOrder("acc_1", Money(amount_minor=4000, currency="GBP"), (), "pm_card_visa")
    first, again = (lagging.payments.take(order, "one", ADVISOR).payment for _ in range(2))
    assert again == first
    for event_id in ("evt_1", "evt_2"):
        lagging.events.apply(an_event(first, event_id=event_id))
    assert money.payments.get(first.payment_id).status is S.SUCCEEDED
    assert balance_minor() == 2600
    assert len(of_account("P#")) == 1


def test_a_busy_account_is_tried_again_and_in_the_end_given_back(take: Take, money: MoneyDesk) -> None:
    body = an_event(take(4000))
    with pytest.raises(Unavailable):
        money.on(Crowded(wiring.table(), ATTEMPTS)).events.apply(body)
    assert balance_minor() == 6600
    money.on(Crowded(wiring.table(), ATTEMPTS - 1)).events.apply(body)
    assert balance_minor() == 2600


def test_costs(events: StripeEvents, take: Take, meter: Meter) -> None:
    payment, second = take(3300), take(500, key="two")
    meter.calls.clear()
    meter.write_units = 0
    events.apply(an_event(payment))
    # payment and ledger entry, two units each in one transaction; the marker is the fifth
    assert (meter.calls[-2:], meter.write_units) == (["TransactWriteItems", "PutItem"], 5)
    assert meter.calls[:-2] == ["GetItem", *["GetItem"] * 4, "Query"]
    meter.calls.clear()
    events.apply(an_event(payment))
    assert meter.calls == ["GetItem"]
    meter.calls.clear()
    meter.write_units = 0
    events.apply(an_event(second, "payment_intent.processing", "evt_2"))
    assert (meter.calls[-2:], meter.write_units) == (["UpdateItem", "PutItem"], 2)
