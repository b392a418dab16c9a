"""Bank debits from outside: the customer gives a mandate on Stripe's page, and the bank answers days later."""

from __future__ import annotations

from infra.local.demo.desk import Desk
from tests.e2e.money import Customer, a_customer


def debited(desk: Desk, account: str) -> tuple[Customer, str]:
    """A customer who saved this bank account on Stripe's page, and the payment of the bill that was debited to it."""
    customer = a_customer(desk, 2750)
    page = customer.post(f"{customer.path}/payment-methods", {})
    assert page.status == 201, page.json
    back = customer.stripe.open(page.json["url"], payment_method=account, email=customer.mail)
    assert back.url.startswith(desk.handle["customer_site"])
    assert "is saved" in back.text
    [method] = customer.read(f"{customer.path}/payment-methods")["items"]
    assert method["kind"] == "bacs_debit"
    taken = customer.pay(3300, method["payment_method_id"])
    assert (taken.status, taken.json["status"]) == (201, "processing"), taken.json
    assert customer.balance == 3300, "a debit under way is no money yet"
    return customer, taken.json["payment_id"]


def test_a_debit_is_money_once_the_bank_has_answered(desk: Desk) -> None:
    customer, payment_id = debited(desk, "pm_bacsDebit_success")
    customer.stripe.settle(customer.intent_of(payment_id))
    customer.becomes(f"/v1/payments/{payment_id}", "succeeded")
    assert customer.ledger == [("invoice", 3300), ("payment", -3300)]
    assert "nothing is left to pay" in customer.mail_about("Your payment of £33.00: thank you")
    assert customer.cases() == []


def test_a_debit_that_fails_opens_one_case_and_is_told_to_the_customer_once(desk: Desk) -> None:
    customer, payment_id = debited(desk, "pm_bacsDebit_insufficientFunds")
    with customer.stripe.faults(copies=3):
        customer.stripe.settle(customer.intent_of(payment_id))
        customer.becomes(f"/v1/payments/{payment_id}", "failed")
    case = customer.case()
    assert (case["queue"], case["state"]) == ("payments", "open")
    assert "There is not enough money" in customer.mail_about(case["reference"])
    assert customer.ledger == [("invoice", 3300)]
    customer.quiet()
    assert len(customer.cases()) == len(customer.mails_about(case["reference"])) == 1
