"""Invoices from the draft to their end: what is on them, and what can still be done with them."""

import pytest
import stripe

from tests.infra.stripe.billing import default_intent, draft, opened, paid, payer, vat
from tests.infra.stripe.desk import Desk


def test_pending_items_are_taken_by_the_invoice_that_asks_for_them(desk: Desk) -> None:
    customer = payer(desk)
    first = desk.v1.invoice_items.create({"customer": customer, "amount": 1000, "currency": "gbp", "description": "a"})
    second = desk.v1.invoice_items.create({"customer": customer, "amount": -200, "currency": "gbp"})

    without = desk.v1.invoices.create({"customer": customer})
    invoice = desk.v1.invoices.create({"customer": customer, "pending_invoice_items_behavior": "include"})

    assert (without.total, without.lines.data) == (0, [])
    assert (invoice.status, invoice.total, invoice.currency, invoice.number) == ("draft", 800, "gbp", None)
    assert [line.amount for line in invoice.lines.data] == [-200, 1000]
    parent = invoice.lines.data[1].parent
    assert parent is not None
    assert parent.invoice_item_details is not None
    assert parent.invoice_item_details.invoice_item == first.id
    assert desk.v1.invoice_items.list({"pending": True}).data == []
    assert {item.id for item in desk.v1.invoice_items.list({"invoice": str(invoice.id)}).data} == {first.id, second.id}


def test_finalizing_numbers_the_invoice_and_asks_for_the_money(desk: Desk) -> None:
    customer = payer(desk)

    invoices = [opened(desk, customer, 1000, 500), opened(desk, customer, 700)]

    prefix = desk.v1.customers.retrieve(customer).invoice_prefix
    assert [invoice.number for invoice in invoices] == [f"{prefix}-0001", f"{prefix}-0002"]
    assert [(each.status, each.amount_due, each.amount_remaining) for each in invoices] == [
        ("open", 1500, 1500),
        ("open", 700, 700),
    ]
    intent = default_intent(desk, str(invoices[0].id))
    assert (intent.amount, intent.status, intent.customer) == (1500, "requires_payment_method", customer)
    with pytest.raises(stripe.InvalidRequestError) as again:
        desk.v1.invoices.finalize_invoice(str(invoices[0].id))
    assert again.value.code == "invoice_not_editable"


def test_voiding_ends_the_debt_and_the_intent(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(opened(desk, customer, 1000).id)

    voided = desk.v1.invoices.void_invoice(invoice)

    assert (voided.status, default_intent(desk, invoice).status) == ("void", "canceled")
    assert default_intent(desk, invoice).cancellation_reason == "void_invoice"
    for act in (desk.v1.invoices.void_invoice, desk.v1.invoices.pay, desk.v1.invoices.mark_uncollectible):
        with pytest.raises(stripe.InvalidRequestError):
            act(invoice)


def test_a_bad_debt_can_still_be_paid(desk: Desk) -> None:
    invoice = str(opened(desk, payer(desk), 1000).id)

    assert desk.v1.invoices.mark_uncollectible(invoice).status == "uncollectible"
    assert desk.v1.invoices.pay(invoice).status == "paid"
    assert {"invoice.marked_uncollectible", "invoice.paid"} <= set(desk.event_types())


def test_an_open_invoice_becomes_overdue(desk: Desk) -> None:
    customer = payer(desk)
    settings = {"collection_method": "send_invoice", "days_until_due": 1}
    late, settled = opened(desk, customer, 1000, **settings), opened(desk, customer, 500, **settings)
    desk.v1.invoices.pay(str(settled.id))

    desk.control("settle", within_seconds=2 * 86400)

    overdue = desk.v1.events.list({"type": "invoice.overdue"}).data
    assert [event.data.object["id"] for event in overdue] == [late.id]
    listed = desk.v1.invoices.list({"due_date": {"gt": late.created}, "status": "open"}).data
    assert [each.id for each in listed] == [late.id]


def test_a_draft_is_changed_and_forgotten_but_not_a_finalized_invoice(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(draft(desk, customer, 1000).id)
    rate = vat(desk)

    changed = desk.v1.invoices.update(
        invoice, {"default_tax_rates": [rate], "description": "d", "metadata": {"a": "b"}}
    )
    assert (changed.total, changed.description) == (1200, "d")
    desk.v1.invoices.delete(invoice)
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.retrieve(invoice)
    done = str(opened(desk, customer, 1000).id)
    noted = desk.v1.invoices.update(done, {"metadata": {"a": "b"}}).metadata
    assert noted is not None
    assert noted["a"] == "b"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        desk.v1.invoices.update(done, {"description": "later"})
    assert refused.value.code == "invoice_not_editable"
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.delete(done)


def test_sending_needs_an_invoice_that_is_sent(desk: Desk) -> None:
    customer = payer(desk)
    sent = draft(desk, customer, 1000, collection_method="send_invoice", days_until_due=7)

    assert desk.v1.invoices.send_invoice(str(sent.id)).status == "open"
    assert desk.event_types()[-1] == "invoice.sent"
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.send_invoice(str(opened(desk, customer, 1000).id))
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.create({"customer": customer, "collection_method": "send_invoice"})


def test_nothing_due_is_paid_at_once(desk: Desk) -> None:
    invoice = opened(desk, payer(desk), 1000, -1000)

    assert (invoice.status, invoice.amount_due, invoice.attempted) == ("paid", 0, False)
    assert desk.v1.payment_intents.list().data == []


def test_a_paid_invoice_is_read_with_what_it_refers_to(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(paid(desk, customer, 1000).id)

    expand = ["customer", "payments.data.payment.payment_intent", "confirmation_secret"]
    read = desk.v1.invoices.retrieve(invoice, {"expand": expand})

    assert isinstance(read.customer, stripe.Customer)
    assert read.confirmation_secret is not None
    assert [each.id for each in desk.v1.invoices.list({"customer": customer, "status": "paid"}).data] == [invoice]
    assert not any(name.startswith("_") for name in read.to_dict())
