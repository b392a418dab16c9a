"""Money of nobody known through HTTP: who sees it, who may say whose it is, and every wrong way to say so."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.platform.dynamo import Put
from tests.harness import HttpAnswer, HttpDesk
from tests.payments.fakes import an_event
from tests.payments.money_desk import MoneyDesk

LIST = "/v1/suspense-payments"
MATCHES = f"{LIST}/pay_pi_foreign/matches"
MINE = {"account_id": "acc_1"}


@pytest.fixture(autouse=True)
def held(money: MoneyDesk) -> None:
    """33.00 that came with a card number and the mail address of the account."""
    wiring.table().write(
        Put(
            {
                "pk": "E#ada@example.com", "sk": "A#acc_1", "account_id": "acc_1", "account_number": "1234567897",
                "display_name": "Ada", "status": "active",
            }
        )
    )  # fmt: skip
    hint = "from 4242 4242 4242 4242"
    body = an_event(amount=3300, amount_received=3300, description=hint, receipt_email="ada@example.com")
    money.events.apply(body)


def match(desk: HttpDesk, body: Any = MINE, key: str = "one", url: str = MATCHES, role: str = "finance") -> HttpAnswer:
    return desk.call("POST", url, body, role=role, headers={"Idempotency-Key": key})


def test_what_waits_is_listed_with_whose_it_may_be(desk: HttpDesk) -> None:
    (item,) = desk.call("GET", f"{LIST}?currency=GBP", role="supervisor").json["items"]
    assert (item["payment_id"], item["amount"], item["left"]) == ("pay_pi_foreign", item["left"], item["amount"])
    assert item["hints"] == ["from [card ending 4242]"]
    assert item["proposed"] == item["candidates"][0]
    assert item["proposed"] == {
        "account_id": "acc_1",
        "invoice_ids": ["inv_9"],
        "confidence": "high",
        "reasons": ["The payer's mail address is the account's.", "An open bill is of exactly this amount."],
    }
    assert desk.call("GET", f"{LIST}?currency=EUR", role="finance").json["items"] == []


def test_one_call_moves_the_money_to_its_account(desk: HttpDesk) -> None:
    answer = match(desk, {**MINE, "invoice_ids": ["inv_10"]})
    assert answer.status == 201, answer.text
    made = answer.json
    assert (made["account_id"], made["matched_by_name"]) == ("acc_1", "finance.one")
    assert made["allocations"] == [{"invoice_id": "inv_10", "amount": {"amount_minor": 3300, "currency": "GBP"}}]
    payment = desk.call("GET", answer.headers["location"], role="customer", account_id="acc_1").json
    assert (payment["status"], payment["account_id"], payment["version"]) == ("succeeded", "acc_1", made["version"])
    assert desk.call("GET", LIST, role="finance").json["items"] == []
    for account_id in ("acc_1", "acc_suspense_gbp"):
        proof = desk.call("GET", f"/v1/accounts/{account_id}/ledger-check", role="finance").json
        assert proof["consistent"]
    entries = desk.call("GET", "/v1/accounts/acc_1/ledger", role="customer", account_id="acc_1").json["items"]
    assert (entries[0]["kind"], entries[0]["amount"]["amount_minor"]) == ("payment_matched", -3300)


def test_a_repeat_gets_the_first_answer_and_a_second_match_a_refusal(desk: HttpDesk) -> None:
    first = match(desk)
    assert match(desk).json == first.json
    second = match(desk, key="two")
    assert (second.status, second.json["reason"]) == (409, "already_matched")


def test_nobodys_money_is_sent_back_by_a_refund(desk: HttpDesk) -> None:
    answer = desk.call(
        "POST", "/v1/payments/pay_pi_foreign/refunds", {}, role="finance", headers={"Idempotency-Key": "one"}
    )
    assert (answer.status, answer.json["status"]) == (201, "succeeded")
    assert desk.call("GET", LIST, role="finance").json["items"] == []
    assert match(desk).json["reason"] == "money_returned"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({}, 422, "/account_id"),
        ({"account_id": "acc_gone"}, 422, "/account_id"),
        ({"account_id": "acc_suspense_gbp"}, 422, "/account_id"),
        ({"account_id": 1}, 422, "/account_id"),
        ({**MINE, "invoice_ids": ["inv_none"]}, 422, "/invoice_ids/0"),
        ({**MINE, "invoice_ids": ["inv_9", "inv_9"]}, 422, "/invoice_ids"),
        ({**MINE, "amount": 1}, 422, "/amount"),
    ],
)
def test_bad_bodies_get_a_problem_that_names_the_field(desk: HttpDesk, body: Any, status: int, pointer: str) -> None:
    answer = match(desk, body)
    assert answer.status == status, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert len(desk.call("GET", LIST, role="finance").json["items"]) == 1


def test_what_is_not_in_suspense_is_not_there(desk: HttpDesk) -> None:
    assert match(desk, url=f"{LIST}/pay_none/matches").status == 404
    assert desk.call("POST", MATCHES, MINE, role="finance").status == 400


@pytest.mark.parametrize(
    ("role", "sees", "matches"),
    [
        ("finance", 200, 201), ("admin", 200, 201), ("supervisor", 200, 403), ("advisor", 403, 403),
        ("customer", 403, 403),
    ],
)  # fmt: skip
def test_who_sees_and_who_matches(desk: HttpDesk, role: str, sees: int, matches: int) -> None:
    assert desk.call("GET", LIST, role=role, account_id="acc_1").status == sees
    assert match(desk, role=role).status == matches
