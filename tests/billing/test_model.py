"""Bills whose sums hold, and the account that they make, for any amounts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.billing.model import Invoice, InvoiceStatus
from chalicelib.billing.receivables import OpenInvoice, Receivables, allocate
from tests.billing.builders import a_line, an_invoice

NOTHING = Receivables(account_id="acc_1", currency="GBP")
amounts = st.integers(min_value=1, max_value=10**8)
lines = st.builds(
    a_line,
    line_id=st.uuids().map(str),
    net_minor=st.integers(min_value=-(10**6), max_value=10**6),
    tax_rate_bp=st.sampled_from([0, 500, 1900, 2000, 2300]),
)
days = st.integers(min_value=0, max_value=700).map(lambda days: date(2025, 1, 1) + timedelta(days=days))
bills = st.builds(
    lambda billed, issued_on, serial: an_invoice(f"inv_{serial}", *billed, issued_on=issued_on),
    st.lists(lines, min_size=1, max_size=5),
    days,
    st.uuids().map(lambda uuid: uuid.hex),
)


def holds(owed: Receivables) -> bool:
    return (
        owed.balance_minor == sum(invoice.due_minor for invoice in owed.open_invoices) - owed.credit_minor
        and all(invoice.due_minor > 0 for invoice in owed.open_invoices)
        and len({invoice.invoice_id for invoice in owed.open_invoices}) == len(owed.open_invoices)
        and owed.credit_minor >= 0
    )


@given(st.lists(st.one_of(bills, amounts), max_size=12))
def test_bills_and_payments_in_any_order_keep_the_account_in_balance(movements: list[Invoice | int]) -> None:
    owed, entries = NOTHING, 0
    for movement in movements:
        if isinstance(movement, Invoice):
            owed, booked = owed.issued(movement)
            assert Invoice.model_validate(booked.model_dump()) == booked
            entries += movement.total_minor
        else:
            before = owed
            owed, parts = owed.paid(movement)
            assert sum(part.amount_minor for part in parts) == min(
                movement, sum(invoice.due_minor for invoice in before.open_invoices)
            )
            entries -= movement
        assert holds(owed)
        assert owed.balance_minor == entries
    assert owed.ledger_version == len(movements)


@given(amounts, st.lists(amounts, max_size=8))
def test_a_payment_is_spread_without_losing_or_making_a_penny(amount: int, dues: list[int]) -> None:
    listed = [open_invoice(f"inv_{i}", due) for i, due in enumerate(dues)]
    parts = allocate(amount, listed)
    assert sum(part.amount_minor for part in parts) == min(amount, sum(dues))
    assert [part.invoice_id for part in parts] == [f"inv_{i}" for i in range(len(parts))]
    assert all(part.amount_minor == due for part, due in zip(parts[:-1], dues, strict=False))


def open_invoice(invoice_id: str, due_minor: int, due_on: date = date(2026, 11, 1)) -> OpenInvoice:
    return OpenInvoice(invoice_id=invoice_id, period="2026-10", due_on=due_on, due_minor=due_minor)


def owing(*invoices: OpenInvoice, credit_minor: int = 0) -> Receivables:
    balance = sum(invoice.due_minor for invoice in invoices) - credit_minor
    return NOTHING.model_copy(update={"open_invoices": invoices, "balance_minor": balance})


def test_the_oldest_is_paid_first_unless_invoices_are_chosen() -> None:
    owed = owing(open_invoice("inv_new", 500, date(2026, 12, 1)), open_invoice("inv_old", 500, date(2026, 11, 1)))
    assert [part.invoice_id for part in owed.paid(700)[1]] == ["inv_old", "inv_new"]
    assert [(part.invoice_id, part.amount_minor) for part in owed.paid(700, ["inv_new"])[1]] == [("inv_new", 500)]
    assert owed.paid(700, ["inv_new"])[0].credit_minor == 200
    assert owed.paid(700, ["inv_gone"])[0].credit_minor == 700


def test_overdue_is_what_was_due_before_today_less_credit() -> None:
    owed = owing(open_invoice("inv_1", 500), open_invoice("inv_2", 300, date(2026, 12, 1)), credit_minor=100)
    assert owed.overdue_minor(date(2026, 11, 1)) == 0
    assert owed.overdue_minor(date(2026, 11, 2)) == 400
    assert owed.overdue_minor(date(2026, 12, 2)) == 700


def test_credit_pays_the_next_bill() -> None:
    owed, booked = owing(credit_minor=1000).issued(an_invoice())
    assert (booked.credit_applied_minor, booked.due_minor, booked.status) == (1000, 2300, InvoiceStatus.OPEN)
    assert (owed.balance_minor, owed.credit_minor) == (2300, 0)
    owed, booked = owing(credit_minor=5000).issued(an_invoice())
    assert (booked.due_minor, booked.status, owed.credit_minor) == (0, InvoiceStatus.PAID, 1700)


def test_the_newest_bill_stays_the_last_bill_when_an_older_one_is_loaded_late() -> None:
    owed, _ = NOTHING.issued(an_invoice("inv_new", issued_on=date(2026, 10, 1)))
    owed, _ = owed.issued(an_invoice("inv_old", issued_on=date(2026, 9, 1)))
    assert owed.last_invoice is not None
    assert owed.last_invoice.invoice_id == "inv_new"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"net_minor": 2751}, "net is not the sum"),
        ({"tax_minor": 551}, "tax is not the sum"),
        ({"total_minor": 3301}, "total is not net plus tax"),
        ({"due_minor": 3301}, "due is more"),
        ({"due_minor": -1}, "due is more"),
        ({"due_minor": 0}, "open exactly while"),
        ({"status": "paid"}, "open exactly while"),
        ({"period": "2026-13"}, "period"),
    ],
)
def test_a_bill_that_does_not_add_up_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        an_invoice(**changes)


@pytest.mark.parametrize(("changes", "why"), [({"quantity": 2}, "net is not"), ({"tax_minor": 549}, "tax is not")])
def test_a_line_that_does_not_add_up_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        a_line(**changes)
