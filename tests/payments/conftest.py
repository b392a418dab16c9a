"""An account with two open bills, a Stripe that can be read, and payments between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.payments import receipt
from chalicelib.payments.handling import StripeEvents
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.payments.service import Payments
from chalicelib.platform.money import Money
from tests.billing.builders import an_invoice, open_account
from tests.fakes import FixedClock
from tests.payments.fakes import FakeStripe
from tests.payments.money_desk import Listener, MoneyDesk

ADVISOR = Actor("sub-advisor", "advisor.one", "req-1")
Take = Callable[..., Payment]


@pytest.fixture(autouse=True)
def forget_receipt() -> Iterator[None]:
    """The lean function keeps its clients and secrets for the life of the process."""
    yield
    receipt.forget()


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch, listener: Listener) -> FakeStripe:
    """Also in place of the true one where wiring builds the services, with the listener as newsroom."""
    fake = FakeStripe()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    monkeypatch.setattr(wiring, "newsroom", lambda: listener)
    return fake


@pytest.fixture
def counted() -> Counter[str]:
    return Counter()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def account(cloud: None) -> str:
    """Owes 33.00 since September and 33.00 since October 2026, 66.00 GBP in all."""
    open_account(wiring.table(), emails=["ada@example.com"])
    wiring.invoices().issue(an_invoice("inv_9", issued_on=date(2026, 9, 1)))
    wiring.invoices().issue(an_invoice("inv_10", issued_on=date(2026, 10, 1)))
    return "acc_1"


@pytest.fixture
def money(account: str, stripe: FakeStripe, clock: FixedClock, listener: Listener, counted: Counter[str]) -> MoneyDesk:
    return MoneyDesk(wiring.table(), stripe, clock, listener, counted)


@pytest.fixture
def payments(money: MoneyDesk) -> Payments:
    return money.payments


@pytest.fixture
def events(money: MoneyDesk) -> StripeEvents:
    return money.events


@pytest.fixture
def take(payments: Payments) -> Take:
    """Begins a payment by card: `take(4000)`, `take(4000, "inv_10", key="two")`."""

    def begin(amount_minor: int, *invoice_ids: str, key: str = "one", payment_method: str = "pm_card_visa") -> Payment:
        order = PaymentOrder("acc_1", Money(amount_minor=amount_minor, currency="GBP"), invoice_ids, payment_method)
        return payments.take(order, key, ADVISOR).payment

    return begin
