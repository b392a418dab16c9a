"""A thousand mixed events, each delivered one to five times, shuffled, with processes ending between any two calls."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from typing import Any

import pytest

from chalicelib.billing.ledger import verify
from tests.memory_table import MemoryTable
from tests.payments.histories import World, names_bills
from tests.payments.money_desk import MoneyDesk
from tests.tables import Crash

EVENTS, SEEDS, MOST_COPIES, CRASHES = 1_000, 20, 5, 0.03
FINAL = {"payment_succeeded", "payment_unmatched", "refund_failed", "dispute_closed"}
"""News of what ends a thing; what was on the way to it may be overtaken."""


def books(desk: MoneyDesk) -> dict[str, Any]:
    """What stands in the end, without what hangs on the order in which the desk came to know: the numbers of entries,
    the balances in between and, where money pays the oldest bill first, which of the bills a refund opened again."""
    assert isinstance(desk.table, MemoryTable)
    items = [item for part in desk.table.items.values() for item in part.values()]
    accounts = sorted({item["account_id"] for item in items if item.get("kind") == "ledger"})
    rows = {"payment": ("payment_id", "amount_minor", "status", "failure_code", "refunded_minor", "charged_back_minor"),
            "refund": ("refund_id", "amount_minor", "status", "booked"),
            "chargeback": ("chargeback_id", "status", "booked"), "webhook": ("event_id",)}  # fmt: skip
    standing = {
        kind: sorted(str([item.get(name) for name in names]) for item in items if item.get("kind") == kind)
        for kind, names in rows.items()
    }
    return standing | {account_id: _account(desk, account_id) for account_id in accounts}


def _account(desk: MoneyDesk, account_id: str) -> dict[str, Any]:
    ledger = list(desk.ledger.ledger(account_id))
    assert verify(ledger) is None
    owed = desk.ledger.receivables(account_id)
    booked = Counter(f"{entry.entry_kind} {entry.reference_id} {entry.postings} {entry.at}" for entry in ledger)
    open_bills = {invoice.invoice_id: invoice.due_minor for invoice in owed.open_invoices}
    bills: Any = open_bills if names_bills(account_id) else sum(open_bills.values())
    return {"balance": owed.balance_minor, "credit": owed.credit_minor, "bills": bills, "booked": booked}


def delivered_in_order(seed: int) -> World:
    world = World(seed)
    world.fill(EVENTS)
    for body in world.events():
        world.desk.events.apply(body)
    return world


def delivered_badly(seed: int) -> tuple[World, int]:
    """The same world; how often a process ended."""
    world, chance, crashes = World(seed), random.Random(-seed - 1), 0
    world.fill(EVENTS)
    bodies = [body for body in world.events() for _ in range(chance.randint(1, MOST_COPIES))]
    chance.shuffle(bodies)

    def step(_: str) -> None:
        if chance.random() < CRASHES:
            raise Crash

    assert isinstance(world.desk.table, MemoryTable)
    fragile = world.desk.on(world.desk.table.seen(step))
    while bodies:
        body = bodies.pop()
        with contextlib.suppress(Crash):
            fragile.events.apply(body)
            continue
        crashes += 1
        bodies.insert(chance.randrange(len(bodies) + 1), body)
    return world, crashes


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_books_are_those_of_one_ordered_delivery(seed: int) -> None:
    good, (bad, crashes) = delivered_in_order(seed), delivered_badly(seed)
    assert len(good.happened) >= EVENTS
    assert crashes > EVENTS // 10
    assert books(bad.desk) == books(good.desk)
    told = [{name for name, news in world.desk.listener.told.items() if news.topic in FINAL} for world in (good, bad)]
    assert told[0] == told[1]
