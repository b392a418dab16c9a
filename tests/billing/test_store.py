"""Billing on the table: a bill is issued once, the head is the lock, and what each operation costs."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib import wiring
from chalicelib.billing.model import Invoice
from chalicelib.billing.service import ATTEMPTS, Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.platform.dynamo import Key
from chalicelib.platform.errors import Conflict, NotFound, Unavailable
from tests.billing.builders import a_line, a_subscription, an_invoice, open_account
from tests.fakes import CountingIds
from tests.harness import Meter
from tests.tables import Between, Crowded


@pytest.fixture
def invoices(cloud: None, new_id: CountingIds) -> Invoices:
    open_account(wiring.table())
    return Invoices(BillingStore(wiring.table()), new_id, lambda: date(2026, 11, 20))


def ledger(account_id: str = "acc_1") -> list[dict[str, object]]:
    return wiring.table().query(Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("L#")).items


def test_a_bill_is_read_back_and_owed(invoices: Invoices) -> None:
    issued = invoices.issue(an_invoice())
    assert invoices.get("inv_1") == issued
    owed = invoices.receivables("acc_1")
    assert (owed.balance_minor, owed.credit_minor, owed.overdue_minor(invoices.today())) == (3300, 0, 3300)
    assert [(entry["entry_kind"], entry["amount_minor"], entry["reference_id"]) for entry in ledger()] == [
        ("invoice", 3300, "inv_1")
    ]
    assert ledger()[0]["sk"] == "L#2026-10-01T00:00:00.000Z#led_000001"


def test_the_same_bill_again_changes_nothing(invoices: Invoices) -> None:
    assert invoices.issue(an_invoice()) == invoices.issue(an_invoice())
    assert len(ledger()) == 1
    assert invoices.receivables("acc_1").balance_minor == 3300


def test_another_bill_under_the_same_id_is_a_conflict(invoices: Invoices) -> None:
    invoices.issue(an_invoice())
    with pytest.raises(Conflict, match="Another bill"):
        invoices.issue(an_invoice("inv_1", a_line(net_minor=100)))


def test_a_bill_needs_its_account_and_its_currency(invoices: Invoices) -> None:
    with pytest.raises(NotFound):
        invoices.issue(an_invoice(account_id="acc_none"))
    with pytest.raises(Conflict, match="currency"):
        invoices.issue(an_invoice(currency="EUR"))


def test_a_movement_that_comes_between_is_seen(invoices: Invoices, new_id: CountingIds) -> None:
    between = Between(wiring.table(), 2, lambda: invoices.issue(an_invoice("inv_rival")))
    Invoices(BillingStore(between), new_id, invoices.today).issue(an_invoice("inv_mine"))
    owed = invoices.receivables("acc_1")
    assert (owed.balance_minor, owed.ledger_version) == (6600, 2)
    assert [invoice.invoice_id for invoice in owed.open_invoices] == ["inv_rival", "inv_mine"]


def test_a_busy_account_is_tried_again_and_in_the_end_given_up(invoices: Invoices, new_id: CountingIds) -> None:
    with pytest.raises(Unavailable, match="too busy"):
        Invoices(BillingStore(Crowded(wiring.table(), ATTEMPTS)), new_id, invoices.today).issue(an_invoice())
    assert invoices.receivables("acc_1").balance_minor == 0
    Invoices(BillingStore(Crowded(wiring.table(), ATTEMPTS - 1)), new_id, invoices.today).issue(an_invoice())
    assert invoices.receivables("acc_1").balance_minor == 3300


def test_invoices_are_listed_newest_first_page_by_page(invoices: Invoices) -> None:
    for month in (8, 10, 9):
        invoices.issue(an_invoice(f"inv_{month}", issued_on=date(2026, month, 1)))
    first, key = invoices.of_account("acc_1", 2, None)
    rest, end = invoices.of_account("acc_1", 2, key)
    assert [invoice.period for invoice in (*first, *rest)] == ["2026-10", "2026-09", "2026-08"]
    assert end is None


def test_subscriptions_are_kept_once(cloud: None) -> None:
    for _ in range(2):
        wiring.subscriptions().start(a_subscription())
    assert wiring.subscriptions().of_account("acc_1", 25, None) == ([a_subscription()], None)


def test_costs(invoices: Invoices, meter: Meter) -> None:
    issued: Invoice = invoices.issue(an_invoice())
    # pointer, invoice, head and ledger entry, two units each
    assert (meter.round_trips, meter.write_units) == (2, 8)
    invoices.get(issued.invoice_id)
    assert meter.round_trips == 4
    invoices.receivables("acc_1")
    assert meter.round_trips == 5
