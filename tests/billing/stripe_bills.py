"""Invoices as Stripe shows them, for tests; every field has a believable default."""

from __future__ import annotations

from typing import Any

SEPTEMBER, OCTOBER, NOVEMBER = 1_788_220_800, 1_790_812_800, 1_793_491_200
"""The first seconds (UTC) of these months of 2026."""


def a_stripe_line(
    amount: int = 3000, tax: int | None = None, discounts: tuple[int, ...] = (), inclusive: bool = False, **changes: Any
) -> dict[str, Any]:
    """A line of a monthly subscription from November on, with 20 % of tax on what its discounts leave."""
    left = amount - sum(discounts)
    owed = tax if tax is not None else round(left / 6 if inclusive else left / 5)
    line: dict[str, Any] = {
        "object": "line_item",
        "amount": amount,
        "description": "1 × Fibre (at £30.00 / month)",
        "quantity": 1,
        "discount_amounts": [{"amount": each, "discount": f"di_{n}"} for n, each in enumerate(discounts)],
        "taxes": [a_tax(owed, inclusive=inclusive)],
        "pricing": {"type": "price_details", "price_details": {"price": "price_fibre", "product": "prod_fibre"}},
        "parent": {"type": "subscription_item_details", "subscription_item_details": {"proration": False}},
        "period": {"start": NOVEMBER, "end": NOVEMBER + 30 * 86_400},
    }
    return {**line, **changes}


def a_tax(amount: int, *, inclusive: bool = False, rate: str = "txr_vat") -> dict[str, Any]:
    behaviour = "inclusive" if inclusive else "exclusive"
    return {"amount": amount, "tax_behavior": behaviour, "tax_rate_details": {"tax_rate": rate}}


def a_stripe_invoice(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An open invoice of these lines, finalized at noon on 1 November 2026 and due two weeks later."""
    billed = lines or (a_stripe_line(),)
    given = sum(each["amount"] for line in billed for each in line["discount_amounts"])
    taxes = [tax for line in billed for tax in line["taxes"]]
    inclusive = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "inclusive")
    net = sum(line["amount"] for line in billed) - given - inclusive
    total = net + sum(tax["amount"] for tax in taxes)
    fields: dict[str, Any] = {
        "id": "in_1",
        "object": "invoice",
        "number": "ABC-0001",
        "status": "open",
        "customer": "cus_1",
        "currency": "gbp",
        "created": NOVEMBER,
        "due_date": NOVEMBER + 14 * 86_400,
        "total": total,
        "total_excluding_tax": net,
        "total_taxes": taxes,
        "default_tax_rates": [{"id": "txr_vat", "percentage": 20.0}],
        "shipping_cost": None,
        "lines": {"object": "list", "data": list(billed), "has_more": False},
        "payments": {"object": "list", "data": [], "has_more": False},
        "status_transitions": {"finalized_at": NOVEMBER + 43_200},
        "amount_due": total,
        "amount_remaining": total,
        "amount_paid": 0,
        "amount_paid_off_stripe": None,
        "pre_payment_credit_notes_amount": 0,
        "post_payment_credit_notes_amount": 0,
        "attempt_count": 0,
        "hosted_invoice_url": "https://invoice.stripe.example/in_1",
    }
    return {**fields, **changes}
