"""Links to pay by, from outside: asked for in a case, mailed, paid on Stripe's page, and everything that follows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kpi.facts import hour_of
from chalicelib.kpi.store import FactStore
from infra.local.demo.desk import Desk, wait_for
from tests.e2e.browser import CHROMIUM, a_browser
from tests.e2e.money import Customer, a_customer


def linked(customer: Customer, amount_minor: int, **more: Any) -> Any:
    """A link that was mailed to the customer, with the address that stands in the mail."""
    body = {"amount": {"amount_minor": amount_minor, "currency": "GBP"}, "deliver_to": "mail", **more}
    made = customer.post(f"{customer.path}/payment-links", body)
    assert made.status == 201, made.json
    assert made.json["url"] in customer.mail_about("Your link to pay")
    return made.json


def test_a_mailed_link_is_paid_and_case_ledger_balance_bill_and_receipt_follow(desk: Desk) -> None:
    customer = a_customer(desk, 2750)
    [bill] = customer.read(f"{customer.path}/invoices")["items"]
    asked = {"subject": "How can I pay?", "text": "My card was replaced.", "account_id": customer.account_id}
    case = customer.post("/v1/cases", asked).json
    link = linked(customer, 3300, invoice_ids=[bill["invoice_id"]], case_id=case["case_id"])
    assert customer.balance == 3300

    page = customer.stripe.open(link["url"])
    assert f"Bill {bill['number']}" in page.text
    assert "£33.00" in page.text
    refused = customer.stripe.open(link["url"], payment_method="pm_card_chargeDeclinedExpiredCard", email=customer.mail)
    assert "Your card has expired" in refused.text
    back = customer.stripe.open(link["url"], payment_method="pm_card_visa", email=customer.mail)
    assert back.url.startswith(desk.handle["customer_site"])
    assert "Your payment is on its way" in back.text

    customer.becomes(f"/v1/payments/{link['payment_id']}", "succeeded")
    assert customer.ledger == [("invoice", 3300), ("payment", -3300)]
    assert customer.balance == 0
    customer.becomes(f"/v1/invoices/{bill['invoice_id']}", "paid")
    [payment] = customer.read(f"{customer.path}/payments")["items"]
    assert payment["allocations"] == [{"invoice_id": bill["invoice_id"], "amount": payment["amount"]}]
    receipt = customer.mail_about("Your payment of £33.00: thank you")
    assert f"£33.00 of invoice {bill['number']}\n" in receipt
    assert "nothing is left to pay" in receipt
    assert wait_for(lambda: noted(customer, case["case_id"], "received")), "the case says that the money came"
    assert customer.proven()


def noted(customer: Customer, case_id: str, word: str) -> bool:
    entries = customer.read(f"/v1/cases/{case_id}/timeline?limit=100", "advisor")["items"]
    return any(word in str(entry.get("text")).lower() for entry in entries if entry["kind"] == "note")


def test_a_debit_on_the_page_that_fails_days_later_is_a_case_that_the_figures_count(desk: Desk) -> None:
    customer = a_customer(desk, 2750)
    link = linked(customer, 3300)
    customer.stripe.open(link["url"], payment_method="pm_bacsDebit_insufficientFunds", email=customer.mail)
    customer.becomes(f"/v1/payments/{link['payment_id']}", "processing")
    customer.stripe.settle(customer.intent_of(link["payment_id"]))
    case = customer.case()
    hour, facts = hour_of(datetime.fromisoformat(case["created_at"])), FactStore(customer.table)
    assert wait_for(lambda: ("cases_opened", 1) in counted(facts, hour, case["case_id"])), "it stands in the figures"


def counted(facts: FactStore, hour: str, case_id: str) -> list[tuple[str, int]]:
    return [count for row in facts.rows(hour) if row.id == case_id for count in row.counts.items()]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_link_is_paid_in_a_browser_with_the_approval_of_the_bank(desk: Desk, tmp_path: Path) -> None:
    customer = a_customer(desk, 2750)
    link = linked(customer, 1300)
    with a_browser(tmp_path) as browser:
        browser.open(link["url"])
        assert "£13.00" in browser.text
        browser.run(f"document.querySelector('[name=email]').value = '{customer.mail}'")
        browser.run("document.querySelector('[value=pm_card_threeDSecure2Required]').checked = true")
        browser.run("document.querySelector('form button').click()")
        assert browser.is_at(f"{customer.stripe.base}/_hosted/authenticate/")
        browser.run("document.querySelector('[value=success]').click()")
        assert browser.is_at(desk.handle["customer_site"])
        assert "Your payment is on its way" in browser.text
    customer.becomes(f"/v1/payments/{link['payment_id']}", "succeeded")
    assert customer.balance == 2000
    assert "£20.00 of it is still to be paid" in customer.mail_about("Your payment of £13.00: thank you")
