"""Refunds and chargebacks over HTTP: who may, what is answered, and nothing for anyone else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import HttpAnswer, HttpDesk
from tests.payments.conftest import Take
from tests.payments.fakes import a_dispute, a_refund, an_event, an_intent, as_event
from tests.payments.money_desk import MoneyDesk

TEN = {"amount": {"amount_minor": 1000, "currency": "GBP"}, "reason": "duplicate"}


@pytest.fixture
def url(money: MoneyDesk, desk: HttpDesk, take: Take) -> str:
    """Where refunds of a payment of 40.00 are asked for."""
    payment = take(4000)
    money.stripe.knows(an_intent(payment))
    money.events.apply(an_event(payment))
    return f"/v1/payments/{payment.payment_id}/refunds"


def refund(
    desk: HttpDesk, url: str, body: Any = TEN, role: str = "finance", key: str = "one", **call: Any
) -> HttpAnswer:
    return desk.call("POST", url, body, role=role, headers={"Idempotency-Key": key}, **call)


def test_finance_gives_money_back(desk: HttpDesk, url: str) -> None:
    answer = refund(desk, url)
    assert (answer.status, answer.json["status"], answer.json["reason"]) == (201, "succeeded", "duplicate")
    read = desk.call("GET", answer.headers["location"], role="customer", account_id="acc_1")
    assert (read.json, read.headers["etag"]) == (answer.json, answer.headers["etag"])
    (listed,) = desk.call("GET", "/v1/accounts/acc_1/refunds", role="customer", account_id="acc_1").json["items"]
    assert listed["refund_id"] == answer.json["refund_id"]
    audit = desk.call("GET", "/v1/accounts/acc_1/audit", role="finance").json["items"]
    assert "refund.requested" in [entry["action"] for entry in audit]


def test_the_key_makes_one_refund(desk: HttpDesk, url: str, money: MoneyDesk) -> None:
    first, second = refund(desk, url), refund(desk, url)
    assert (first.json, second.headers["idempotency-replayed"]) == (second.json, "true")
    assert len(money.stripe.refunds) == 1


def test_a_customer_is_not_told_that_a_card_is_lost_or_stolen(desk: HttpDesk, url: str, money: MoneyDesk) -> None:
    intent_id = f"pi_{url.split('/')[3]}"
    for status, why in (("pending", None), ("failed", "lost_or_stolen_card")):
        said = a_refund("re_1", intent_id, 1000, status, failure_reason=why)
        money.events.apply(as_event("refund.updated", said, f"evt_{status}"))
    (listed,) = desk.call("GET", "/v1/accounts/acc_1/refunds", role="customer", account_id="acc_1").json["items"]
    assert (listed["status"], listed["failure_reason"]) == ("failed", "unknown")


@pytest.mark.parametrize("role", ["customer", "advisor"])
def test_others_may_not(desk: HttpDesk, url: str, role: str) -> None:
    assert refund(desk, url, role=role, account_id="acc_1" if role == "customer" else None).status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"amount": {"amount_minor": 4001, "currency": "GBP"}}, 422),
        ({"amount": {"amount_minor": 0, "currency": "GBP"}}, 422),
        ({"amount": {"amount_minor": 100, "currency": "EUR"}}, 422),
        ({"reason": "because"}, 422),
        ({"cash": True}, 422),
        (b"{", 400),
    ],
)
def test_a_bad_request_moves_nothing(desk: HttpDesk, url: str, money: MoneyDesk, body: Any, status: int) -> None:
    assert refund(desk, url, body).status == status
    assert money.stripe.refunds == {}


def test_an_unknown_payment_or_refund_is_404(desk: HttpDesk, url: str) -> None:
    assert refund(desk, "/v1/payments/pay_none/refunds").status == 404
    made = refund(desk, url).headers["location"]
    assert desk.call("GET", made, role="customer", account_id="acc_2").status == 404


def test_a_dispute_is_listed_for_who_may_see_the_account(desk: HttpDesk, url: str, money: MoneyDesk) -> None:
    intent_id = next(object_id for kind, object_id in money.stripe.objects if kind == "payment_intent")
    money.events.apply(as_event("charge.dispute.created", a_dispute("du_1", intent_id, 4000), "evt_du"))
    (listed,) = desk.call("GET", "/v1/accounts/acc_1/chargebacks", role="advisor").json["items"]
    assert (listed["chargeback_id"], listed["status"], listed["reason"]) == ("du_1", "needs_response", "fraudulent")
    assert desk.call("GET", "/v1/accounts/acc_1/chargebacks", role="customer", account_id="acc_2").status == 404
    refused = refund(desk, url)
    assert refused.status == 422
