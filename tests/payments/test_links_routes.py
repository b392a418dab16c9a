"""Links to pay by through HTTP: what is answered, and every wrong way to ask."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.store import head_key
from chalicelib.platform.dynamo import Update
from tests.harness import HttpDesk
from tests.payments.wallet import FakeWallet

URL = "/v1/accounts/acc_1/payment-links"
GBP_40 = {"amount": {"amount_minor": 4000, "currency": "GBP"}}


@pytest.fixture
def wallet(account: str, monkeypatch: pytest.MonkeyPatch) -> FakeWallet:
    fake = FakeWallet()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    return fake


def call(desk: HttpDesk, body: Any, key: str = "one", **how: Any) -> Any:
    return desk.call("POST", URL, body, headers={"Idempotency-Key": key}, **how)


def test_a_link_through_http(desk: HttpDesk, wallet: FakeWallet) -> None:
    answer = call(desk, {**GBP_40, "invoice_ids": ["inv_10"], "deliver_to": "mail"})
    assert answer.status == 201, answer.text
    made = answer.json
    assert (made["status"], made["amount"]["amount_minor"]) == ("requires_payment", 4000)
    assert made["url"] == f"https://pages.example/{made['payment_id']}"
    assert answer.headers["location"] == f"/v1/payments/{made['payment_id']}"
    assert answer.headers["cache-control"] == "no-store"
    assert call(desk, {**GBP_40, "invoice_ids": ["inv_10"], "deliver_to": "mail"}).json == made
    (page,) = wallet.pay_pages.values()
    assert page.lines[0].label == "Bill NWT-001002327"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/amount"),
        ({"amount": {"amount_minor": 0, "currency": "GBP"}}, "/amount"),
        ({"amount": {"amount_minor": 4000, "currency": "EUR"}}, "/amount/currency"),
        ({**GBP_40, "invoice_ids": ["inv_none"]}, "/invoice_ids/0"),
        ({**GBP_40, "deliver_to": "somebody@else.example"}, "/deliver_to"),
        ({**GBP_40, "payment_method": "pm_card_visa"}, "/payment_method"),
    ],
)
def test_bad_bodies_get_a_problem_that_names_the_field(
    desk: HttpDesk, wallet: FakeWallet, body: Any, pointer: str
) -> None:
    answer = call(desk, body)
    assert answer.status == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert not wallet.pay_pages


def test_a_link_to_nobody_is_refused_before_anything_is_made(desk: HttpDesk, wallet: FakeWallet) -> None:
    wiring.table().write(Update(*head_key("acc_1"), set={"emails": []}))
    answer = call(desk, {**GBP_40, "deliver_to": "mail"})
    assert (answer.status, [error["pointer"] for error in answer.json["errors"]]) == (422, ["/deliver_to"])
    assert not wallet.pay_pages
    assert call(desk, GBP_40, key="two").status == 201


def test_a_card_number_is_refused(desk: HttpDesk, wallet: FakeWallet) -> None:
    answer = call(desk, {**GBP_40, "note": "4242 4242 4242 4242"})
    assert answer.status == 422
    assert "4242 4242" not in answer.text


def test_who_may_make_links(desk: HttpDesk, wallet: FakeWallet) -> None:
    assert call(desk, GBP_40, role="customer", account_id="acc_1").status == 201
    assert call(desk, GBP_40, role="customer", account_id="acc_2").status == 404
    assert call(desk, GBP_40, role="finance").status == 403
    assert desk.call("POST", URL, GBP_40).status == 400
