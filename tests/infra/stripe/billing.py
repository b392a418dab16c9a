"""Customers who can be billed, and invoices of given amounts."""

from typing import Any

import stripe

from tests.infra.stripe.desk import Desk


def payer(desk: Desk, card: str = "pm_card_visa", **more: Any) -> str:
    """A customer whose default method is this card."""
    params: Any = {"payment_method": card, **more}
    customer = desk.v1.customers.create(params)
    saved = desk.v1.customers.payment_methods.list(customer.id).data[0].id
    desk.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": saved}})
    return customer.id


def draft(desk: Desk, customer: str, *amounts: int, rates: list[str] | None = None, **settings: Any) -> stripe.Invoice:
    """A draft with a line of each amount, in pounds."""
    params: Any = {"customer": customer, "currency": "gbp", **settings}
    invoice = desk.v1.invoices.create(params)
    for amount in amounts:
        desk.v1.invoice_items.create(
            {"customer": customer, "invoice": invoice.id, "amount": amount, "tax_rates": rates or []}
        )
    return desk.v1.invoices.retrieve(str(invoice.id))


def opened(desk: Desk, customer: str, *amounts: int, **settings: Any) -> stripe.Invoice:
    """The same, finalized."""
    return desk.v1.invoices.finalize_invoice(str(draft(desk, customer, *amounts, **settings).id))


def paid(desk: Desk, customer: str, *amounts: int, **settings: Any) -> stripe.Invoice:
    """The same, paid by card."""
    return desk.v1.invoices.pay(str(opened(desk, customer, *amounts, **settings).id))


def vat(desk: Desk, percentage: float = 20, *, inclusive: bool = False) -> str:
    """A tax rate."""
    rate = desk.v1.tax_rates.create({"display_name": "VAT", "inclusive": inclusive, "percentage": percentage})
    return rate.id


def default_intent(desk: Desk, invoice: str) -> stripe.PaymentIntent:
    """The payment intent that the invoice was finalized with."""
    payment = next(each for each in desk.v1.invoice_payments.list({"invoice": invoice}).data if each.is_default)
    return desk.v1.payment_intents.retrieve(str(payment.payment.payment_intent))


def balance(desk: Desk, customer: str) -> int:
    """The customer's balance."""
    return int(desk.v1.customers.retrieve(customer).balance or 0)
