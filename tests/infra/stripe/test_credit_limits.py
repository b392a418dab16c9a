"""Credit notes never exceed their invoice, in whatever parts they come, and nothing of them is unaccounted for."""

from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.infra.stripe.billing import balance, default_intent, opened, paid, payer, vat
from tests.infra.stripe.desk import Desk


@pytest.mark.parametrize(
    "said",
    [{}, {"credit_amount": 500}, {"credit_amount": 601}, {"refund_amount": 700, "credit_amount": -100}],
)
def test_the_rest_must_go_somewhere_exactly(desk: Desk, said: dict[str, int]) -> None:
    customer = payer(desk)
    invoice = str(paid(desk, customer, 1000).id)

    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.credit_notes.create(_params(invoice, amount=600, **said))

    assert (desk.v1.credit_notes.list({"invoice": invoice}).data, balance(desk, customer)) == ([], 0)
    assert desk.v1.refunds.list().data == []


def test_refunds_of_their_own_count_against_credit_notes(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(paid(desk, customer, 1000).id)
    intent = default_intent(desk, invoice)
    refund = desk.v1.refunds.create({"payment_intent": intent.id, "amount": 600})

    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.credit_notes.create({"invoice": invoice, "amount": 500, "credit_amount": 500})
    linked = desk.v1.credit_notes.create(
        {"invoice": invoice, "amount": 600, "refunds": [{"refund": refund.id, "amount_refunded": 600}]}
    )
    assert linked.refunds[0].refund == refund.id
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.credit_notes.create({"invoice": invoice, "amount": 100, "refunds": [{"refund": refund.id}]})
    desk.v1.credit_notes.create({"invoice": invoice, "amount": 400, "refund_amount": 400})


def test_a_draft_or_void_invoice_takes_no_note(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(opened(desk, customer, 1000).id)
    desk.v1.invoices.void_invoice(invoice)

    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.credit_notes.create({"invoice": invoice, "amount": 100})


@settings(max_examples=40, deadline=None)
@given(
    prices=st.lists(st.integers(30, 3000), min_size=1, max_size=3),
    percentage=st.sampled_from([0, 5, 19.6, 20]),
    inclusive=st.booleans(),
    paid_first=st.booleans(),
    asked=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 2000)), max_size=8),
)
def test_credits_in_whatever_parts_never_exceed_the_invoice(
    shared_desk: Desk,
    prices: list[int],
    percentage: float,
    inclusive: bool,
    paid_first: bool,
    asked: list[tuple[int, int]],
) -> None:
    desk = shared_desk
    customer = payer(desk)
    make = paid if paid_first else opened
    invoice = make(desk, customer, *prices, rates=[vat(desk, percentage, inclusive=inclusive)])
    left = {line.id: line.amount for line in invoice.lines.data}
    for index, amount in asked:
        line = invoice.lines.data[index % len(prices)].id
        assert _try_credit(desk, str(invoice.id), line, amount, customer) is (amount <= left[line])
        left[line] -= amount if amount <= left[line] else 0
    for line, rest in left.items():
        assert _try_credit(desk, str(invoice.id), line, rest, customer) is (rest > 0)

    notes = desk.v1.credit_notes.list({"invoice": str(invoice.id), "limit": 100}).data
    assert sum(note.total for note in notes) == invoice.total
    after = desk.v1.invoices.retrieve(str(invoice.id))
    credited = after.pre_payment_credit_notes_amount + after.post_payment_credit_notes_amount
    assert (credited, after.status, after.amount_remaining) == (invoice.total, "paid", 0)
    assert -balance(desk, customer) == after.post_payment_credit_notes_amount


def _try_credit(desk: Desk, invoice: str, line: str, amount: int, customer: str) -> bool:
    params = _params(invoice, lines=[{"type": "invoice_line_item", "invoice_line_item": line, "amount": amount}])
    try:
        preview = desk.v1.credit_notes.preview(params)
        rest = preview.post_payment_amount
        desk.v1.credit_notes.create(params | ({"credit_amount": rest} if rest else {}))
    except stripe.InvalidRequestError:
        return False
    return True


def _params(invoice: str, **more: Any) -> Any:
    return {"invoice": invoice, **more}
