"""Bills of Stripe's that are collected in another way."""

from __future__ import annotations

import stripe

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
