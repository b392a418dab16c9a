"""Stripe's webhooks from outside, going wrong in every way that they can: the books come out the same."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

import pytest

from infra.local.demo.desk import Desk, wait_for
from infra.local.seed import COMPANY
from tests.e2e.money import Customer, a_customer

PLANS: dict[str, dict[str, Any]] = {
    "in good order": {},
    "three times each": {"copies": 3},
    "in any order": {"shuffle": 9, "seed": 7},
    "late, doubled and in any order": {"late_seconds": 2, "copies": 2, "shuffle": 6, "seed": 3},
}


@pytest.mark.parametrize("plan", PLANS)
def test_whatever_happens_to_webhooks_the_books_are_the_same(desk: Desk, plan: str) -> None:
    customer = a_customer(desk, 2750, 1000)
    with customer.stripe.faults(**PLANS[plan]):
        lived_through(customer)
    customer.quiet()
    assert wait_for(lambda: len(customer.ledger) == 8), customer.ledger
    assert sorted(customer.ledger) == [
        ("dispute_lost", 900), ("dispute_opened", 0), ("invoice", 1200), ("invoice", 3300), ("payment", -2000),
        ("payment", -1600), ("payment", -900), ("refund", 600),
    ]  # fmt: skip
    assert customer.balance == 4500 - 2000 - 1600 + 600
    assert customer.proven()
    assert wait_for(lambda: len(customer.mails_about("thank you")) == 3)
    # Who hears of a dispute for the first time when it is over has nothing left to do.
    assert len(customer.cases()) <= 1


def lived_through(customer: Customer) -> None:
    """Three payments, one of them refunded in part and one lost at the bank, asked for as fast as the desk answers."""
    taken = [customer.pay(amount, f"pm_card_{card}") for amount, card in ((2000, "visa"), (900, "createDispute"))]
    assert [answer.status for answer in taken] == [201, 201]
    customer.argue(customer.dispute_of(taken[1].json["payment_id"]), "losing_evidence")
    by_stripe = customer.pay(1600).json["payment_id"]
    # A colleague gives money back on Stripe's own dashboard.
    customer.stripe.post("/v1/refunds", {"payment_intent": customer.intent_of(by_stripe), "amount": 600})


def test_webhooks_that_never_came_are_made_up_for_by_a_reconciliation(desk: Desk) -> None:
    customer = a_customer(desk, 2750, 1000)
    with customer.stripe.faults(drop=1.0):
        lived_through(customer)
    assert customer.ledger == [("invoice", 3300), ("invoice", 1200)]
    # A run looks at whole seconds that are over.
    newest = customer.stripe.get("/v1/events?limit=1")["data"][0]["created"]
    assert wait_for(lambda: time.time() >= newest + 1)
    begun = customer.post("/v1/reconciliations", None, "finance")
    assert begun.status == 202, begun.json
    customer.becomes(f"/v1/reconciliations/{begun.json['reconciliation_id']}", "finished")
    assert customer.balance == 4500 - 2000 - 1600 + 600
    assert len(customer.ledger) == 8
    assert customer.proven()
    report = customer.read(f"/v1/reconciliations/{begun.json['reconciliation_id']}")
    assert report["missed_events"] > 0


def test_money_of_nobody_known_waits_until_finance_says_whose_it_is(desk: Desk) -> None:
    customer = a_customer(desk, 2750)
    [bill] = customer.read(f"{customer.path}/invoices")["items"]
    paid = {"amount": 3300, "currency": "gbp", "confirm": True, "payment_method": "pm_card_visa",
            "description": f"Bill {bill['number']}",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}  # fmt: skip
    intent = customer.stripe.post("/v1/payment_intents", paid, uuid4().hex)

    def waiting() -> Any:
        items = customer.read("/v1/suspense-payments?currency=GBP&limit=100")["items"]
        return next((item for item in items if item["payment_id"] == f"pay_{intent['id']}"), None)

    held = wait_for(waiting)
    assert held
    assert held["proposed"]["account_id"] == customer.account_id
    assert held["proposed"]["invoice_ids"] == [bill["invoice_id"]]
    match = customer.post(
        f"/v1/suspense-payments/{held['payment_id']}/matches", {"account_id": customer.account_id}, "finance"
    )
    assert match.status == 201, match.json
    assert customer.balance == 0
    assert waiting() is None
    assert "nothing is left to pay" in customer.mail_about("Your payment of £33.00: thank you")
    assert customer.proven()


def test_the_ledger_of_every_customer_of_the_demo_company_proves(desk: Desk) -> None:
    for account in json.loads(COMPANY.read_text())["accounts"]:
        proof = desk.call("GET", f"/v1/accounts/{account['account_id']}/ledger-check", role="finance").json
        assert proof["consistent"], (account["account_id"], proof)
