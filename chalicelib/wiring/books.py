"""Billing: bills, ledgers, subscriptions, and what takes bills back."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import utc_now

if TYPE_CHECKING:
    from chalicelib.billing.corrections import Corrections
    from chalicelib.billing.service import Invoices, Ledger, Subscriptions
    from chalicelib.billing.store import BillingStore


@cache
def billing_store() -> BillingStore:
    from chalicelib.billing.store import BillingStore

    return BillingStore(wiring.table())


@cache
def invoices() -> Invoices:
    from chalicelib.billing.service import Invoices

    return Invoices(wiring.billing_store(), utc_now, wiring.today)


@cache
def corrections() -> Corrections:
    from chalicelib.billing.corrections import Corrections

    return Corrections(wiring.billing_store(), utc_now)


@cache
def ledger() -> Ledger:
    from chalicelib.billing.service import Ledger

    return Ledger(wiring.billing_store())


@cache
def subscriptions() -> Subscriptions:
    from chalicelib.billing.service import Subscriptions

    return Subscriptions(wiring.billing_store())
