"""How money reaches an invoice, and what is told when it does not."""

import pytest
import stripe

from tests.infra.stripe.billing import balance, default_intent, draft, opened, payer
from tests.infra.stripe.desk import Desk


def test_a_card_pays_and_everyone_hears_of_it(desk: Desk) -> None:
    customer = payer(desk)
    invoice = opened(desk, customer, 1000)
    told = len(desk.event_types())

    done = desk.v1.invoices.pay(str(invoice.id), {"expand": ["payments.data.payment.payment_intent"]})

    assert (done.status, done.amount_paid, done.amount_remaining, done.attempt_count) == ("paid", 1000, 0, 1)
    assert done.status_transitions.paid_at is not None
    assert done.payments is not None
    intent = done.payments.data[0].payment.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (intent.status, done.payments.data[0].status, done.payments.data[0].amount_paid) == (
        "succeeded",
        "paid",
        1000,
    )
    assert [each for each in desk.event_types()[told:] if each.startswith("invoice")] == [
        "invoice_payment.paid",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.pay(str(invoice.id))


def test_a_declined_card_leaves_the_invoice_open_and_another_card_pays(desk: Desk) -> None:
    customer = payer(desk, "pm_card_chargeCustomerFail")
    invoice = str(opened(desk, customer, 1000).id)

    with pytest.raises(stripe.CardError) as refused:
        desk.v1.invoices.pay(invoice)
    after = desk.v1.invoices.retrieve(invoice)

    assert refused.value.code == "card_declined"
    assert (after.status, after.attempted, after.attempt_count, after.amount_remaining) == ("open", True, 1, 1000)
    assert "invoice.payment_failed" in desk.event_types()
    good = desk.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    assert desk.v1.invoices.pay(invoice, {"payment_method": good.id}).status == "paid"


def test_a_card_that_wants_its_owner_waits_for_the_owner(desk: Desk) -> None:
    customer = payer(desk, "pm_card_authenticationRequired")
    invoice = str(opened(desk, customer, 1000).id)

    with pytest.raises(stripe.CardError) as waits:
        desk.v1.invoices.pay(invoice)
    intent = default_intent(desk, invoice)
    assert waits.value.code == "invoice_payment_intent_requires_action"
    assert (intent.status, desk.v1.invoices.retrieve(invoice).status) == ("requires_action", "open")
    assert "invoice.payment_action_required" in desk.event_types()

    page = f"/_hosted/authenticate/{intent.id}?client_secret={intent.client_secret}"
    assert desk.http("POST", page, "result=success").status < 400
    assert desk.v1.invoices.retrieve(invoice).status == "paid"


def test_without_a_card_there_is_nothing_to_charge(desk: Desk) -> None:
    customer = desk.v1.customers.create().id
    invoice = str(opened(desk, customer, 1000).id)

    with pytest.raises(stripe.InvalidRequestError) as missing:
        desk.v1.invoices.pay(invoice)

    assert missing.value.code == "resource_missing"
    assert desk.v1.invoices.pay(invoice, {"paid_out_of_band": True}).status == "paid"
    assert default_intent(desk, invoice).status == "canceled"


def test_an_invoice_is_paid_whoever_confirms_its_intent(desk: Desk) -> None:
    customer = payer(desk)
    invoice = opened(desk, customer, 1000, collection_method="send_invoice", days_until_due=14)

    desk.v1.payment_intents.confirm(default_intent(desk, str(invoice.id)).id, {"payment_method": "pm_card_visa"})

    assert invoice.due_date == (invoice.status_transitions.finalized_at or 0) + 14 * 86400
    assert desk.v1.invoices.retrieve(str(invoice.id)).status == "paid"


def test_other_payments_can_pay_a_part_and_too_much_is_credit(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(opened(desk, customer, 1000).id)
    card = desk.v1.customers.payment_methods.list(customer).data[0].id
    first, second = (desk.paid(amount, card, customer=customer) for amount in (400, 900))

    half = desk.v1.invoices.attach_payment(invoice, {"payment_intent": first.id})
    assert (half.status, half.amount_paid, half.amount_remaining) == ("open", 400, 600)
    assert default_intent(desk, invoice).amount == 600
    whole = desk.v1.invoices.attach_payment(invoice, {"payment_intent": second.id})

    assert (whole.status, whole.amount_paid, whole.amount_overpaid) == ("paid", 1000, 300)
    assert balance(desk, customer) == -300
    assert default_intent(desk, invoice).status == "canceled"
    paying = desk.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": first.id}})
    assert [each.invoice for each in paying.data] == [invoice]


def test_an_invoice_that_advances_by_itself_is_finalized_and_charged(desk: Desk) -> None:
    good, bad = payer(desk), payer(desk, "pm_card_chargeCustomerFail")
    drafts = [draft(desk, customer, 1000, auto_advance=True) for customer in (good, bad)]
    assert all(each.automatically_finalizes_at == each.created + 3600 for each in drafts)

    desk.control("settle", within_seconds=4000)

    first, second = (desk.v1.invoices.retrieve(str(each.id)) for each in drafts)
    assert (first.status, second.status) == ("paid", "open")
    assert (second.attempt_count, second.next_payment_attempt) == (1, second.created + 3 * 86400)


def test_a_customer_who_fails_to_pay_is_delinquent_until_paid(desk: Desk) -> None:
    customer = payer(desk, "pm_card_chargeCustomerFail")
    invoice = str(draft(desk, customer, 1000, auto_advance=True).id)

    desk.control("settle", within_seconds=4000)
    assert desk.v1.customers.retrieve(customer).delinquent is True
    good = desk.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    desk.v1.invoices.pay(invoice, {"payment_method": good.id})

    assert desk.v1.customers.retrieve(customer).delinquent is False


def test_the_schedule_tries_again_and_then_no_more(desk: Desk) -> None:
    invoice = str(draft(desk, payer(desk, "pm_card_chargeCustomerFail"), 1000, auto_advance=True).id)

    for _ in range(6):
        desk.control("settle", within_seconds=8 * 86400)

    after = desk.v1.invoices.retrieve(invoice)
    assert (after.status, after.attempt_count, after.next_payment_attempt) == ("open", 4, None)
    assert desk.event_types().count("invoice.payment_failed") == 4


def test_a_draft_that_cannot_be_finalized_stays_a_draft_and_says_why(desk: Desk) -> None:
    invoice = str(draft(desk, payer(desk), 10**8, auto_advance=True).id)

    desk.control("settle", within_seconds=4000)

    after = desk.v1.invoices.retrieve(invoice)
    assert after.last_finalization_error is not None
    assert (after.status, after.last_finalization_error.code) == ("draft", "amount_too_large")
    assert desk.event_types()[-1] == "invoice.finalization_failed"


def test_the_intent_of_an_invoice_belongs_to_it(desk: Desk) -> None:
    intent = default_intent(desk, str(opened(desk, payer(desk), 1000).id)).id

    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.payment_intents.cancel(intent)
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.payment_intents.update(intent, {"amount": 500})


def test_a_deleted_customer_is_billed_no_more_but_the_books_stay(desk: Desk) -> None:
    customer = payer(desk)
    desk.v1.customers.balance_transactions.create(customer, {"amount": -100, "currency": "gbp"})
    first, second = (str(opened(desk, customer, 1000).id) for _ in range(2))
    waiting = str(draft(desk, customer, 500, auto_advance=True).id)
    desk.v1.invoice_items.create({"customer": customer, "amount": 5, "currency": "gbp"})

    desk.v1.customers.delete(customer)

    assert desk.http("GET", f"/v1/invoices/{waiting}").status == 404
    assert desk.v1.invoice_items.list({"pending": True}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoices.pay(first)
    assert desk.v1.invoices.void_invoice(first).status == "void"
    assert desk.v1.invoices.pay(second, {"paid_out_of_band": True}).status == "paid"
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.credit_notes.create({"invoice": second, "amount": 5, "credit_amount": 5})
