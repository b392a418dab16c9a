"""The balance of a customer: the sum of its transactions, applied by invoices and returned by void ones."""

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.infra.stripe.billing import balance, draft, opened, payer
from tests.infra.stripe.desk import Desk


def test_credit_pays_before_the_card_does(desk: Desk) -> None:
    customer = payer(desk)
    _adjust(desk, customer, -400)

    shown = draft(desk, customer, 1000)
    invoice = desk.v1.invoices.finalize_invoice(str(shown.id))

    assert (shown.starting_balance, shown.ending_balance, shown.amount_due) == (-400, None, 600)
    assert (invoice.starting_balance, invoice.ending_balance, invoice.amount_due, invoice.total) == (-400, 0, 600, 1000)
    assert desk.v1.invoices.pay(str(invoice.id)).amount_paid == 600
    applied = desk.v1.customers.balance_transactions.list(customer, {"invoice": str(invoice.id)}).data
    assert [(each.type, each.amount, each.ending_balance) for each in applied] == [("applied_to_invoice", 400, 0)]


def test_more_credit_than_the_total_pays_it_whole(desk: Desk) -> None:
    customer = payer(desk)
    _adjust(desk, customer, -1500)

    invoice = opened(desk, customer, 1000)

    assert (invoice.status, invoice.amount_due, invoice.ending_balance) == ("paid", 0, -500)
    assert balance(desk, customer) == -500


def test_debt_is_collected_and_too_little_to_charge_becomes_debt(desk: Desk) -> None:
    customer = payer(desk)

    small = opened(desk, customer, 10)
    assert (small.status, small.amount_due, balance(desk, customer)) == ("paid", 0, 10)
    invoice = opened(desk, customer, 1000)

    assert (invoice.amount_due, invoice.starting_balance, invoice.ending_balance) == (1010, 10, 0)
    kinds = [each.type for each in desk.v1.customers.balance_transactions.list(customer).data]
    assert kinds == ["applied_to_invoice", "invoice_too_small"]


def test_a_negative_invoice_is_credit(desk: Desk) -> None:
    customer = payer(desk)

    invoice = opened(desk, customer, -700)

    assert (invoice.status, invoice.total, balance(desk, customer)) == ("paid", -700, -700)


def test_a_void_invoice_gives_the_credit_back(desk: Desk) -> None:
    customer = payer(desk)
    _adjust(desk, customer, -400)
    invoice = opened(desk, customer, 1000)

    desk.v1.invoices.void_invoice(str(invoice.id))

    assert balance(desk, customer) == -400
    newest = desk.v1.customers.balance_transactions.list(customer, {"limit": 1}).data[0]
    assert (newest.type, newest.amount, newest.invoice) == ("unapplied_from_invoice", -400, invoice.id)


def test_a_transaction_is_described_and_belongs_to_its_customer(desk: Desk) -> None:
    customer, other = payer(desk), payer(desk)
    made = desk.v1.customers.balance_transactions.create(
        customer, {"amount": -5, "currency": "gbp", "description": "goodwill", "metadata": {"case": "1"}}
    )

    changed = desk.v1.customers.balance_transactions.update(customer, made.id, {"description": "sorry"})

    assert (changed.description, changed.type) == ("sorry", "adjustment")
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.customers.balance_transactions.retrieve(other, made.id)
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.customers.balance_transactions.create(customer, {"amount": 5, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.customers.balance_transactions.create(customer, {"amount": 0, "currency": "gbp"})


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("adjust"), st.integers(-2000, 2000).filter(bool)),
            st.tuples(st.just("invoice"), st.integers(-2000, 2000)),
            st.tuples(st.just("void"), st.integers(30, 2000)),
        ),
        max_size=8,
    )
)
def test_the_balance_is_the_sum_of_its_transactions(shared_desk: Desk, acts: list[tuple[str, int]]) -> None:
    desk, customer = shared_desk, payer(shared_desk)
    due, billed = 0, 0
    for act, amount in acts:
        if act == "adjust":
            _adjust(desk, customer, amount)
            billed += amount
            continue
        invoice = opened(desk, customer, amount)
        if act == "void" and invoice.status == "open":
            desk.v1.invoices.void_invoice(str(invoice.id))
        else:
            due, billed = due + invoice.amount_due, billed + amount

    moved = desk.v1.customers.balance_transactions.list(customer, {"limit": 100}).data
    assert balance(desk, customer) == sum(each.amount for each in moved)
    assert due + balance(desk, customer) == billed


def _adjust(desk: Desk, customer: str, amount: int) -> None:
    desk.v1.customers.balance_transactions.create(customer, {"amount": amount, "currency": "gbp"})
