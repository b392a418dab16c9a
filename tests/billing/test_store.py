"""Billing on the table: a bill is issued once, the ledger's tail is the lock, and what each operation costs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chalicelib import wiring
from chalicelib.billing.ledger import LedgerEntry, book
from chalicelib.billing.model import InvoiceStatus
from chalicelib.billing.movements import EntryKind
from chalicelib.billing.service import ATTEMPTS, Invoices, Ledger
from chalicelib.billing.store import BillingStore, entry_put
from chalicelib.platform.dynamo import ConditionFailed, Key, Update
from chalicelib.platform.errors import Conflict, NotFound, Unavailable
from tests.billing.builders import a_line, a_movement, a_subscription, an_invoice, open_account
from tests.fakes import FixedClock
from tests.harness import Meter
from tests.tables import Between, Crash, Crowded, Fragile


@pytest.fixture
def invoices(cloud: None, clock: FixedClock) -> Invoices:
    open_account(wiring.table())
    return Invoices(BillingStore(wiring.table()), clock, lambda: date(2026, 11, 20))


@pytest.fixture
def ledger(invoices: Invoices) -> Ledger:
    return Ledger(invoices.store)


def pay(store: BillingStore, amount_minor: int, account_id: str = "acc_1") -> LedgerEntry:
    """A payment's ledger entry, as another domain puts it."""
    before = store.receivables(account_id, consistent=True)
    after, _ = before.paid(amount_minor)
    entry = book(before, after, a_movement(amount_minor=amount_minor), datetime(2026, 11, 20, tzinfo=UTC))
    store.table.transact([entry_put(entry)])
    return entry


def test_a_bill_is_read_back_and_owed(invoices: Invoices, ledger: Ledger, clock: FixedClock) -> None:
    issued = invoices.issue(an_invoice())
    assert invoices.get("inv_1") == issued
    assert (issued.due_minor, issued.status, issued.version) == (3300, InvoiceStatus.OPEN, 1)
    owed = invoices.receivables("acc_1")
    assert (owed.balance_minor, owed.credit_minor, owed.overdue_minor(invoices.today())) == (3300, 0, 3300)
    (entry,), _ = ledger.entries("acc_1", 25, None)
    assert (entry.entry_kind, entry.amount_minor, entry.reference_id) == (EntryKind.INVOICE, 3300, "inv_1")
    assert (entry.at, entry.booked_at) == (datetime(2026, 10, 1, tzinfo=UTC), clock())
    assert (entry.cause, entry.actor_name) == ("inv_1", "billing")


def test_what_is_due_of_a_bill_is_read_from_the_ledger(invoices: Invoices) -> None:
    invoices.issue(an_invoice())
    document = wiring.table().get("A#acc_1", "B#2026-10#inv_1")
    pay(invoices.store, 1000)
    standing = invoices.get("inv_1")
    assert (standing.due_minor, standing.status, standing.version) == (2300, InvoiceStatus.OPEN, 2)
    pay(invoices.store, 2300)
    ((listed,), _) = invoices.of_account("acc_1", 25, None)
    assert (listed.due_minor, listed.status, listed.version) == (0, InvoiceStatus.PAID, 3)
    assert wiring.table().get("A#acc_1", "B#2026-10#inv_1") == document


def test_the_same_bill_again_changes_nothing(invoices: Invoices, ledger: Ledger) -> None:
    assert invoices.issue(an_invoice()) == invoices.issue(an_invoice())
    assert ledger.check("acc_1").entries == 1
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


def test_the_due_day_finds_the_bill(invoices: Invoices) -> None:
    invoices.issue(an_invoice(due_on=date(2026, 11, 5)))
    invoices.issue(an_invoice("inv_nothing", a_line(net_minor=0), due_on=date(2026, 11, 5)))
    (marker,) = wiring.table().query(Key("pk").eq("DUE#2026-11-05")).items
    assert (marker["sk"], marker["kind"], marker["invoice_id"]) == ("acc_1#inv_1", "due", "inv_1")
    assert datetime.fromtimestamp(marker["expires_at"], UTC) == datetime(2027, 2, 3, tzinfo=UTC)


def test_a_bill_that_comes_after_its_due_day_is_found_by_the_day_on_which_it_came(invoices: Invoices) -> None:
    late = an_invoice(issued_on=date(2026, 8, 1), due_on=date(2026, 8, 15))
    invoices.issue(late)
    (marker,) = wiring.table().query(Key("pk").eq(f"DUE#{invoices.clock().date()}")).items
    assert marker["sk"] == "acc_1#inv_1"


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_movement_that_comes_between_is_seen(invoices: Invoices, ledger: Ledger, calls: int) -> None:
    between = Between(wiring.table(), calls, lambda: invoices.issue(an_invoice("inv_rival")))
    Invoices(BillingStore(between), invoices.clock, invoices.today).issue(an_invoice("inv_mine"))
    owed = invoices.receivables("acc_1")
    assert (owed.balance_minor, owed.seq) == (6600, 2)
    assert {invoice.invoice_id for invoice in owed.open_invoices} == {"inv_rival", "inv_mine"}
    assert ledger.check("acc_1").difference is None


def test_who_decided_from_an_older_tail_is_refused(invoices: Invoices) -> None:
    entry = pay(invoices.store, 100)
    with pytest.raises(ConditionFailed):
        wiring.table().write(entry_put(entry))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_crash_at_any_call_neither_loses_nor_doubles_a_bill(invoices: Invoices, calls: int, after: bool) -> None:
    fragile = Fragile(wiring.table(), calls, after=after)
    with pytest.raises(Crash):
        Invoices(BillingStore(fragile), invoices.clock, invoices.today).issue(an_invoice())
    invoices.issue(an_invoice())
    assert invoices.receivables("acc_1").balance_minor == 3300


def test_a_busy_account_is_tried_again_and_in_the_end_given_up(invoices: Invoices) -> None:
    crowded = [BillingStore(Crowded(wiring.table(), times)) for times in (ATTEMPTS, ATTEMPTS - 1)]
    with pytest.raises(Unavailable, match="too busy"):
        Invoices(crowded[0], invoices.clock, invoices.today).issue(an_invoice())
    assert invoices.receivables("acc_1").balance_minor == 0
    Invoices(crowded[1], invoices.clock, invoices.today).issue(an_invoice())
    assert invoices.receivables("acc_1").balance_minor == 3300


def test_invoices_are_listed_newest_first_page_by_page(invoices: Invoices) -> None:
    for month in (8, 10, 9):
        invoices.issue(an_invoice(f"inv_{month}", issued_on=date(2026, month, 1)))
    first, key = invoices.of_account("acc_1", 2, None)
    rest, end = invoices.of_account("acc_1", 2, key)
    assert [invoice.period for invoice in (*first, *rest)] == ["2026-10", "2026-09", "2026-08"]
    assert end is None


def test_the_ledger_is_listed_newest_first_page_by_page(invoices: Invoices, ledger: Ledger) -> None:
    for amount in range(1, 12):
        pay(invoices.store, amount)
    first, key = ledger.entries("acc_1", 10, None)
    rest, end = ledger.entries("acc_1", 10, key)
    assert [entry.seq for entry in (*first, *rest)] == list(range(11, 0, -1))
    assert end is None
    assert ledger.owed("acc_1", "GBP") == first[0].receivables
    assert ledger.owed("acc_2", "EUR").currency == "EUR"


def test_a_check_reads_every_page_and_finds_what_was_tampered_with(invoices: Invoices, ledger: Ledger) -> None:
    for amount in (300, 200, 100):
        pay(invoices.store, amount)
    assert (ledger.check("acc_1").entries, ledger.check("acc_1").difference) == (3, None)
    wiring.table().write(Update("A#acc_1", "L#0000000002", set={"balance_minor": -501}))
    difference = ledger.check("acc_1").difference
    assert difference is not None
    assert (difference.seq, difference.what, difference.expected, difference.found) == (2, "balance", "-500", "-501")


def test_an_account_without_movements_is_consistent_and_none_is_not_found(invoices: Invoices, ledger: Ledger) -> None:
    assert ledger.check("acc_1").entries == 0
    with pytest.raises(NotFound):
        ledger.check("acc_none")


def test_subscriptions_are_kept_once(cloud: None) -> None:
    for _ in range(2):
        wiring.subscriptions().start(a_subscription())
    assert wiring.subscriptions().of_account("acc_1", 25, None) == ([a_subscription()], None)


def test_costs(invoices: Invoices, ledger: Ledger, meter: Meter) -> None:
    invoices.issue(an_invoice())
    # Tail, and before the first entry the head; then pointer, invoice, number, due marker and entry, two units each.
    assert (meter.calls, meter.write_units) == (["Query", "GetItem", "TransactWriteItems"], 10)
    invoices.issue(an_invoice("inv_2"))
    assert (meter.calls[3:], meter.write_units) == (["Query", "TransactWriteItems"], 20)
    invoices.get("inv_1")
    assert meter.calls[5:] == ["GetItem", "GetItem", "Query"]
    invoices.of_account("acc_1", 25, None)
    assert meter.calls[8:] == ["Query", "Query"]
    meter.read_units = 0
    invoices.receivables("acc_1")
    ledger.owed("acc_1", "GBP")
    assert (meter.calls[10:], meter.read_units) == (["Query", "Query"], 1)
