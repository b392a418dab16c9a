"""Bills taken back: void, write-off and credit notes, each once, each in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.billing.corrections import Corrections
from chalicelib.billing.ledger import Book, EntryKind, book
from chalicelib.billing.model import CreditNote, InvoiceStatus
from chalicelib.billing.receivables import Allocation, Receivables
from chalicelib.billing.service import Invoices, Ledger
from chalicelib.billing.store import BillingStore, entry_put
from chalicelib.platform.errors import Conflict, NotFound
from tests.billing.builders import AT, a_movement, an_invoice, open_account
from tests.billing.test_store import pay
from tests.fakes import FixedClock
from tests.harness import Meter
from tests.tables import Between, Crash, Fragile, Lagging

FINANCE = Actor("sub-finance", "finance.one")


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


def a_note(credit_note_id: str = "cn_1", amount_minor: int = 1200, tax_minor: int = 200, **changes: Any) -> CreditNote:
    fields: dict[str, Any] = {"invoice_id": "inv_1", "account_id": "acc_1", "issued_at": AT}
    return CreditNote(
        credit_note_id=credit_note_id, amount_minor=amount_minor, tax_minor=tax_minor, **{**fields, **changes}
    )


def owed(store: BillingStore) -> Receivables:
    """What is owed, after proving the ledger."""
    assert Ledger(store).check("acc_1").difference is None
    return store.receivables("acc_1")


def postings(store: BillingStore) -> dict[Book, int]:
    """Of the newest entry."""
    tail = store.tail("acc_1")
    assert tail is not None
    return {posting.book: posting.amount_minor for posting in tail.postings}


def test_a_void_invoice_is_owed_no_more_and_what_was_paid_is_credit(
    corrections: Corrections, invoices: Invoices, store: BillingStore
) -> None:
    pay(store, 1000)
    for _ in range(2):
        closed = corrections.void("inv_1", AT, FINANCE, "req-1")
        assert (closed.status, closed.due_minor, closed) == (InvoiceStatus.VOID, 0, invoices.get("inv_1"))
    assert (owed(store).balance_minor, owed(store).credit_minor, owed(store).seq) == (-1000, 1000, 3)
    assert postings(store) == {Book.RECEIVABLE: -3300, Book.REVENUE: 2750, Book.TAX: 550}


def test_a_bad_debt_is_owed_no_more_and_what_was_paid_stays_paid(
    corrections: Corrections, invoices: Invoices, store: BillingStore
) -> None:
    pay(store, 1000)
    for _ in range(2):
        corrections.write_off("inv_1", AT, FINANCE, "req-1")
    assert invoices.get("inv_1").status is InvoiceStatus.UNCOLLECTIBLE
    assert (owed(store).balance_minor, owed(store).seq) == (0, 3)
    assert postings(store) == {Book.BAD_DEBT: 2300, Book.RECEIVABLE: -2300}


def test_what_is_paid_cannot_be_given_up(corrections: Corrections, store: BillingStore) -> None:
    pay(store, 3300)
    for give_up in (corrections.void, corrections.write_off):
        with pytest.raises(Conflict, match="Nothing of this invoice is due"):
            give_up("inv_1", AT, FINANCE, "req-1")
    with pytest.raises(NotFound):
        corrections.void("inv_none", AT, FINANCE, "req-1")


def test_a_credit_note_takes_from_what_is_due_once(
    corrections: Corrections, invoices: Invoices, store: BillingStore
) -> None:
    for _ in range(2):
        assert corrections.credit(a_note(), FINANCE, "evt_1").balance_minor == 2100
    assert invoices.get("inv_1").due_minor == 2100
    assert postings(store) == {Book.RECEIVABLE: -1200, Book.REVENUE: 1000, Book.TAX: 200}
    tail = store.tail("acc_1")
    assert tail is not None
    assert (tail.entry_kind, tail.reference_id, tail.cause) == (EntryKind.CREDIT_NOTE, "cn_1", "evt_1")
    with pytest.raises(Conflict, match="Another credit note"):
        corrections.credit(a_note(amount_minor=1201), FINANCE, "evt_1")


def test_credit_notes_take_no_more_than_the_invoice(corrections: Corrections, store: BillingStore) -> None:
    pay(store, 3300)
    corrections.credit(a_note(), FINANCE, "evt_1")
    with pytest.raises(Conflict, match="more than is left"):
        corrections.credit(a_note("cn_2", 2101), FINANCE, "evt_2")
    corrections.credit(a_note("cn_2", 2100), FINANCE, "evt_2")
    assert (owed(store).balance_minor, owed(store).credit_minor) == (-3300, 3300)


def test_an_invoice_that_was_given_up_takes_no_credit_note(corrections: Corrections, store: BillingStore) -> None:
    corrections.write_off("inv_1", AT, FINANCE, "req-1")
    with pytest.raises(Conflict, match="takes no credit note"):
        corrections.credit(a_note(), FINANCE, "evt_1")
    with pytest.raises(NotFound):
        corrections.credit(a_note(invoice_id="inv_none"), FINANCE, "evt_1")
    assert owed(store).balance_minor == 0


def test_a_credit_note_of_another_account_is_refused(corrections: Corrections, store: BillingStore) -> None:
    open_account(store.table, "acc_2")
    with pytest.raises(Conflict, match="takes no credit note"):
        corrections.credit(a_note(account_id="acc_2"), FINANCE, "evt_1")


def test_a_void_takes_back_what_credit_notes_left(corrections: Corrections, store: BillingStore) -> None:
    corrections.credit(a_note(), FINANCE, "evt_1")
    corrections.void("inv_1", AT, FINANCE, "req-1")
    assert owed(store).balance_minor == 0
    assert postings(store) == {Book.RECEIVABLE: -2100, Book.REVENUE: 1750, Book.TAX: 350}


def test_a_withdrawn_credit_note_is_due_again_once_and_makes_room(
    corrections: Corrections, invoices: Invoices, store: BillingStore
) -> None:
    corrections.credit(a_note(amount_minor=3300, tax_minor=550), FINANCE, "evt_1")
    for _ in range(2):
        owing = corrections.withdraw_credit(a_note(), AT, FINANCE, "evt_2")
        assert (owing.balance_minor, owing.due_minor("inv_1")) == (3300, 3300)
    assert invoices.get("inv_1").status is InvoiceStatus.OPEN
    assert postings(store) == {Book.RECEIVABLE: 3300, Book.REVENUE: -2750, Book.TAX: -550}
    corrections.credit(a_note("cn_2"), FINANCE, "evt_3")
    assert owed(store).balance_minor == 2100
    with pytest.raises(NotFound):
        corrections.withdraw_credit(a_note("cn_none"), AT, FINANCE, "evt_2")


Correct = Callable[[Corrections], object]
EACH: dict[str, Correct] = {
    "void": lambda each: each.void("inv_1", AT, FINANCE, "req-1"),
    "write off": lambda each: each.write_off("inv_1", AT, FINANCE, "req-1"),
    "credit": lambda each: each.credit(a_note(amount_minor=3300, tax_minor=550), FINANCE, "evt_1"),
}


@pytest.mark.parametrize("calls", range(1, 7))
@pytest.mark.parametrize("correct", EACH.values(), ids=EACH)
def test_a_twin_between_any_two_calls_is_one_correction(
    corrections: Corrections, store: BillingStore, correct: Correct, calls: int
) -> None:
    between = Between(store.table, calls, lambda: correct(corrections))
    correct(Corrections(BillingStore(between), corrections.clock))
    correct(corrections)
    assert (owed(store).balance_minor, owed(store).seq) == (0, 2)


@pytest.mark.parametrize("calls", range(1, 5))
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("correct", EACH.values(), ids=EACH)
def test_a_crash_at_any_call_is_mended_by_the_repeat(
    corrections: Corrections, store: BillingStore, correct: Correct, calls: int, after: bool
) -> None:
    with pytest.raises(Crash):
        correct(Corrections(BillingStore(Fragile(store.table, calls, after=after)), corrections.clock))
    correct(corrections)
    assert (owed(store).balance_minor, owed(store).seq) == (0, 2)


def test_a_replica_that_lags_behind_hides_no_invoice(store: BillingStore, clock: FixedClock) -> None:
    open_account(store.table)
    lagging = BillingStore(Lagging(store.table))
    billing = Invoices(lagging, clock, lambda: date(2026, 11, 20))
    assert billing.issue(an_invoice()) == billing.issue(an_invoice())
    Corrections(lagging, clock).void("inv_1", AT, FINANCE, "req-1")
    assert owed(store).balance_minor == 0


def test_a_payment_that_comes_between_is_seen(corrections: Corrections, store: BillingStore) -> None:
    between = Between(store.table, 6, lambda: pay(store, 1000))
    Corrections(BillingStore(between), corrections.clock).void("inv_1", AT, FINANCE, "req-1")
    assert (owed(store).balance_minor, owed(store).credit_minor) == (-1000, 1000)


def reopen(store: BillingStore, amount_minor: int) -> None:
    """Money of a payment of the bill goes back, when no credit is left that could cover it."""
    bill, before = an_invoice(), store.receivables("acc_1", consistent=True)
    part = Allocation(invoice_id="inv_1", period=bill.period, due_on=bill.due_on, amount_minor=amount_minor)
    after, _ = before.refunded(amount_minor, [part])
    refund = book(before, after, a_movement(EntryKind.REFUND, amount_minor, reference_id="ref_1"), AT)
    store.table.write(entry_put(refund))


def test_a_void_that_is_repeated_after_a_refund_annuls_nothing_twice(
    corrections: Corrections, invoices: Invoices, store: BillingStore
) -> None:
    pay(store, 1000)
    corrections.void("inv_1", AT, FINANCE, "req-1")
    invoices.issue(an_invoice("inv_2"))
    reopen(store, 1000)
    for _ in range(2):
        assert corrections.void("inv_1", AT, FINANCE, "req-1", paid_too=True).due_minor == 1000
    assert owed(store).balance_minor == 3300


def test_what_is_due_again_of_a_bad_debt_is_not_given_up_by_a_repeat(
    corrections: Corrections, store: BillingStore
) -> None:
    pay(store, 1000)
    corrections.write_off("inv_1", AT, FINANCE, "req-1")
    reopen(store, 1000)
    assert corrections.write_off("inv_1", AT, FINANCE, "req-1").due_minor == 1000
    assert corrections.reinstate("inv_1", AT, FINANCE, "req-2").due_minor == 3300
    assert owed(store).balance_minor == 3300


def test_an_invoice_is_given_up_in_one_way(corrections: Corrections, store: BillingStore) -> None:
    pay(store, 1000)
    corrections.write_off("inv_1", AT, FINANCE, "req-1")
    reopen(store, 1000)
    with pytest.raises(Conflict, match="given up"):
        corrections.void("inv_1", AT, FINANCE, "req-2", paid_too=True)
    corrections.reinstate("inv_1", AT, FINANCE, "req-3")
    corrections.void("inv_1", AT, FINANCE, "req-2")
    assert owed(store).balance_minor == 0
    with pytest.raises(Conflict, match="given up"):
        corrections.write_off("inv_1", AT, FINANCE, "req-4")


def test_a_credit_note_of_a_void_invoice_stays(corrections: Corrections, store: BillingStore) -> None:
    corrections.credit(a_note(), FINANCE, "evt_1")
    corrections.void("inv_1", AT, FINANCE, "req-1")
    with pytest.raises(Conflict, match="void"):
        corrections.withdraw_credit(a_note(), AT, FINANCE, "evt_2")
    assert owed(store).balance_minor == 0


def test_costs(corrections: Corrections, meter: Meter) -> None:
    corrections.credit(a_note(), FINANCE, "evt_1")
    assert (meter.calls[-1], meter.write_units) == ("TransactWriteItems", 4)
    corrections.void("inv_1", AT, FINANCE, "req-1")
    assert (meter.calls[-1], meter.write_units) == ("TransactWriteItems", 8)


def test_a_debt_that_was_given_up_can_be_due_again(store: BillingStore, corrections: Corrections) -> None:
    corrections.write_off("inv_1", AT, FINANCE, "one")
    standing = corrections.reinstate("inv_1", AT, FINANCE, "two")
    assert (standing.status, standing.due_minor) == (InvoiceStatus.OPEN, 3300)
    assert corrections.reinstate("inv_1", AT, FINANCE, "two") == standing
    assert owed(store).balance_minor == 3300
    assert sum(p.amount_minor for e in store.ledger("acc_1") for p in e.postings if p.book is Book.BAD_DEBT) == 0
    corrections.write_off("inv_1", AT, FINANCE, "three")
    assert (owed(store).balance_minor, owed(store).open_invoices) == (0, ())


def test_a_paid_bill_is_annulled_only_when_that_is_meant(store: BillingStore, corrections: Corrections) -> None:
    pay(store, 3300)
    with pytest.raises(Conflict):
        corrections.void("inv_1", AT, FINANCE, "one")
    for _ in range(2):
        assert corrections.void("inv_1", AT, FINANCE, "one", paid_too=True).status is InvoiceStatus.VOID
    assert owed(store).credit_minor == 3300


def test_what_standing_credit_had_paid_is_credit_again_when_it_is_given_up_elsewhere(
    store: BillingStore, invoices: Invoices, corrections: Corrections
) -> None:
    pay(store, 3700)
    invoices.issue(an_invoice("inv_2"))
    assert corrections.write_off("inv_2", AT, FINANCE, "one", lost_minor=3300).status is InvoiceStatus.UNCOLLECTIBLE
    assert (owed(store).credit_minor, owed(store).open_invoices) == (400, ())
    assert corrections.reinstate("inv_2", AT, FINANCE, "two").due_minor == 3300
