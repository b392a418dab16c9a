"""Cards from outside: what a bank refuses, asks the customer to approve, and takes back when the customer disputes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local.demo.desk import Desk
from tests.e2e.money import Customer, a_customer

HIDDEN = "Your bank declined the payment and gives no reason. Contact your bank, or use another payment method."
DECLINES = {
    "chargeDeclined": ("generic_decline", HIDDEN),
    "visa_chargeDeclinedLostCard": ("generic_decline", HIDDEN),
    "visa_chargeDeclinedStolenCard": ("generic_decline", HIDDEN),
    "chargeDeclinedFraudulent": ("generic_decline", HIDDEN),
    "chargeDeclinedInsufficientFunds": (
        "insufficient_funds",
        "There is not enough money for this payment. Use another payment method, or pay a part.",
    ),
    "visa_chargeDeclinedVelocityLimitExceeded": (
        "card_velocity_exceeded",
        "Your card's limit is reached. Contact your bank, or use another payment method.",
    ),
    "chargeDeclinedExpiredCard": ("expired_card", "Your card has expired. Use another card."),
    "chargeDeclinedIncorrectCvc": (
        "incorrect_cvc",
        "The security code is wrong. Check it and try again, or use another payment method.",
    ),
    "chargeDeclinedProcessingError": (
        "processing_error",
        "The payment could not be processed just now. Nothing was taken. Try again in a few minutes.",
    ),
}


@pytest.fixture(scope="module")
def declining(desk: Desk) -> Customer:
    return a_customer(desk, 2750)


@pytest.mark.parametrize("card", DECLINES)
def test_each_decline_has_its_own_advice_and_books_nothing(declining: Customer, card: str) -> None:
    refused = declining.pay(500, f"pm_card_{card}")
    assert refused.status == 402
    assert (refused.json["decline_code"], refused.json["detail"]) == DECLINES[card]
    payment = declining.read(f"/v1/payments/{refused.json['payment_id']}")
    assert (payment["status"], payment["failure"]["detail"]) == ("failed", DECLINES[card][1])
    assert declining.ledger == [("invoice", 3300)]


def test_a_payment_that_the_bank_asks_about_is_booked_once_the_customer_has_approved_it(desk: Desk) -> None:
    own = f"/v1/accounts/{desk.handle['demo']['account_id']}"
    customer = Customer(desk, a_customer(desk).stripe, desk.handle["demo"]["account_id"], "")
    before = customer.balance
    amount = {"amount_minor": 250, "currency": "GBP"}
    body = {"amount": amount, "payment_method": "pm_card_threeDSecure2Required"}
    asked = customer.post(f"{own}/payments", body, "customer")
    assert (asked.status, asked.json["status"]) == (201, "requires_action")
    assert asked.headers["cache-control"] == "no-store"
    intent = asked.json["client_secret"].partition("_secret_")[0]
    assert customer.balance == before
    customer.stripe.approve(intent)
    customer.becomes(f"/v1/payments/{asked.json['payment_id']}", "succeeded")
    assert before - customer.balance == 250


def disputed(desk: Desk, card: str) -> tuple[Customer, str, Any]:
    """A customer whose bill was paid by a card, the dispute of that payment at the bank, and the case of it."""
    customer = a_customer(desk, 2750)
    dispute = customer.dispute_of(customer.paid(3300, card))
    return customer, dispute, customer.case()


def test_a_chargeback_opens_a_case_for_finance_two_days_ahead_of_its_deadline(desk: Desk) -> None:
    customer, dispute, case = disputed(desk, "pm_card_createDispute")
    assert (case["queue"], case["priority"]) == ("finance", "high")
    [chargeback] = customer.read(f"{customer.path}/chargebacks")["items"]
    ahead = datetime.fromisoformat(chargeback["due_at"]) - datetime.fromisoformat(case["due_at"])
    assert ahead == timedelta(days=2)
    assert "a payment of £33.00 to us is disputed" in customer.mail_about(case["reference"])
    assert customer.balance == 0, "while the bank thinks, the customer owes nothing twice"

    customer.argue(dispute, "losing_evidence")
    customer.becomes(f"/v1/cases/{case['case_id']}", "resolved")
    assert customer.ledger == [("invoice", 3300), ("payment", -3300), ("dispute_opened", 0), ("dispute_lost", 3300)]
    assert customer.balance == 3300
    assert "£33.00" in customer.mail_about("The bank has decided")
    assert customer.proven()


def test_a_dispute_that_is_won_leaves_the_bill_paid(desk: Desk) -> None:
    customer, dispute, case = disputed(desk, "pm_card_createDisputeProductNotReceived")
    customer.argue(dispute, "winning_evidence")
    customer.becomes(f"/v1/cases/{case['case_id']}", "resolved")
    assert [kind for kind, _ in customer.ledger] == ["invoice", "payment", "dispute_opened", "dispute_won"]
    assert customer.balance == 0
    assert customer.proven()


def test_two_requests_at_once_with_one_key_are_one_charge(desk: Desk) -> None:
    customer, key = a_customer(desk, 2750), uuid4().hex
    with ThreadPoolExecutor(2) as crowd:
        answers = [crowd.submit(customer.pay, 3300, "pm_card_visa", key) for _ in range(2)]
    assert {answer.result().status for answer in answers} <= {201, 409}
    done = customer.pay(3300, key=key)
    customer.becomes(f"/v1/payments/{done.json['payment_id']}", "succeeded")
    customer_id = customer.stripe.get(f"/v1/payment_intents/{customer.intent_of(done.json['payment_id'])}")["customer"]
    assert len(customer.stripe.get(f"/v1/charges?customer={customer_id}")["data"]) == 1
    assert customer.ledger == [("invoice", 3300), ("payment", -3300)]
