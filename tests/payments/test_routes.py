"""Payments through HTTP: take, read, list, and every wrong way to ask."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.payments import routes
from chalicelib.payments.handling import StripeEvents
from chalicelib.payments.service import Payments
from chalicelib.platform import aws
from tests.fakes import FixedClock
from tests.harness import TABLE, HttpAnswer, HttpDesk
from tests.payments.fakes import FakeStripe, an_event

GBP_40 = {"amount": {"amount_minor": 4000, "currency": "GBP"}}
BY_CARD = {**GBP_40, "payment_method": "pm_card_visa"}
URL = "/v1/accounts/acc_1/payments"


@pytest.fixture
def counter(account: str, desk: HttpDesk, payments: Payments, monkeypatch: pytest.MonkeyPatch) -> HttpDesk:
    """The HTTP desk with the Stripe that can be read."""
    monkeypatch.setattr(routes, "payments", lambda: payments)
    return desk


def pay(counter: HttpDesk, body: Any = BY_CARD, key: str = "one", **call: Any) -> HttpAnswer:
    return counter.call("POST", URL, body, headers={"Idempotency-Key": key}, **call)


def test_a_payment_by_card_is_taken_and_booked_by_its_event(counter: HttpDesk, events: StripeEvents) -> None:
    answer = pay(counter)
    taken = answer.json
    assert (answer.status, taken["status"], taken["client_secret"]) == (201, "processing", None)
    assert answer.headers["location"] == f"/v1/payments/{taken['payment_id']}"
    assert [part["amount"]["amount_minor"] for part in taken["allocations"]] == [3300, 700]

    events.apply(an_event(wiring.payment_store().get(taken["payment_id"])))
    read = counter.call("GET", answer.headers["location"])
    assert (read.json["status"], read.headers["etag"]) == ("succeeded", '"3"')
    balance = counter.call("GET", "/v1/accounts/acc_1/balance").json
    assert balance["balance"] == {"amount_minor": 2600, "currency": "GBP"}
    audit = counter.call("GET", "/v1/accounts/acc_1/audit", role="supervisor").json["items"]
    assert [entry["action"] for entry in audit] == ["payment.begun"]


def test_without_a_method_the_app_gets_a_secret_once(counter: HttpDesk) -> None:
    taken = pay(counter, GBP_40).json
    assert taken["status"] == "requires_payment"
    assert taken["client_secret"].endswith("_secret")
    read = counter.call("GET", f"/v1/payments/{taken['payment_id']}").json
    assert read["client_secret"] is None


def test_a_repeat_gets_the_secret_again_though_the_desk_keeps_none(counter: HttpDesk, stripe: FakeStripe) -> None:
    first, second = pay(counter, GBP_40), pay(counter, GBP_40)
    assert first.headers["cache-control"] == "no-store"
    assert (second.status, second.json) == (201, first.json)
    assert len(stripe.intents) == 1
    stored = str(aws.dynamodb().scan(TableName=TABLE)["Items"])
    assert first.json["client_secret"] not in stored


def test_chosen_invoices_are_paid_first_and_what_none_needs_is_credit(counter: HttpDesk) -> None:
    seventy = {"amount": {"amount_minor": 7000, "currency": "GBP"}, "payment_method": "pm_card_visa"}
    taken = pay(counter, {**seventy, "invoice_ids": ["inv_10"]}).json
    paid = [(part["invoice_id"], part["amount"]["amount_minor"]) for part in taken["allocations"]]
    assert paid == [("inv_10", 3300), ("inv_9", 3300)]
    assert taken["credit"]["amount_minor"] == 400


def test_a_declined_card_is_402_with_plain_words_and_is_listed(counter: HttpDesk) -> None:
    answer = pay(counter, {**GBP_40, "payment_method": "pm_card_poor"})
    problem = answer.json
    assert (answer.status, problem["code"], problem["decline_code"]) == (402, "payment_declined", "insufficient_funds")
    assert "not enough money" in problem["detail"]
    (listed,) = counter.call("GET", URL).json["items"]
    assert (listed["payment_id"], listed["status"]) == (problem["payment_id"], "failed")
    assert listed["failure"] == {"decline_code": "insufficient_funds", "detail": problem["detail"]}


def test_a_repeat_gets_the_first_answer(counter: HttpDesk, stripe: FakeStripe) -> None:
    first, second = pay(counter), pay(counter)
    assert (second.status, second.json) == (201, first.json)
    assert second.headers["idempotency-replayed"] == "true"
    other = pay(counter, {**BY_CARD, "amount": {"amount_minor": 1, "currency": "GBP"}})
    assert (other.status, other.json["code"]) == (409, "conflict")
    assert len(stripe.intents) == 1


def test_two_callers_with_one_key_make_one_charge(counter: HttpDesk, stripe: FakeStripe) -> None:
    by_advisor = pay(counter)
    by_customer = pay(counter, role="customer", account_id="acc_1")
    assert by_advisor.json["payment_id"] == by_customer.json["payment_id"]
    assert len(stripe.intents) == 1


def test_when_stripe_is_down_the_same_key_may_be_sent_again(counter: HttpDesk, stripe: FakeStripe) -> None:
    stripe.down = 1
    first = pay(counter)
    assert (first.status, first.headers["retry-after"]) == (503, "2")
    assert pay(counter).status == 201


def test_payments_are_listed_newest_first_page_by_page(counter: HttpDesk, clock: FixedClock) -> None:
    taken = []
    for key in ("one", "two", "three"):
        taken.append(pay(counter, key=key).json["payment_id"])
        clock.tick(1)
    page = counter.call("GET", f"{URL}?limit=2").json
    rest = counter.call("GET", f"{URL}?limit=2&cursor={page['next_cursor']}").json
    assert [item["payment_id"] for item in (*page["items"], *rest["items"])] == taken[::-1]


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"{", 400, None),
        (b"[]", 422, ""),
        ({}, 422, "/amount"),
        ({**BY_CARD, "card_number": "1"}, 422, "/card_number"),
        ({"amount": {"amount_minor": 0, "currency": "GBP"}}, 422, "/amount"),
        ({"amount": {"amount_minor": -1, "currency": "GBP"}}, 422, "/amount"),
        ({"amount": {"amount_minor": 100_000_000, "currency": "GBP"}}, 422, "/amount"),
        ({"amount": {"amount_minor": 1.5, "currency": "GBP"}}, 422, "/amount/amount_minor"),
        ({"amount": {"amount_minor": True, "currency": "GBP"}}, 422, "/amount/amount_minor"),
        ({"amount": {"amount_minor": "4000", "currency": "GBP"}}, 422, "/amount/amount_minor"),
        ({"amount": {"amount_minor": 4000, "currency": "gbp"}}, 422, "/amount/currency"),
        ({"amount": {"amount_minor": 4000, "currency": "EUR"}}, 422, "/amount/currency"),
        ({"amount": 4000}, 422, "/amount"),
        ({**BY_CARD, "payment_method": "tok_visa"}, 422, "/payment_method"),
        ({**BY_CARD, "invoice_ids": ["inv_9", "inv_9"]}, 422, "/invoice_ids"),
        ({**BY_CARD, "invoice_ids": ["inv_none"]}, 422, "/invoice_ids/0"),
        ({**BY_CARD, "invoice_ids": "inv_9"}, 422, "/invoice_ids"),
    ],
)
def test_bad_bodies_get_a_problem_that_names_the_field(
    counter: HttpDesk, stripe: FakeStripe, body: Any, status: int, pointer: str | None
) -> None:
    answer = pay(counter, body)
    assert answer.status == status, answer.text
    if pointer is not None:
        assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert not stripe.intents


@pytest.mark.parametrize(
    "body",
    [
        {**BY_CARD, "payment_method": "4242424242424242"},
        {**BY_CARD, "payment_method": "4242 4242 4242 4242"},
        {**BY_CARD, "card": {"number": "4242-4242-4242-4242"}},
        {**BY_CARD, "invoice_ids": ["378282246310005"]},
        {"amount": {"amount_minor": 4242424242424242, "currency": "GBP"}},
    ],
)
def test_a_card_number_is_refused_and_not_repeated(
    counter: HttpDesk, caplog: pytest.LogCaptureFixture, body: Any
) -> None:
    answer = pay(counter, body)
    assert answer.status == 422
    assert "card number" in answer.json["errors"][0]["detail"]
    for text in (answer.text, caplog.text):
        assert not any(number in text for number in ("4242424242424242", "4242 4242", "4242-4242", "378282246310005"))


def test_a_key_is_required(counter: HttpDesk) -> None:
    assert counter.call("POST", URL, BY_CARD).status == 400
    assert pay(counter, key="").status == 400
    assert pay(counter, key="k" * 256).status == 400


def test_a_customer_pays_and_sees_the_own_account_alone(counter: HttpDesk) -> None:
    own: dict[str, Any] = {"role": "customer", "account_id": "acc_1"}
    other: dict[str, Any] = {"role": "customer", "account_id": "acc_2"}
    payment_id = pay(counter, **own).json["payment_id"]
    for url in (URL, f"/v1/payments/{payment_id}"):
        assert counter.call("GET", url, **own).status == 200
        assert counter.call("GET", url, **other).status == 404
    assert pay(counter, key="two", **other).status == 404
    assert pay(counter, key="two", role="finance").status == 403
    assert pay(counter, key="two", role=None).status == 401
    absent, hidden = (counter.call("GET", f"/v1/payments/{one}", **other).json for one in ("pay_none", payment_id))
    assert absent == {**hidden, "instance": absent["instance"]}
