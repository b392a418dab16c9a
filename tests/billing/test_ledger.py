"""Entries that balance, and the proof that finds the first one that was tampered with."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.billing.ledger import LedgerEntry, book, verify
from chalicelib.billing.movements import Book, EntryKind, Posting
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import entry_put
from chalicelib.platform.codec import encode
from tests.billing.builders import AT, a_movement, an_invoice
from tests.harness import stored_size

K, B = EntryKind, Book
NOTHING = Receivables(account_id="acc_1", currency="GBP")


def sides(kind: EntryKind, amount_minor: int = 600, tax_minor: int = 0) -> dict[Book, int]:
    postings = a_movement(kind, amount_minor, tax_minor=tax_minor).postings
    assert sum(posting.amount_minor for posting in postings) == 0
    return {posting.book: posting.amount_minor for posting in postings}


@pytest.mark.parametrize(
    ("kind", "debit", "credit"),
    [
        (K.PAYMENT, B.CASH, B.RECEIVABLE),
        (K.REFUND, B.RECEIVABLE, B.CASH),
        (K.REFUND_FAILED, B.CASH, B.RECEIVABLE),
        (K.DISPUTE_OPENED, B.DISPUTED, B.CASH),
        (K.DISPUTE_WON, B.CASH, B.DISPUTED),
        (K.DISPUTE_LOST, B.RECEIVABLE, B.DISPUTED),
        (K.WRITTEN_OFF, B.BAD_DEBT, B.RECEIVABLE),
        (K.SUSPENSE_TAKEN, B.CASH, B.SUSPENSE),
        (K.SUSPENSE_RELEASED, B.SUSPENSE, B.TRANSFER),
        (K.PAYMENT_MATCHED, B.TRANSFER, B.RECEIVABLE),
    ],
)
def test_each_kind_takes_from_one_book_and_gives_to_another(kind: EntryKind, debit: Book, credit: Book) -> None:
    assert sides(kind) == {debit: 600, credit: -600}


@pytest.mark.parametrize("kind", [K.INVOICE, K.CREDIT_NOTE_VOIDED])
def test_what_is_billed_is_revenue_and_tax(kind: EntryKind) -> None:
    assert sides(kind, 600, 100) == {B.RECEIVABLE: 600, B.REVENUE: -500, B.TAX: -100}


@pytest.mark.parametrize("kind", [K.INVOICE_VOIDED, K.CREDIT_NOTE])
def test_what_is_taken_back_is_revenue_and_tax_too(kind: EntryKind) -> None:
    assert sides(kind, 600, 100) == {B.RECEIVABLE: -600, B.REVENUE: 500, B.TAX: 100}


@given(st.sampled_from(K), st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6))
def test_every_movement_balances(kind: EntryKind, amount: int, tax: int) -> None:
    assert all(sides(kind, amount, tax).values())


def test_postings_that_do_not_balance_are_refused() -> None:
    whole = entries()[0].model_dump(exclude={"postings"})
    with pytest.raises(ValidationError, match="do not balance"):
        LedgerEntry(**whole, postings=(Posting(book=B.CASH, amount_minor=1),))


def test_a_movement_that_does_not_lead_there_is_not_booked() -> None:
    after, _ = NOTHING.paid(500)
    with pytest.raises(ValueError, match="balance: expected -501, found -500"):
        book(NOTHING, after, a_movement(amount_minor=501), AT)
    with pytest.raises(ValueError, match="seq: expected 1, found 2"):
        book(NOTHING, after.noted(), a_movement(), AT)


def entries() -> list[LedgerEntry]:
    """A bill of 33.00, a payment of 50.00, a dispute of it that is lost, and a second bill."""
    owed, chain = NOTHING, []

    def add(after: Receivables, kind: EntryKind, amount: int, tax: int = 0) -> Receivables:
        chain.append(book(owed, after, a_movement(kind, amount, tax_minor=tax), AT))
        return after

    owed = add(owed.issued(an_invoice("inv_1"))[0], K.INVOICE, 3300, 550)
    after, paid = owed.paid(5000)
    owed = add(after, K.PAYMENT, 5000)
    owed = add(owed.noted(), K.DISPUTE_OPENED, 5000)
    owed = add(owed.refunded(5000, paid)[0], K.DISPUTE_LOST, 5000)
    owed = add(owed.issued(an_invoice("inv_2"))[0], K.INVOICE, 3300, 550)
    return chain


def test_an_honest_ledger_is_proved() -> None:
    chain = entries()
    assert [(entry.seq, entry.amount_minor, entry.balance_minor) for entry in chain] == [
        (1, 3300, 3300), (2, -5000, -1700), (3, 0, -1700), (4, 5000, 3300), (5, 3300, 6600),
    ]  # fmt: skip
    assert verify(chain) is None
    assert verify([]) is None


def test_a_suspense_account_stands_in_its_own_book() -> None:
    held = Receivables(account_id="acc_suspense_gbp", currency="GBP")
    chain = []
    for kind, after in [
        (K.SUSPENSE_TAKEN, held.paid(700)[0]),
        (K.REFUND, held.paid(700)[0].refunded(200, ())[0]),
        (K.SUSPENSE_RELEASED, held.paid(700)[0].refunded(200, ())[0].refunded(500, ())[0]),
    ]:
        chain.append(book(held, after, a_movement(kind, abs(after.balance_minor - held.balance_minor)), AT))
        held = after
    assert [entry.balance_minor for entry in chain] == [-700, -500, 0]
    assert verify(chain) is None
    sums = Counter[Book]()
    for posting in (posting for entry in chain for posting in entry.postings):
        sums[posting.book] += posting.amount_minor
    assert sums == {B.CASH: 500, B.SUSPENSE: 0, B.TRANSFER: -500}


def test_a_customer_has_no_part_in_the_suspense_book() -> None:
    with pytest.raises(ValueError, match="the other kind of account: expected 0, found 1"):
        book(NOTHING, NOTHING.paid(500)[0], a_movement(K.SUSPENSE_TAKEN), AT)


def forged(seq: int, /, **changes: Any) -> list[LedgerEntry]:
    """The chain with one entry changed past all validation."""
    return [entry.model_copy(update=changes) if entry.seq == seq else entry for entry in entries()]


ENTRY = entries()[0]
(OPEN,) = ENTRY.open_invoices


@pytest.mark.parametrize(
    ("seq", "changes", "what", "expected", "found"),
    [
        (2, {"seq": 3}, "seq", "2", "3"),
        (3, {"account_id": "acc_2"}, "account and currency", "('acc_1', 'GBP')", "('acc_2', 'GBP')"),
        (3, {"currency": "EUR"}, "account and currency", "('acc_1', 'GBP')", "('acc_1', 'EUR')"),
        (4, {"postings": ENTRY.postings[:1]}, "sum of postings", "0", "3300"),
        (4, {"postings": ENTRY.postings}, "balance", "1600", "3300"),
        (2, {"balance_minor": 0}, "balance", "-1700", "0"),
        (1, {"open_invoices": (OPEN, OPEN)}, "open invoices, each once", "['inv_1']", "['inv_1', 'inv_1']"),
        (1, {"open_invoices": (OPEN.model_copy(update={"due_minor": -1}),)}, "open invoices, each with something due",
         "[1]", "[-1]"),
        (1, {"open_invoices": (OPEN.model_copy(update={"due_minor": 3301}),)},
         "change of what is open, between nothing and the amount", "3300", "3301"),
        (3, {"open_invoices": (OPEN,)}, "change of what is open, between nothing and the amount", "0", "3300"),
        (1, {"open_invoices": ()}, "credit, not below nothing", "0", "-3300"),
    ],
)  # fmt: skip
def test_the_first_difference_is_named(seq: int, changes: dict[str, Any], what: str, expected: str, found: str) -> None:
    difference = verify(forged(seq, **changes))
    assert difference is not None
    assert (difference.seq, difference.what) == (changes.get("seq", seq), what)
    assert (difference.expected, difference.found) == (expected, found)


@given(st.integers(0, 4))
def test_an_entry_that_is_missing_or_stands_twice_is_found(gone: int) -> None:
    chain = entries()
    short = verify(chain[:gone] + chain[gone + 1 :])
    assert (short is None) == (gone == len(chain) - 1)
    assert verify(chain[: gone + 1] + chain[gone:]) is not None


def test_an_entry_with_three_open_invoices_takes_one_write_unit() -> None:
    """With ids as long as they really are; Stripe's are the longest causes."""
    owed = Receivables(account_id="acc_01M6GG8HXXY3CSJ72Y8ZGD4THN", currency="GBP")
    for month in (8, 9, 10):
        invoice = an_invoice(
            f"inv_01M6AW205WPQZ1DDEBWW9V3XV{month:X}", issued_on=date(2026, month, 1), account_id=owed.account_id
        )
        owed, _ = owed.issued(invoice)
    after, _ = owed.paid(1000)
    actor_name = "a.rather.long.name@example.com"
    movement = a_movement(amount_minor=1000, reference_id="pay_7QK2M4XW3NZB5RJDTVYH6CPGFA", cause="evt_" + "3" * 24)
    entry = book(owed, after, movement, AT + timedelta(days=1))
    entry = entry.model_copy(update={"seq": 1_000_000, "actor": "a" * 36, "actor_name": actor_name})
    assert len(entry.open_invoices) == 3
    assert stored_size(encode(entry_put(entry).item)) <= 1024
