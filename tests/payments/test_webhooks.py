"""Stripe's events on the table: booked exactly once, whatever is repeated, reordered, concurrent or broken off."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.payments.events import Unreadable
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.service import Payments
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.webhooks import ATTEMPTS, StripeEvents
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Key
from chalicelib.platform.errors import Unavailable
from tests.billing.builders import open_account
from tests.fakes import CountingIds, FixedClock
from tests.harness import Meter
from tests.payments.conftest import Take
from tests.payments.fakes import a_decline, an_event
from tests.tables import Between, Crash, Crowded, Fragile

S = PaymentStatus


def of_account(prefix: str) -> list[Item]:
    return wiring.table().query(Key("pk").eq("A#acc_1") & Key("sk").begins_with(prefix)).items


def balance_minor() -> int:
    """The balance, after checking that it is the sum of the ledger and the open invoices less credit."""
    owed = wiring.invoices().receivables("acc_1")
    invoices, _ = wiring.invoices().of_account("acc_1", 100, None)
    assert owed.balance_minor == sum(int(entry["amount_minor"]) for entry in of_account("L#"))
    assert {each.invoice_id: each.due_minor for each in owed.open_invoices} == {
        each.invoice_id: each.due_minor for each in invoices if each.due_minor
    }
    return owed.balance_minor


def marker(event_id: str) -> Item | None:
    return wiring.table().get(f"W#stripe#{event_id}", "#")


def test_a_payment_that_succeeds_pays_the_oldest_invoice_first(
    payments: Payments, events: StripeEvents, take: Take, counted: Counter[str]
) -> None:
    payment = take(4000)
    events.apply(an_event(payment))
    paid = payments.get(payment.payment_id)
    assert (paid.status, paid.settled_at and int(paid.settled_at.timestamp())) == (S.SUCCEEDED, 1_793_610_000)
    assert [(part.invoice_id, part.amount_minor) for part in paid.allocations] == [("inv_9", 3300), ("inv_10", 700)]
    oldest, newest = wiring.invoices().get("inv_9"), wiring.invoices().get("inv_10")
    assert (oldest.status, oldest.due_minor, oldest.version) == ("paid", 0, 2)
    assert (newest.status, newest.due_minor) == ("open", 2600)
    assert balance_minor() == 2600
    (booked,) = (entry for entry in of_account("L#") if entry["entry_kind"] == "payment")
    assert (booked["amount_minor"], booked["reference_id"]) == (-4000, payment.payment_id)
    assert counted == {"PaymentsSucceeded": 1}


def test_who_took_it_is_audited(events: StripeEvents, take: Take) -> None:
    payment = take(4000)
    events.apply(an_event(payment))
    (audit,) = of_account("U#")
    assert (audit["action"], audit["actor_name"], audit["request_id"]) == ("payment.taken", "advisor.one", "req-1")
    assert (audit["before"]["balance_minor"], audit["after"]["balance_minor"]) == (6600, 2600)
    assert audit["after"]["payment_id"] == payment.payment_id


def test_what_no_invoice_needs_stays_as_credit(payments: Payments, events: StripeEvents, take: Take) -> None:
    payment = take(5000, "inv_10")
    events.apply(an_event(payment))
    assert payments.get(payment.payment_id).credit_minor == 1700
    assert balance_minor() == 1600
    assert wiring.invoices().receivables("acc_1").credit_minor == 1700
    assert wiring.invoices().get("inv_9").due_minor == 3300


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


@pytest.mark.parametrize("calls", [1, 2, 3])
@pytest.mark.parametrize("rival_event", ["evt_1", "evt_2"])
def test_a_repeat_that_comes_between_any_two_calls_is_one_booking(
    take: Take, events: StripeEvents, clock: FixedClock, new_id: CountingIds, calls: int, rival_event: str
) -> None:
    payment = take(4000)
    between = Between(wiring.table(), calls, lambda: events.apply(an_event(payment, event_id=rival_event)))
    StripeEvents(PaymentStore(between), clock, new_id, lambda _: None).apply(an_event(payment))
    assert balance_minor() == 2600


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_another_payment_that_comes_between_any_two_calls_counts_too(
    payments: Payments, take: Take, events: StripeEvents, clock: FixedClock, new_id: CountingIds, calls: int
) -> None:
    mine, theirs = take(4000), take(1000, key="two")
    between = Between(wiring.table(), calls, lambda: events.apply(an_event(theirs, event_id="evt_2")))
    StripeEvents(PaymentStore(between), clock, new_id, lambda _: None).apply(an_event(mine))
    assert balance_minor() == 1600
    assert [payments.get(each.payment_id).status for each in (mine, theirs)] == [S.SUCCEEDED, S.SUCCEEDED]


LIFE = (
    ("payment_intent.processing", 100),
    ("payment_intent.payment_failed", 101),
    ("payment_intent.processing", 102),
    ("payment_intent.succeeded", 103),
)


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_repeated_and_broken_off_events_end_as_one_ordered_delivery(
    payments: Payments, take: Take, clock: FixedClock, new_id: CountingIds, seed: int
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
            StripeEvents(PaymentStore(fragile), clock, new_id, lambda _: None).apply(body)
        except Crash:
            bodies.insert(0, body)
    assert {payments.get(payment.payment_id).status for payment in taken} == {S.SUCCEEDED}
    assert balance_minor() == 6600 - 7400


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_crash_at_any_call_loses_and_doubles_nothing(
    take: Take, events: StripeEvents, clock: FixedClock, new_id: CountingIds, calls: int, after: bool
) -> None:
    body = an_event(take(4000))
    fragile = Fragile(wiring.table(), calls, after=after)
    with pytest.raises(Crash):
        StripeEvents(PaymentStore(fragile), clock, new_id, lambda _: None).apply(body)
    events.apply(body)
    assert balance_minor() == 2600


def test_a_failure_is_kept_with_its_code_and_books_nothing(
    payments: Payments, events: StripeEvents, take: Take, counted: Counter[str]
) -> None:
    payment = take(4000)
    events.apply(an_event(payment, "payment_intent.payment_failed", **a_decline("expired_card")))
    failed = payments.get(payment.payment_id)
    assert (failed.status, failed.failure_code) == (S.FAILED, "expired_card")
    assert balance_minor() == 6600
    assert counted == {"PaymentsFailed": 1}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("payment_intent.processing", S.PROCESSING),
        ("payment_intent.requires_action", S.REQUIRES_ACTION),
        ("payment_intent.canceled", S.CANCELED),
    ],
)
def test_other_states_are_followed_but_never_back_from_success(
    payments: Payments, events: StripeEvents, take: Take, kind: str, status: PaymentStatus
) -> None:
    payment = take(4000)
    events.apply(an_event(payment, kind))
    assert payments.get(payment.payment_id).status is status
    events.apply(an_event(payment, event_id="evt_2"))
    events.apply(an_event(payment, kind, "evt_3", at=1_793_620_000))
    assert payments.get(payment.payment_id).status is S.SUCCEEDED
    assert balance_minor() == 2600


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": {}},
        {"metadata": None},
        {"metadata": {"payment_id": "pay_of_another_system"}},
        {"amount_received": 3999},
        {"currency": "eur"},
    ],
)
def test_money_that_is_no_payment_of_ours_is_kept_and_counted(
    events: StripeEvents, take: Take, counted: Counter[str], changes: dict[str, Any]
) -> None:
    body = an_event(take(4000), **changes)
    for _ in range(2):
        events.apply(body)
    kept = marker("evt_1")
    assert kept is not None
    assert kept["outcome"] == "unmatched"
    assert kept["expires_at"] > 40 * 86_400
    assert balance_minor() == 6600
    assert counted == {"PaymentsUnmatched": 1}


def test_an_account_that_is_gone_parks_the_event(events: StripeEvents, payments: Payments, take: Take) -> None:
    payment = take(4000)
    open_account(wiring.table(), "acc_2")
    stray = payment.model_copy(update={"account_id": "acc_2", "payment_id": "pay_stray"})
    events.apply(an_event(stray))
    kept = marker("evt_1")
    assert kept is not None
    assert kept["outcome"] == "unmatched"


def test_unknown_types_are_kept_and_counted(events: StripeEvents, counted: Counter[str]) -> None:
    for _ in range(2):
        events.apply(an_event(event_type="customer.updated", id="cus_1"))
    kept = marker("evt_1")
    assert kept is not None
    assert (kept["outcome"], kept["event_type"], kept["object_id"]) == ("ignored", "customer.updated", "cus_1")
    assert counted == {"StripeEventsIgnored": 1}


def test_another_api_version_is_applied_when_it_can_be_read(events: StripeEvents, take: Take) -> None:
    events.apply(an_event(take(4000), api_version="2024-06-20"))
    assert balance_minor() == 2600


def test_another_api_version_that_cannot_be_read_is_kept_and_counted(
    events: StripeEvents, take: Take, counted: Counter[str]
) -> None:
    body = an_event(take(4000), api_version="2031-01-01", amount={"value": "40.00"})
    events.apply(body)
    assert counted == {"StripeEventsOtherVersion": 1}
    assert balance_minor() == 6600


@pytest.mark.parametrize(
    "body", ["", "not json", "[]", "{}", '{"id": "evt_1", "type": "payment_intent.succeeded", "created": 1}']
)
def test_what_is_no_event_is_refused_without_repeating_it(events: StripeEvents, body: str) -> None:
    with pytest.raises(Unreadable, match="not an event"):
        events.apply(body)


def test_our_own_version_in_a_wrong_shape_is_refused(events: StripeEvents, take: Take) -> None:
    with pytest.raises(Unreadable, match="amount") as unreadable:
        events.apply(an_event(take(4000), amount="forty pounds"))
    assert "forty" not in str(unreadable.value)


def test_a_busy_account_is_tried_again_and_in_the_end_given_back(
    take: Take, clock: FixedClock, new_id: CountingIds
) -> None:
    body = an_event(take(4000))
    with pytest.raises(Unavailable):
        StripeEvents(PaymentStore(Crowded(wiring.table(), ATTEMPTS)), clock, new_id, lambda _: None).apply(body)
    assert balance_minor() == 6600
    StripeEvents(PaymentStore(Crowded(wiring.table(), ATTEMPTS - 1)), clock, new_id, lambda _: None).apply(body)
    assert balance_minor() == 2600


def test_costs(events: StripeEvents, take: Take, meter: Meter) -> None:
    first, second = take(3300), take(500, key="two")
    meter.calls.clear()
    meter.write_units = 0
    events.apply(an_event(first))
    # marker, payment, head, ledger entry, one invoice, audit entry: two units each, in one transaction
    assert (meter.calls, meter.write_units) == (["GetItem", "GetItem", "TransactWriteItems"], 12)
    events.apply(an_event(first))
    assert meter.calls[3:] == ["GetItem", "PutItem"]
    events.apply(an_event(second, "payment_intent.processing", "evt_2"))
    assert meter.calls[5:] == ["GetItem", "TransactWriteItems"]


def test_a_stored_payment_reads_back_as_it_was(take: Take) -> None:
    payment = take(4000)
    assert PaymentStore(wiring.table()).begin(payment) == payment
    assert Payment.model_validate(payment.model_dump(mode="json")) == payment
