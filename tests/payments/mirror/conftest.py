"""The account acc_1 is the customer cus_1 at a Stripe that says what it is told to."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.billing.model import StandingInvoice
from chalicelib.payments.markers import Outcome
from tests.payments.books import marker
from tests.payments.fakes import AT, FakeStripe, as_event
from tests.payments.money_desk import MoneyDesk

Happens = Callable[..., Outcome]


@pytest.fixture
def customer(money: MoneyDesk) -> str:
    money.store.set_customer("acc_1", "cus_1")
    return "cus_1"


@pytest.fixture
def happens(money: MoneyDesk, stripe: FakeStripe) -> Happens:
    """Stripe's object is now as given, and an event about it comes: `happens("invoice.paid", about)`."""
    numbers = count(1)

    def deliver(event_type: str, about: dict[str, Any], *, is_known: bool = True) -> Outcome:
        if is_known:
            stripe.knows(about)
        event_id = f"evt_m{next(numbers)}"
        money.events.apply(as_event(event_type, about, event_id, AT))
        kept = marker(event_id)
        assert kept is not None
        return Outcome(kept["outcome"])

    return deliver


def mirrored_invoice(stripe_id: str = "in_1") -> StandingInvoice:
    return wiring.invoices().get(f"inv_{stripe_id}")
