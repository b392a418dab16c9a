"""Bills, balances and subscriptions through HTTP."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib import wiring
from tests.billing.builders import a_line, a_subscription, an_invoice, open_account
from tests.harness import HttpDesk

LONG_AGO = date(2020, 1, 1)
GBP = "GBP"


@pytest.fixture
def billed(desk: HttpDesk) -> HttpDesk:
    open_account(wiring.table())
    discount = a_line("line_2", -500, kind="discount", code="LOYALTY", description="Loyalty discount")
    wiring.invoices().issue(an_invoice("inv_1", a_line(), discount, issued_on=LONG_AGO))
    wiring.subscriptions().start(a_subscription())
    return desk


def money(amount_minor: int) -> dict[str, object]:
    return {"amount_minor": amount_minor, "currency": GBP}


def test_an_invoice_shows_lines_that_sum(billed: HttpDesk) -> None:
    answer = billed.call("GET", "/v1/invoices/inv_1")
    assert (answer.status, answer.headers["etag"]) == (200, '"1"')
    shown = answer.json
    assert (shown["net"], shown["tax"], shown["total"], shown["due"]) == tuple(map(money, (2250, 450, 2700, 2700)))
    assert [line["net"]["amount_minor"] for line in shown["lines"]] == [2750, -500]
    assert (shown["status"], shown["issued_on"], shown["period"]) == ("open", "2020-01-01", "2020-01")


def test_the_list_leaves_the_lines_out(billed: HttpDesk) -> None:
    answer = billed.call("GET", "/v1/accounts/acc_1/invoices")
    assert [item["invoice_id"] for item in answer.json["items"]] == ["inv_1"]
    assert "lines" not in answer.json["items"][0]
    assert answer.json["next_cursor"] is None


def test_the_balance_says_what_is_overdue(billed: HttpDesk) -> None:
    assert billed.call("GET", "/v1/accounts/acc_1/balance").json == {
        "account_id": "acc_1", "currency": GBP, "balance": money(2700), "overdue": money(2700), "credit": money(0),
    }  # fmt: skip


def test_subscriptions_are_listed(billed: HttpDesk) -> None:
    items = billed.call("GET", "/v1/accounts/acc_1/subscriptions").json["items"]
    assert [(item["plan_code"], item["price"], item["status"]) for item in items] == [
        ("BB-FIBRE-100", money(2750), "active")
    ]


@pytest.mark.parametrize(
    "url", ["/v1/invoices/inv_1", "/v1/accounts/acc_1/invoices", "/v1/accounts/acc_1/balance",
            "/v1/accounts/acc_1/subscriptions"],
)  # fmt: skip
def test_a_customer_sees_the_own_account_alone(billed: HttpDesk, url: str) -> None:
    assert billed.call("GET", url, role="customer", account_id="acc_1").status == 200
    assert billed.call("GET", url, role="customer", account_id="acc_2").status == 404
    assert billed.call("GET", url, role=None).status == 401


@pytest.mark.parametrize("url", ["/v1/invoices/inv_none", "/v1/accounts/acc_none/balance"])
def test_what_does_not_exist_is_not_found(billed: HttpDesk, url: str) -> None:
    answer = billed.call("GET", url)
    assert (answer.status, answer.json["code"]) == (404, "not_found")
