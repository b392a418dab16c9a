"""Bills, balances and subscriptions through HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chalicelib import wiring
from chalicelib.billing.model import PlannedChange
from chalicelib.platform.dynamo import Update
from tests.billing.builders import a_line, a_subscription, an_invoice, open_account
from tests.billing.test_store import pay
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


def test_a_subscription_says_what_it_becomes_and_when_it_ends(billed: HttpDesk) -> None:
    then = datetime(2026, 12, 1, tzinfo=UTC)
    larger = PlannedChange(at=then, plan_code="BB-FIBRE-500", plan_name="Fibre 500", price_minor=5000)
    wiring.subscriptions().start(a_subscription("sub_2", planned=larger, ends_at=then, provider_id="sub_x", quantity=2))
    item = billed.call("GET", "/v1/accounts/acc_1/subscriptions").json["items"][1]
    assert item["planned"] == {
        "at": "2026-12-01T00:00:00.000Z", "plan_code": "BB-FIBRE-500", "plan_name": "Fibre 500", "price": money(5000),
        "quantity": 1,
    }  # fmt: skip
    assert (item["ends_at"], item["quantity"]) == ("2026-12-01T00:00:00.000Z", 2)
    assert "provider_id" not in item


def test_subscriptions_are_listed(billed: HttpDesk) -> None:
    items = billed.call("GET", "/v1/accounts/acc_1/subscriptions").json["items"]
    assert [(item["plan_code"], item["price"], item["status"]) for item in items] == [
        ("BB-FIBRE-100", money(2750), "active")
    ]


@pytest.mark.parametrize(
    "url", ["/v1/invoices/inv_1", "/v1/accounts/acc_1/invoices", "/v1/accounts/acc_1/balance",
            "/v1/accounts/acc_1/subscriptions", "/v1/accounts/acc_1/ledger"],
)  # fmt: skip
def test_a_customer_sees_the_own_account_alone(billed: HttpDesk, url: str) -> None:
    assert billed.call("GET", url, role="customer", account_id="acc_1").status == 200
    assert billed.call("GET", url, role="customer", account_id="acc_2").status == 404
    assert billed.call("GET", url, role=None).status == 401


@pytest.mark.parametrize(
    "url", ["/v1/invoices/inv_none", "/v1/accounts/acc_none/balance", "/v1/accounts/acc_none/ledger-check"]
)
def test_what_does_not_exist_is_not_found(billed: HttpDesk, url: str) -> None:
    answer = billed.call("GET", url, role="supervisor")
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_the_ledger_shows_each_movement_with_the_balance_after_it(billed: HttpDesk) -> None:
    pay(wiring.billing_store(), 1000)
    newest, oldest = billed.call("GET", "/v1/accounts/acc_1/ledger").json["items"]
    assert (newest["seq"], newest["kind"], newest["amount"], newest["balance"]) == (
        2, "payment", money(-1000), money(1700),
    )  # fmt: skip
    assert (newest["reference_id"], newest["cause"], newest["actor_name"]) == ("pay_1", "evt_1", "advisor.one")
    assert (newest["at"], newest["booked_at"]) == ("2026-11-02T09:00:00.000Z", "2026-11-20T00:00:00.000Z")
    assert (oldest["seq"], oldest["kind"], oldest["balance"]) == (1, "invoice", money(2700))
    page = billed.call("GET", "/v1/accounts/acc_1/ledger?limit=1").json
    rest = billed.call("GET", f"/v1/accounts/acc_1/ledger?limit=1&cursor={page['next_cursor']}").json
    assert [entry["seq"] for entry in (*page["items"], *rest["items"])] == [2, 1]


def test_a_customer_does_not_see_who_moved_the_money(billed: HttpDesk) -> None:
    (entry,) = billed.call("GET", "/v1/accounts/acc_1/ledger", role="customer", account_id="acc_1").json["items"]
    assert (entry["cause"], entry["actor_name"], entry["amount"]) == (None, None, money(2700))


def test_the_ledger_is_proved_for_those_who_answer_for_it(billed: HttpDesk) -> None:
    url = "/v1/accounts/acc_1/ledger-check"
    for role in ("finance", "supervisor", "admin"):
        assert billed.call("GET", url, role=role).json == {"consistent": True, "entries": 1, "difference": None}
    for role in ("advisor", "customer"):
        assert billed.call("GET", url, role=role, account_id="acc_1").status == 403
    wiring.table().write(Update("A#acc_1", "L#0000000001", set={"balance_minor": 1}))
    assert billed.call("GET", url, role="finance").json == {
        "consistent": False, "entries": 1,
        "difference": {"seq": 1, "what": "balance", "expected": "2700", "found": "1"},
    }  # fmt: skip
