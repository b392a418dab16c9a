"""An account that owes one bill, and who takes bills back."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib import wiring
from chalicelib.billing.corrections import Corrections
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from tests.billing.builders import an_invoice, open_account
from tests.fakes import FixedClock


@pytest.fixture
def store(cloud: None) -> BillingStore:
    return BillingStore(wiring.table())


@pytest.fixture
def invoices(store: BillingStore, clock: FixedClock) -> Invoices:
    """The account owes 33.00 of one bill, 5.50 of it tax."""
    open_account(store.table)
    billing = Invoices(store, clock, lambda: date(2026, 11, 20))
    billing.issue(an_invoice())
    return billing


@pytest.fixture
def corrections(store: BillingStore, invoices: Invoices, clock: FixedClock) -> Corrections:
    return Corrections(store, clock)
