"""Bills that are given up, void or as bad debt: once, in one way, whatever is due of them later."""

from __future__ import annotations

import pytest

from chalicelib.billing.corrections import Corrections
from chalicelib.billing.ledger import book
from chalicelib.billing.model import InvoiceStatus
from chalicelib.billing.movements import Book, EntryKind
from chalicelib.billing.receivables import Allocation
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore, entry_put
from chalicelib.platform.errors import Conflict, NotFound
from tests.billing.books import FINANCE, owed, postings
from tests.billing.builders import AT, a_line, a_movement, an_invoice
from tests.billing.test_store import pay


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


def test_a_bill_that_gave_credit_is_not_annulled(
    corrections: Corrections, invoices: Invoices, store: BillingStore
) -> None:
    invoices.issue(an_invoice("inv_2", a_line(net_minor=-1500)))
    with pytest.raises(Conflict, match="Nothing of this invoice is due"):
        corrections.void("inv_2", AT, FINANCE, "req-1", paid_too=True)
    assert owed(store).balance_minor == 3300 - 1800


def test_what_standing_credit_had_paid_is_credit_again_when_it_is_given_up_elsewhere(
    store: BillingStore, invoices: Invoices, corrections: Corrections
) -> None:
    pay(store, 3700)
    invoices.issue(an_invoice("inv_2"))
    assert corrections.write_off("inv_2", AT, FINANCE, "one", lost_minor=3300).status is InvoiceStatus.UNCOLLECTIBLE
    assert (owed(store).credit_minor, owed(store).open_invoices) == (400, ())
    assert corrections.reinstate("inv_2", AT, FINANCE, "two").due_minor == 3300


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
