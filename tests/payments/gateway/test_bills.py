"""Bills of Stripe's that are collected in another way."""

from __future__ import annotations

import stripe

from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.payments.gateway import StripeGateway


def test_a_bill_is_left_alone_from_then_on_and_can_be_collected_again(
    gateway: StripeGateway, sdk: stripe.StripeClient
) -> None:
    customer = sdk.v1.customers.create({"email": "ada@example.com"}).id
    sdk.v1.invoice_items.create({"customer": customer, "amount": 3_300, "currency": "gbp"})
    draft = sdk.v1.invoices.create(
        {"customer": customer, "pending_invoice_items_behavior": "include", "auto_advance": True}
    )
    invoice = sdk.v1.invoices.finalize_invoice(str(draft.id))
    for wanted in (False, False, True, False):
        gateway.collect_by_itself(str(invoice.id), wanted=wanted)
        assert sdk.v1.invoices.retrieve(str(invoice.id)).auto_advance is wanted
    for wanted in (False, True):
        gateway.collect_by_itself(str(invoice.id), wanted=wanted, note="waits_for_hold")
        bill = gateway.read("invoice", str(invoice.id)) or {}
        assert (bill["auto_advance"], "waits_for_hold" in bill["metadata"]) == (wanted, not wanted)
        assert bill["amount_remaining"] == 3_300


def test_what_stripe_misses_of_a_bill_is_paid_elsewhere_and_the_bill_says_who_said_so(
    gateway: StripeGateway, sdk: stripe.StripeClient
) -> None:
    customer = sdk.v1.customers.create({"email": "ada@example.com"}).id
    sdk.v1.invoice_items.create({"customer": customer, "amount": 4_000, "currency": "gbp"})
    draft = sdk.v1.invoices.create({"customer": customer, "pending_invoice_items_behavior": "include"})
    invoice = str(sdk.v1.invoices.finalize_invoice(str(draft.id), {"auto_advance": False}).id)
    paid: stripe.params.PaymentIntentCreateParams = {
        "amount": 3_333, "currency": "gbp", "customer": customer, "payment_method": "pm_card_visa", "confirm": True,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }  # fmt: skip
    gateway.attach_payment(invoice, sdk.v1.payment_intents.create(paid).id)
    assert sdk.v1.invoices.retrieve(invoice).amount_remaining == 667
    for _ in range(2):
        gateway.paid_elsewhere(invoice)
    bill = StripeBill.model_validate(gateway.read("invoice", invoice))
    assert (bill.status, bill.amount_remaining, bill.amount_paid_off_stripe, bill.told_minor) == ("paid", 0, 667, 0)
