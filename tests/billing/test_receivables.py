"""What each movement does to what an account owes, and laws that hold after any movements in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.model import Invoice, InvoiceStatus
from chalicelib.billing.receivables import Allocation, InvoiceNotOpen, OpenInvoice, Receivables, allocate
from tests.billing.builders import a_line, an_invoice

NOTHING = Receivables(account_id="acc_1", currency="GBP")


def open_invoice(invoice_id: str, due_minor: int, due_on: date = date(2026, 11, 1)) -> OpenInvoice:
    return OpenInvoice(invoice_id=invoice_id, period="2026-10", due_on=due_on, due_minor=due_minor)


def owing(*invoices: OpenInvoice, credit_minor: int = 0) -> Receivables:
    balance = sum(invoice.due_minor for invoice in invoices) - credit_minor
    return NOTHING.model_copy(update={"open_invoices": invoices, "balance_minor": balance})


def part(invoice_id: str, amount_minor: int) -> Allocation:
    return Allocation(invoice_id=invoice_id, period="2026-10", due_on=date(2026, 11, 1), amount_minor=amount_minor)


def dues(owed: Receivables) -> dict[str, int]:
    return {invoice.invoice_id: invoice.due_minor for invoice in owed.open_invoices}


def parts(allocations: tuple[Allocation, ...]) -> list[tuple[str, int]]:
    return [(part.invoice_id, part.amount_minor) for part in allocations]


OLD_AND_NEW = owing(open_invoice("inv_new", 500, date(2026, 12, 1)), open_invoice("inv_old", 500, date(2026, 11, 1)))


def test_a_payment_pays_the_oldest_first() -> None:
    after, paid = OLD_AND_NEW.paid(700)
    assert parts(paid) == [("inv_old", 500), ("inv_new", 200)]
    assert (dues(after), after.balance_minor, after.seq) == ({"inv_new": 300}, 300, 1)


def test_chosen_invoices_are_paid_first_then_the_others_and_the_rest_is_credit() -> None:
    assert parts(OLD_AND_NEW.paid(700, ["inv_new"])[1]) == [("inv_new", 500), ("inv_old", 200)]
    assert parts(OLD_AND_NEW.paid(700, ["inv_gone"])[1]) == [("inv_old", 500), ("inv_new", 200)]
    after, _ = OLD_AND_NEW.paid(1200, ["inv_new"])
    assert (dues(after), after.credit_minor) == ({}, 200)


def test_credit_pays_the_next_bill() -> None:
    owed, booked = owing(credit_minor=1000).issued(an_invoice())
    assert (booked.credit_applied_minor, dues(owed), owed.credit_minor) == (1000, {"inv_1": 2300}, 0)
    assert (owed.standing(booked).due_minor, owed.standing(booked).status) == (2300, InvoiceStatus.OPEN)
    owed, booked = owing(credit_minor=5000).issued(an_invoice())
    assert (dues(owed), owed.standing(booked).status, owed.credit_minor) == ({}, InvoiceStatus.PAID, 1700)


def test_a_refund_takes_unused_credit_first_then_opens_what_the_payment_paid_last_first() -> None:
    owed, paid = owing(open_invoice("inv_1", 300), open_invoice("inv_2", 300, date(2026, 12, 1))).paid(700)
    after, undone = owed.refunded(250, paid)
    assert (parts(undone), dues(after), after.credit_minor) == ([("inv_2", 150)], {"inv_2": 150}, 0)
    assert after.open_invoices[0] == open_invoice("inv_2", 150, date(2026, 12, 1))
    after, undone = owed.refunded(700, paid)
    assert (parts(undone), after.balance_minor) == ([("inv_2", 300), ("inv_1", 300)], 600)


def test_a_refund_adds_to_what_is_still_due_of_an_invoice() -> None:
    owed, paid = owing(open_invoice("inv_1", 300)).paid(200)
    assert dues(owed.refunded(150, paid)[0]) == {"inv_1": 250}
    assert dues(owed.refunded(150, [part("inv_1", 100), part("inv_1", 100)])[0]) == {"inv_1": 250}


def test_refunded_money_whose_credit_was_spent_is_owed_on_no_invoice_and_paid_last() -> None:
    owed, paid = NOTHING.paid(400)
    owed, _ = owed.issued(an_invoice("inv_1", a_line(net_minor=400, tax_rate_bp=0)))
    owed, undone = owed.refunded(400, paid)
    assert (owed.balance_minor, owed.credit_minor, undone, dues(owed)) == (400, -400, (), {})
    assert owed.overdue_minor(date(2026, 1, 1)) == 400
    owed, _ = owed.issued(an_invoice("inv_2", a_line(net_minor=100, tax_rate_bp=0)))
    assert (owed.balance_minor, dues(owed)) == (500, {"inv_2": 100})
    after, paid = owed.paid(500)
    assert (after.balance_minor, after.credit_minor, parts(paid)) == (0, 0, [("inv_2", 100)])


def test_a_credit_note_takes_from_what_is_due_and_the_rest_is_credit() -> None:
    after, taken = owing(open_invoice("inv_1", 300)).credited("inv_1", 500)
    assert (taken, dues(after), after.credit_minor) == (300, {}, 200)


def test_what_was_paid_of_a_void_invoice_becomes_credit() -> None:
    owed, _ = owing(open_invoice("inv_1", 300)).paid(100)
    after, due = owed.voided("inv_1", 300)
    assert (due, dues(after), after.credit_minor, after.balance_minor) == (200, {}, 100, -100)


def test_a_void_takes_back_no_more_than_was_billed_when_credit_of_it_was_spent_elsewhere() -> None:
    owed, paid = owing(open_invoice("inv_1", 300)).paid(300)
    owed, _ = owed.credited("inv_1", 200)
    owed, _ = owed.issued(an_invoice("inv_2", a_line(net_minor=200, tax_rate_bp=0)))
    owed, _ = owed.refunded(300, paid)
    assert (dues(owed), owed.balance_minor) == ({"inv_1": 300}, 300)
    after, due = owed.voided("inv_1", 100)
    assert (due, dues(after), after.balance_minor, after.credit_minor) == (100, {"inv_1": 200}, 200, 0)


def test_what_was_paid_of_a_bad_debt_stays_paid() -> None:
    owed, _ = owing(open_invoice("inv_1", 300)).paid(100)
    after, due = owed.written_off("inv_1")
    assert (due, dues(after), after.credit_minor, after.balance_minor) == (200, {}, 0, 0)


def test_what_is_not_open_cannot_be_given_up() -> None:
    with pytest.raises(InvoiceNotOpen):
        NOTHING.voided("inv_1", 300)
    with pytest.raises(InvoiceNotOpen):
        NOTHING.written_off("inv_1")


def test_overdue_is_what_was_due_before_today_less_credit() -> None:
    owed = owing(open_invoice("inv_1", 500), open_invoice("inv_2", 300, date(2026, 12, 1)), credit_minor=100)
    assert owed.overdue_minor(date(2026, 11, 1)) == 0
    assert owed.overdue_minor(date(2026, 11, 2)) == 400
    assert owed.overdue_minor(date(2026, 12, 2)) == 700


def test_the_newest_bill_stays_the_last_bill_when_an_older_one_is_loaded_late() -> None:
    owed, _ = NOTHING.issued(an_invoice("inv_new", issued_on=date(2026, 10, 1)))
    owed, _ = owed.issued(an_invoice("inv_old", issued_on=date(2026, 9, 1)))
    assert owed.last_invoice is not None
    assert owed.last_invoice.invoice_id == "inv_new"


def test_of_two_bills_of_one_day_the_later_issued_is_the_last() -> None:
    owed, _ = NOTHING.issued(an_invoice("inv_first"))
    owed, _ = owed.issued(an_invoice("inv_later"))
    assert owed.last_invoice is not None
    assert owed.last_invoice.invoice_id == "inv_later"


def test_the_last_bill_knows_what_the_one_before_it_came_to() -> None:
    first, _ = NOTHING.issued(an_invoice("inv_1", a_line(net_minor=1000, tax_rate_bp=0)))
    owed, _ = first.issued(an_invoice("inv_2", a_line(net_minor=1700, tax_rate_bp=0)))
    assert first.last_invoice is not None
    assert owed.last_invoice is not None
    assert (first.last_invoice.before_minor, owed.last_invoice.before_minor) == (None, 1000)


@pytest.mark.parametrize("closed_as", [InvoiceStatus.VOID, InvoiceStatus.UNCOLLECTIBLE])
def test_an_invoice_that_was_given_up_says_so_unless_something_is_due(closed_as: InvoiceStatus) -> None:
    closed = an_invoice(closed_as=closed_as)
    assert NOTHING.standing(closed).status is closed_as
    assert owing(open_invoice("inv_1", 1)).standing(closed).status is InvoiceStatus.OPEN


amounts = st.integers(min_value=1, max_value=10**6)


@given(amounts, st.lists(amounts, max_size=8))
def test_a_payment_is_spread_without_losing_or_making_a_penny(amount: int, listed: list[int]) -> None:
    paid = allocate(amount, [open_invoice(f"inv_{i}", due) for i, due in enumerate(listed)])
    assert sum(part.amount_minor for part in paid) == min(amount, sum(listed))
    assert [part.invoice_id for part in paid] == [f"inv_{i}" for i in range(len(paid))]
    assert all(part.amount_minor == due for part, due in zip(paid[:-1], listed, strict=False))


@dataclass
class Purses:
    """The oracle: the same life told as coins. Each coin that is owed, or was paid, lies in exactly one purse.

    It goes by what the moves say they did (what was applied, allocated, undone, taken) and never looks at the account.
    """

    balance: int = 0
    total: dict[str, int] = field(default_factory=dict)
    due: Counter[str] = field(default_factory=Counter)
    credited: Counter[str] = field(default_factory=Counter)
    loose: int = 0
    """Money of the customer on no invoice; below zero: owed on no invoice."""
    closed: set[str] = field(default_factory=set)
    payments: list[tuple[int, Counter[str]]] = field(default_factory=list)
    """What is left to refund of each payment, and what of it still pays which invoice."""

    def agrees_with(self, owed: Receivables) -> None:
        assert owed.balance_minor == self.balance
        assert dues(owed) == {invoice_id: due for invoice_id, due in self.due.items() if due}
        assert owed.credit_minor == self.loose
        assert all(0 <= due <= self.total[invoice_id] for invoice_id, due in self.due.items())
        assert len({invoice.invoice_id for invoice in owed.open_invoices}) == len(owed.open_invoices)


MOVES = ("issue", "pay", "refund", "credit", "void", "write off")
lines = st.builds(
    a_line,
    net_minor=st.integers(min_value=-(10**5), max_value=10**6),
    tax_rate_bp=st.sampled_from([0, 500, 1900, 2000]),
)


@given(st.data(), st.lists(st.sampled_from(MOVES), max_size=14))
def test_after_any_life_nothing_is_lost_and_nothing_comes_from_nothing(data: st.DataObject, life: list[str]) -> None:
    owed, purses, may_fall = NOTHING, Purses(), False
    for move in life:
        before = owed
        if move == "issue":
            day = data.draw(st.integers(0, 700))
            invoice = an_invoice(f"inv_{owed.seq}", data.draw(lines), issued_on=date(2025, 1, 1) + timedelta(day))
            owed = issue(owed, purses, invoice)
        elif move == "pay":
            chosen = data.draw(st.lists(st.sampled_from([*purses.total, "inv_none"]), unique=True, max_size=3))
            owed = pay(owed, purses, data.draw(amounts), chosen)
        elif move == "refund" and purses.payments:
            owed = refund(owed, purses, data.draw(st.integers(0, len(purses.payments) - 1)), data)
            may_fall = True
        elif move == "credit" and (able := [i for i in purses.total if i not in purses.closed]):
            owed = credit(owed, purses, data.draw(st.sampled_from(able)), data)
        elif move in ("void", "write off") and owed.open_invoices:
            owed = give_up(owed, purses, data.draw(st.sampled_from(sorted(dues(owed)))), void=move == "void")
        purses.agrees_with(owed)
        assert owed.seq in (before.seq, before.seq + 1)
        assert may_fall or owed.credit_minor >= 0
        assert move == "refund" or owed.credit_minor >= min(0, before.credit_minor)


def issue(owed: Receivables, purses: Purses, invoice: Invoice) -> Receivables:
    after, booked = owed.issued(invoice)
    purses.balance += invoice.total_minor
    purses.total[invoice.invoice_id] = max(0, invoice.total_minor)
    purses.due[invoice.invoice_id] = max(0, invoice.total_minor) - booked.credit_applied_minor
    purses.loose += max(0, -invoice.total_minor) - booked.credit_applied_minor
    return after


def pay(owed: Receivables, purses: Purses, amount: int, chosen: list[str]) -> Receivables:
    after, paid = owed.paid(amount, chosen)
    assert all(part.amount_minor > 0 for part in paid)
    spread = Counter({part.invoice_id: part.amount_minor for part in paid})
    purses.balance -= amount
    purses.due.subtract(spread)
    purses.loose += amount - spread.total()
    assert spread.total() == amount or not after.open_invoices
    purses.payments.append((amount, spread))
    return after


def refund(owed: Receivables, purses: Purses, which: int, data: st.DataObject) -> Receivables:
    left, spread = purses.payments[which]
    if not left:
        return owed
    amount = data.draw(st.integers(1, left))
    after, undone = owed.refunded(amount, [part(i, minor) for i, minor in spread.items() if minor])
    back = Counter({part.invoice_id: part.amount_minor for part in undone})
    assert all(back[invoice_id] <= spread[invoice_id] for invoice_id in back)
    purses.balance += amount
    purses.due.update(back)
    purses.loose -= amount - back.total()
    purses.payments[which] = (left - amount, spread - back)
    return after


def credit(owed: Receivables, purses: Purses, invoice_id: str, data: st.DataObject) -> Receivables:
    left = purses.total[invoice_id] - purses.credited[invoice_id]
    if left <= 0:
        return owed
    amount = data.draw(st.integers(1, left))
    after, taken = owed.credited(invoice_id, amount)
    purses.balance -= amount
    purses.due[invoice_id] -= taken
    purses.loose += amount - taken
    purses.credited[invoice_id] += amount
    return after


def give_up(owed: Receivables, purses: Purses, invoice_id: str, *, void: bool) -> Receivables:
    billed = purses.total[invoice_id] - purses.credited[invoice_id]
    after, due = owed.voided(invoice_id, billed) if void else owed.written_off(invoice_id)
    purses.balance -= billed if void else due
    purses.due[invoice_id] -= due
    purses.loose += billed - due if void else 0
    purses.closed.add(invoice_id)
    return after


def test_a_payment_of_chosen_bills_only_leaves_the_rest_as_credit() -> None:
    before, _ = Receivables(account_id="acc_1", currency="GBP").issued(an_invoice("inv_1"))
    before, _ = before.issued(an_invoice("inv_2"))
    after, parts = before.paid(4000, ["inv_2"], only=True)
    assert [(part.invoice_id, part.amount_minor) for part in parts] == [("inv_2", 3300)]
    assert (after.due_minor("inv_1"), after.credit_minor) == (3300, 700)
