"""What Stripe shows of money that moves on its invoices."""

from __future__ import annotations

from typing import Any

from tests.billing.stripe_bills import NOVEMBER, a_stripe_invoice
from tests.payments.fakes import AT, FakeStripe, an_intent


def collected(stripe: FakeStripe, amount: int = 3600, intent_id: str = "pi_bill", **invoice: Any) -> dict[str, Any]:
    """An invoice that an intent has paid, in part or in full; Stripe knows both."""
    stripe.knows(an_intent(id=intent_id, amount=amount, amount_received=amount, customer="cus_1"))
    stripe.invoices[intent_id] = invoice.get("id", "in_1")
    left = 3600 - amount
    about = a_stripe_invoice(
        **{
            "status": "open" if left else "paid",
            "amount_remaining": left,
            "payments": paid_by(intent_id, amount),
            **invoice,
        }
    )
    stripe.knows(about)
    return about


def paid_by(intent_id: str, amount: int, status: str = "paid") -> dict[str, Any]:
    """The payments of an invoice: one by this intent."""
    payment = {
        "id": f"inpay_{intent_id}",
        "object": "invoice_payment",
        "invoice": "in_1",
        "status": status,
        "amount_paid": amount if status == "paid" else None,
        "payment": {"type": "payment_intent", "payment_intent": intent_id},
        "status_transitions": {"paid_at": AT if status == "paid" else None},
    }
    return {"object": "list", "data": [payment], "has_more": False}


def a_credit_note(amount: int = 1200, tax: int = 200, **changes: Any) -> dict[str, Any]:
    """A credit note of the invoice in_1."""
    fields: dict[str, Any] = {
        "id": "cn_1",
        "object": "credit_note",
        "invoice": "in_1",
        "status": "issued",
        "amount": amount,
        "created": NOVEMBER + 86_400,
        "voided_at": None,
        "total_taxes": [{"amount": tax, "tax_behavior": "exclusive"}],
        "out_of_band_amount": None,
    }
    return {**fields, **changes}
