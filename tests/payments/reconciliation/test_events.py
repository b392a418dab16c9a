"""Dropped events are found in Stripe's list and dealt with as if they had come."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import verify
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.payments.model import PaymentOrder
from chalicelib.payments.reconciliation.model import RunStatus
from chalicelib.platform.money import Money
from tests.billing.builders import an_invoice, open_account
from tests.fakes import FixedClock
from tests.memory_table import MemoryTable
from tests.payments.books import balance_minor, marker
from tests.payments.conftest import Take
from tests.payments.fakes import AT, an_intent
from tests.payments.money_desk import Listener, MoneyDesk
from tests.payments.reconciliation.conftest import Reconciled
from tests.payments.reconciliation.listed import Business, ListedStripe
from tests.tables import Crash

ACCOUNTS = 12
ADVISOR = Actor("sub-advisor", "advisor.one", "req-1")


def business(seed: int, least: int) -> tuple[MemoryTable, ListedStripe, list[str]]:
    """Accounts whose payments are begun, what Stripe knows of them by now, and the webhooks: `least` at least."""
    table, stripe, clock = MemoryTable(), ListedStripe(), FixedClock()
    money = MoneyDesk(table, stripe, clock, Listener())
    invoices = Invoices(BillingStore(table), clock, clock().date)
    for n in range(ACCOUNTS):
        open_account(table, account_id=f"acc_{n}")
        invoices.issue(an_invoice(f"inv_{n}", account_id=f"acc_{n}"))
    chance = random.Random(seed)
    world = Business(stripe, chance)
    while len(world.bodies) < least:
        number = len(world.bodies)
        if chance.random() < 0.1:
            world.foreign(number)
            continue
        amount = Money(amount_minor=chance.randint(100, 5000), currency="GBP")
        order = PaymentOrder(f"acc_{chance.randrange(ACCOUNTS)}", amount, payment_method="pm_card_visa")
        world.of(money.payments.take(order, f"key {number}", ADVISOR).payment)
    return table, stripe, world.bodies


def reconciled_on(table: MemoryTable, stripe: ListedStripe) -> Reconciled:
    clock = FixedClock()
    return Reconciled(MoneyDesk(table, stripe, clock, Listener()), stripe, clock)


def books(table: MemoryTable) -> dict[tuple[str, str], Any]:
    """Everything that stands on the table but reports and the times at which something was written."""
    return {
        (pk, sk): {name: value for name, value in item.items() if name not in {"at", "booked_at", "expires_at"}}
        for pk, part in table.items.items()
        for sk, item in part.items()
        if not pk.startswith("RECON")
    }


def delivered(table: MemoryTable, stripe: ListedStripe, bodies: list[str]) -> Listener:
    """What one ordered delivery of all events makes of the table."""
    money = MoneyDesk(table, stripe, FixedClock(), Listener())
    for body in bodies:
        money.events.apply(body)
    return money.listener


@pytest.mark.parametrize("seed", range(3))
def test_five_hundred_dropped_events_are_all_repaired(seed: int) -> None:
    table, stripe, bodies = business(seed, 500)
    told = delivered(table, stripe, bodies)
    lost, stripe, _ = business(seed, 500)
    reconciled = reconciled_on(lost, stripe)
    run = reconciled.run()
    assert (run.status, run.tally.missed_events, run.tally.repaired) == (RunStatus.FINISHED, len(bodies), len(bodies))
    assert run.tally.differences == 0
    assert books(lost) == books(table)
    assert set(reconciled.money.listener.told) == set(told.told)
    for n in range(ACCOUNTS):
        assert verify(reconciled.money.ledger.ledger(f"acc_{n}")) is None


def test_what_came_is_left_alone_and_what_did_not_is_repaired() -> None:
    table, stripe, bodies = business(7, 200)
    whole = delivered(table, stripe, bodies)
    some, stripe, _ = business(7, 200)
    heard = delivered(some, stripe, [body for n, body in enumerate(bodies) if n % 3])
    reconciled = reconciled_on(some, stripe)
    run = reconciled.run()
    assert run.tally.missed_events == len(bodies[::3])
    untold = set(whole.told) - {*heard.told, *reconciled.money.listener.told}
    assert {news_id.split(":")[0] for news_id in untold} <= {"dispute_opened", "payment_failed"}, "overtaken alone"
    assert {pk for pk, _ in books(some)} == {pk for pk, _ in books(table)}
    for n in range(ACCOUNTS):
        ledgers = [[*BillingStore(each).ledger(f"acc_{n}")] for each in (some, table)]
        assert [verify(ledger) for ledger in ledgers] == [None, None]
        assert ledgers[0][-1].balance_minor == ledgers[1][-1].balance_minor


def test_a_second_run_changes_nothing() -> None:
    table, stripe, _ = business(1, 150)
    reconciled = reconciled_on(table, stripe)
    reconciled.run()
    before = books(table)
    run = reconciled.run()
    assert (run.tally.missed_events, run.tally.repaired, run.tally.differences) == (0, 0, 0)
    assert books(table) == before


class Ending:
    """The process ends at the n-th call of the table."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def __call__(self, _: str) -> None:
        self.left -= 1
        if self.left == 0:
            raise Crash


@pytest.mark.parametrize("calls", [3, 40, 333, 800, 1500])
def test_a_run_that_crashes_goes_on_to_the_same_end(calls: int) -> None:
    table, stripe, bodies = business(2, 100)
    delivered(table, stripe, bodies)
    lost, stripe, _ = business(2, 100)
    reconciled = reconciled_on(lost, stripe)
    run = reconciled.runs.scheduled(reconciled.clock.tick(3600))
    fragile = Reconciled(reconciled.money.on(lost.seen(Ending(calls))), stripe, reconciled.clock)
    with pytest.raises(Crash):
        fragile.runs.take_on(run.reconciliation_id, lambda: True)
    assert reconciled.runs.take_on(run.reconciliation_id, lambda: True).status is RunStatus.FINISHED
    assert books(lost) == books(table)


def test_a_slice_with_too_many_events_is_halved_and_nothing_left_out() -> None:
    table, stripe, bodies = business(3, 60)
    stripe.per_page = 2
    run = reconciled_on(table, stripe).run()
    assert run.tally.missed_events == len(bodies)


def test_a_second_with_too_many_events_is_read_whole(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.per_page = 2
    for n in range(50):
        about = an_intent(id=f"pi_{n}", amount=100, amount_received=100)
        stripe.says("payment_intent.succeeded", about, AT + 1, f"evt_{n}")
    assert reconciled.run().tally.missed_events == 50


def test_events_that_nobody_handles_are_read_and_left(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.says("balance.available", {"object": "balance", "id": "bal", "created": AT}, AT, "evt_9")
    run = reconciled.run()
    assert (run.tally.read, run.tally.missed_events) == (1, 0)
    assert marker("evt_9") is None


def test_an_event_that_cannot_be_dealt_with_stops_no_other_and_is_told_once(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    broken = {**an_intent(id="pi_broken"), "amount_received": "many"}
    stripe.says("payment_intent.succeeded", broken, AT + 1, "evt_broken")
    del stripe.objects["payment_intent", "pi_broken"]
    stripe.says("payment_intent.succeeded", an_intent(take(4000)), AT + 2, "evt_whole")
    run = reconciled.run()
    assert (run.tally.missed_events, run.tally.repaired, run.tally.differences) == (2, 1, 1)
    assert balance_minor() == 2600
    (found,), _ = reconciled.runs.differences(run.reconciliation_id, 10, None)
    assert (found.object_id, found.what, found.in_books) == ("evt_broken", "event", "not dealt with")
    assert "amount_received" in found.at_stripe
    known = marker("evt_broken")
    assert known is not None
    assert known["outcome"] == "parked"
    reconciled.run()
    differences = [news for news in reconciled.money.listener.told.values() if news.object_id == "evt_broken"]
    assert len(differences) == 1
