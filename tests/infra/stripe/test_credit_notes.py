"""Credit notes: before and after payment, and where the money goes."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.billing import balance, default_intent, opened, paid, payer, vat
from tests.infra.stripe.desk import Desk


def test_before_payment_a_note_lowers_what_remains(desk: Desk) -> None:
    customer = payer(desk)
    invoice = opened(desk, customer, 1000)

    note = desk.v1.credit_notes.create({"invoice": str(invoice.id), "amount": 300, "reason": "order_change"})
    after = desk.v1.invoices.retrieve(str(invoice.id))

    assert (note.type, note.pre_payment_amount, note.post_payment_amount) == ("pre_payment", 300, 0)
    assert note.number == f"{invoice.number}-CN-01"
    assert (after.amount_due, after.amount_remaining, after.total) == (700, 700, 1000)
    assert after.pre_payment_credit_notes_amount == 300
    assert desk.v1.invoices.pay(str(invoice.id)).amount_paid == 700
    assert default_intent(desk, str(invoice.id)).amount_received == 700


def test_a_note_of_all_that_remains_settles_the_invoice(desk: Desk) -> None:
    invoice = str(opened(desk, payer(desk), 1000).id)

    desk.v1.credit_notes.create({"invoice": invoice, "amount": 1000})

    after = desk.v1.invoices.retrieve(invoice)
    assert (after.status, after.amount_remaining, after.amount_paid) == ("paid", 0, 0)
    assert default_intent(desk, invoice).status == "canceled"


def test_after_payment_the_money_goes_back_on_the_ways_that_are_named(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(paid(desk, customer, 1000).id)

    note = desk.v1.credit_notes.create(
        {
            "invoice": invoice,
            "amount": 600,
            "refund_amount": 300,
            "credit_amount": 200,
            "out_of_band_amount": 100,
            "expand": ["refunds.refund", "customer_balance_transaction"],
        }
    )

    assert (note.type, note.post_payment_amount, note.out_of_band_amount) == ("post_payment", 600, 100)
    refund = note.refunds[0].refund
    assert isinstance(refund, stripe.Refund)
    assert (refund.amount, refund.status, note.refunds[0].amount_refunded) == (300, "succeeded", 300)
    movement = note.customer_balance_transaction
    assert isinstance(movement, stripe.CustomerBalanceTransaction)
    assert (movement.type, movement.amount, movement.credit_note) == ("credit_note", -200, note.id)
    assert balance(desk, customer) == -200
    assert desk.v1.invoices.retrieve(invoice).post_payment_credit_notes_amount == 600


def test_a_note_may_be_more_than_what_remains_of_a_part_paid_invoice(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(opened(desk, customer, 1000).id)
    card = desk.v1.customers.payment_methods.list(customer).data[0].id
    desk.v1.invoices.attach_payment(invoice, {"payment_intent": desk.paid(700, card, customer=customer).id})

    note = desk.v1.credit_notes.create({"invoice": invoice, "amount": 500, "refund_amount": 200})

    assert (note.type, note.pre_payment_amount, note.post_payment_amount) == ("mixed", 300, 200)
    assert desk.v1.invoices.retrieve(invoice).status == "paid"


def test_a_line_is_credited_with_its_discounts_and_taxes(desk: Desk) -> None:
    coupon = desk.v1.coupons.create({"percent_off": 10, "duration": "once"})
    customer = payer(desk)
    invoice = opened(desk, customer, 999, rates=[vat(desk)], discounts=[{"coupon": coupon.id}])
    line = invoice.lines.data[0].id
    assert invoice.total == 1079  # 999 - 100 discount + 180 tax

    def credit(amount: int) -> stripe.CreditNote:
        lines: Any = [{"type": "invoice_line_item", "invoice_line_item": line, "amount": amount}]
        return desk.v1.credit_notes.create({"invoice": str(invoice.id), "lines": lines})

    notes = [credit(333), credit(333), credit(333)]

    assert sum(note.total for note in notes) == 1079
    assert sum(note.discount_amount for note in notes) == 100
    assert sum(tax.amount for note in notes for tax in note.total_taxes or []) == 180
    with pytest.raises(stripe.InvalidRequestError):
        credit(1)


def test_units_of_a_line_are_credited(desk: Desk) -> None:
    customer = payer(desk)
    invoice = desk.v1.invoices.create({"customer": customer})
    item: Any = {"customer": customer, "invoice": str(invoice.id), "unit_amount_decimal": "33.4", "quantity": 3}
    desk.v1.invoice_items.create(item)
    line = desk.v1.invoices.finalize_invoice(str(invoice.id)).lines.data[0]
    assert line.amount == 100

    def credit(quantity: int) -> int:
        lines: Any = [{"type": "invoice_line_item", "invoice_line_item": line.id, "quantity": quantity}]
        return desk.v1.credit_notes.create({"invoice": str(invoice.id), "lines": lines}).total

    assert [credit(1), credit(1), credit(1)] == [33, 34, 33]


def test_words_and_an_amount_are_credited_with_tax(desk: Desk) -> None:
    invoice = str(opened(desk, payer(desk), 1000, rates=[vat(desk)]).id)
    lines: Any = [
        {"type": "custom_line_item", "description": "goodwill", "unit_amount": 100, "tax_rates": [vat(desk, 5)]}
    ]

    note = desk.v1.credit_notes.create({"invoice": invoice, "lines": lines, "memo": "sorry"})

    assert (note.subtotal, note.total, note.memo) == (100, 105, "sorry")
    assert [line.description for line in desk.v1.credit_notes.line_items.list(note.id).data] == ["goodwill"]


def test_a_preview_is_the_note_that_follows(desk: Desk) -> None:
    invoice = opened(desk, payer(desk), 1000, 500, rates=[vat(desk)])
    lines: Any = [{"type": "invoice_line_item", "invoice_line_item": invoice.lines.data[1].id, "amount": 123}]

    preview = desk.v1.credit_notes.preview({"invoice": str(invoice.id), "lines": lines})
    assert desk.v1.credit_notes.list().data == []
    shown = desk.v1.credit_notes.preview_lines.list({"invoice": str(invoice.id), "lines": lines}).data
    note = desk.v1.credit_notes.create({"invoice": str(invoice.id), "lines": lines})

    for field in ("total", "subtotal", "pre_payment_amount", "number", "type"):
        assert preview[field] == note[field]
    assert [line.amount for line in shown] == [line.amount for line in note.lines.data] == [123]


def test_the_lines_of_a_preview_are_read_page_by_page(desk: Desk) -> None:
    invoice = opened(desk, payer(desk), *range(100, 112))
    lines: Any = [
        {"type": "invoice_line_item", "invoice_line_item": line.id, "amount": number}
        for number, line in enumerate(desk.v1.invoices.line_items.list(str(invoice.id), {"limit": 100}).data, 1)
    ]

    asked: Any = {"invoice": str(invoice.id), "lines": lines, "limit": 5}
    shown = [line.amount for line in desk.v1.credit_notes.preview_lines.list(asked).auto_paging_iter()]

    assert shown == list(range(1, 13))


def test_a_note_of_an_open_invoice_can_be_taken_back(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(opened(desk, customer, 1000).id)
    note = desk.v1.credit_notes.create({"invoice": invoice, "amount": 400})

    assert desk.v1.credit_notes.void_credit_note(note.id).status == "void"

    after = desk.v1.invoices.retrieve(invoice)
    assert (after.amount_remaining, after.pre_payment_credit_notes_amount) == (1000, 0)
    assert default_intent(desk, invoice).amount == 1000
    desk.v1.invoices.pay(invoice)
    given = desk.v1.credit_notes.create({"invoice": invoice, "amount": 100, "credit_amount": 100})
    for done in (note.id, given.id):
        with pytest.raises(stripe.InvalidRequestError):
            desk.v1.credit_notes.void_credit_note(done)
