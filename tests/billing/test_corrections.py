"""Bills taken back: void, write-off and credit notes, each once, each in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.billing.corrections import Corrections
from chalicelib.billing.model import CreditNote, InvoiceStatus
from chalicelib.billing.movements import Book, EntryKind
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.platform.errors import Conflict, NotFound
from tests.billing.books import FINANCE, owed, postings
from tests.billing.builders import AT, an_invoice, open_account
from tests.billing.test_store import pay
from tests.fakes import FixedClock
from tests.harness import Meter
from tests.tables import Between, Crash, Fragile, Lagging


def a_note(credit_note_id: str = "cn_1", amount_minor: int = 1200, tax_minor: int = 200, **changes: Any) -> CreditNote:
    fields: dict[str, Any] = {"invoice_id": "inv_1", "account_id": "acc_1", "issued_at": AT}
    return CreditNote(
        credit_note_id=credit_note_id, amount_minor=amount_minor, tax_minor=tax_minor, **{**fields, **changes}
    )


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
