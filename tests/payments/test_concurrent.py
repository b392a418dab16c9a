"""Real threads on one account: fifty payments and refunds of one bill at once, and one key sent fifty times at once."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TypeVar

import pytest

from chalicelib.billing.ledger import verify
from chalicelib.billing.service import Invoices
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.payments.refund import RefundOrder, RefundStatus
from chalicelib.platform.errors import Unavailable, Unprocessable
from chalicelib.platform.money import Money
from tests.billing.builders import a_line, an_invoice, open_account
from tests.fakes import FixedClock
from tests.memory_table import MemoryTable
from tests.payments.conftest import ADVISOR
from tests.payments.fakes import FakeStripe, an_event
from tests.payments.money_desk import MoneyDesk

AT_ONCE, PAID, BACK, BILLED = 50, 400, 300, 24_000
R = TypeVar("R")


@pytest.fixture(autouse=True)
def nimble_threads() -> Iterator[None]:
    """Threads take turns every few instructions, so that they meet at every line."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def desk() -> MoneyDesk:
    """An account that owes 240.00 of one bill."""
    desk = MoneyDesk(MemoryTable(), FakeStripe(), FixedClock())
    open_account(desk.table)
    bills = Invoices(desk.ledger, desk.clock, lambda: date(2026, 11, 2))
    bills.issue(an_invoice("inv_1", a_line(net_minor=BILLED * 5 // 6)))
    return desk


def persistently(work: Callable[[], R]) -> R:
    """As queue and client do: who is sent away because the account is busy comes again."""
    while True:
        try:
            return work()
        except Unavailable:
            continue


def all_at_once(*work: Callable[[], R]) -> list[R]:
    """What each of them gives, all begun at the same moment."""
    gate = threading.Barrier(len(work))

    def one(task: Callable[[], R]) -> R:
        gate.wait(timeout=30)
        return persistently(task)

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def pay(desk: MoneyDesk, key: str, amount_minor: int = PAID) -> Payment:
    """Taken, and its event delivered."""
    order = PaymentOrder("acc_1", Money(amount_minor=amount_minor, currency="GBP"), ("inv_1",), "pm_card_visa")
    payment = desk.payments.take(order, key, ADVISOR).payment
    desk.events.apply(an_event(payment, event_id=f"evt_{key}"))
    return payment


def give_back(desk: MoneyDesk, payment: Payment, key: str) -> str | None:
    """The refund's id; None when that much is not left."""
    try:
        return desk.refunds.request(RefundOrder(payment.payment_id, BACK), key, ADVISOR).refund_id
    except Unprocessable:
        return None


def books(desk: MoneyDesk) -> Counter[str]:
    """How often each kind of entry stands for each thing, after the ledger has proven itself."""
    ledger = list(desk.ledger.ledger("acc_1"))
    assert verify(ledger) is None
    assert ledger[-1].balance_minor == sum(entry.amount_minor for entry in ledger)
    return Counter(f"{entry.entry_kind} {entry.reference_id}" for entry in ledger)


def test_fifty_payments_and_refunds_of_one_bill_at_once(desk: MoneyDesk) -> None:
    """Two refunds of 3.00 compete for each payment of 4.00, one of them asked for twice; new payments come between."""
    standing = [pay(desk, f"old {number}") for number in range(10)]
    paying = [lambda number=number: pay(desk, f"new {number // 2}").payment_id for number in range(AT_ONCE - 30)]
    asking = [
        lambda payment=payment, key=key: give_back(desk, payment, key)
        for payment in standing
        for key in ("one", "one", "two")
    ]
    all_at_once(*paying, *asking)
    booked = books(desk)
    assert set(booked.values()) == {1}
    done = Counter(each.split()[0] for each in booked)
    assert done == {"invoice": 1, "payment": 20, "refund": 10}
    assert len(desk.stripe.refunds) == 10
    assert {desk.store.existing(each.payment_id).refundable_minor for each in standing} == {PAID - BACK}
    owed = desk.ledger.receivables("acc_1")
    assert owed.balance_minor == owed.open_minor == BILLED - 20 * PAID + 10 * BACK
    assert Counter(desk.listener.topics) == {"payment_succeeded": 20, "refund_succeeded": 10}


def test_one_key_sent_fifty_times_at_once_is_one_charge(desk: MoneyDesk) -> None:
    paid = all_at_once(*[lambda: pay(desk, "one", BILLED).payment_id] * AT_ONCE)
    assert (len(set(paid)), len(desk.stripe.intents)) == (1, 1)
    assert books(desk) == {"invoice inv_1": 1, f"payment {paid[0]}": 1}


def test_one_refund_asked_for_fifty_times_at_once_is_one_refund(desk: MoneyDesk) -> None:
    payment = pay(desk, "one")
    asked = all_at_once(*[lambda: give_back(desk, payment, "back")] * AT_ONCE)
    assert (len(set(asked)), len(desk.stripe.refunds)) == (1, 1)
    assert books(desk)[f"refund {asked[0]}"] == 1
    assert desk.refunds.get(str(asked[0])).status is RefundStatus.SUCCEEDED
