"""A bill that Stripe collects by itself, from outside: its case, its link, and nothing taken twice."""

from __future__ import annotations

from urllib.error import HTTPError

import pytest

from infra.local.demo.desk import Desk, wait_for
from tests.e2e.money import Customer, a_customer


def collected(desk: Desk, card: str) -> tuple[Customer, str]:
    """A customer with a bill of Stripe's over 42.00 that a first attempt on this card did not pay, and Stripe's id."""
    customer = a_customer(desk)
    stripe = customer.stripe
    at_stripe = stripe.post("/v1/customers", {"metadata": {"account_id": customer.account_id}})["id"]
    method = stripe.post(f"/v1/payment_methods/{card}/attach", {"customer": at_stripe})["id"]
    drafted = {"customer": at_stripe, "currency": "gbp", "auto_advance": False, "default_payment_method": method}
    bill: str = stripe.post("/v1/invoices", drafted)["id"]
    stripe.post("/v1/invoiceitems", {"customer": at_stripe, "invoice": bill, "amount": 4200, "currency": "gbp"})
    stripe.post(f"/v1/invoices/{bill}/finalize", {})
    with pytest.raises(HTTPError, match="402"):
        stripe.post(f"/v1/invoices/{bill}/pay", {})
    return customer, bill


@pytest.mark.parametrize("amount_minor", [4200, 1000])
def test_what_the_desk_was_paid_of_it_stripe_does_not_take_again(desk: Desk, amount_minor: int) -> None:
    customer, bill = collected(desk, "pm_card_chargeCustomerFail")
    case = customer.case()
    assert (case["queue"], case["state"]) == ("payments", "open")
    assert "£42.00" in customer.mail_about("did not go through")
    asked = {"amount": {"amount_minor": amount_minor, "currency": "GBP"}, "invoice_ids": [f"inv_{bill}"]}
    link = customer.post(f"{customer.path}/payment-links", asked)
    assert link.status == 201, link.json
    customer.stripe.open(link.json["url"], payment_method="pm_card_visa", email=customer.mail)
    customer.becomes(f"/v1/payments/{link.json['payment_id']}", "succeeded")
    left = 4200 - amount_minor
    assert wait_for(lambda: customer.stripe.get(f"/v1/invoices/{bill}")["amount_remaining"] == left)
    customer.quiet()
    assert customer.ledger == [("invoice", 4200), ("payment", -amount_minor)]
    customer.becomes(f"/v1/cases/{case['case_id']}", "open" if left else "resolved")
    assert customer.proven()
