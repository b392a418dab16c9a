"""Collection over HTTP, and its Lambda: where an account stands, what was held, and who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.collections.jobs import collect_debts
from chalicelib.collections.policy import CollectionRules
from chalicelib.payments.news import News, Topic
from chalicelib.platform.clock import utc_now
from tests.billing.builders import a_line, an_invoice, open_account
from tests.collections.late_desk import HEAD
from tests.harness import HttpDesk

URL = "/v1/accounts/acc_1"


@pytest.fixture
def late(desk: HttpDesk) -> HttpDesk:
    """A bill of 60.00 that was due yesterday, at an hour that is quiet for nobody."""
    rules = CollectionRules(quiet_hours={"begins": "00:00", "ends": "00:00"}, quiet_weekdays=(), holidays_of={})
    body = {"effective_from": wiring.today().isoformat(), "values": rules.model_dump(mode="json")}
    assert desk.call("PUT", "/v1/policies/collection", body, role="admin").status == 200
    open_account(wiring.table(), **HEAD)
    due_on = wiring.today() - timedelta(days=1)
    line = a_line(net_minor=6000, tax_rate_bp=0)
    wiring.invoices().issue(an_invoice("inv_1", line, issued_on=due_on - timedelta(days=14), due_on=due_on))
    return desk


def mails() -> list[Any]:
    found = wiring.table().client.scan(TableName=wiring.table().name)["Items"]
    return [item for item in found if item["kind"] == {"S": "message"}]


def test_the_lambda_takes_the_days_step_once(late: HttpDesk) -> None:
    assert [collect_debts({}, None) for _ in range(2)] == [{"steps": 1}, {"steps": 0}]
    assert [item["delivery"] for item in mails()] == [{"S": "queued"}]
    answer = late.call("GET", f"{URL}/collection").json
    (invoice,) = answer["invoices"]
    assert (invoice["last_step"], invoice["steps_taken"], invoice["next_step"]) == ("reminder", 1, "second_reminder")
    assert invoice["next_step_on"] == (wiring.today() + timedelta(days=9)).isoformat()
    assert (invoice["may_ask"]["amount_minor"], answer["policy"]) == (6000, f"collection@{wiring.today()}.1")
    on = wiring.today() + timedelta(days=1)
    (listed,) = late.call("GET", f"/v1/collections?on={on}", role="finance").json["items"]
    assert (listed["account_id"], listed["steps"], listed["held_for"]) == ("acc_1", ["reminder"], [])


def test_what_was_held_is_listed_with_its_reasons(late: HttpDesk) -> None:
    hold = late.call("POST", f"{URL}/holds", {"kind": "breathing_space"})
    assert hold.status == 201
    collect_debts({}, None)
    (held,) = late.call("GET", f"{URL}/held-messages", role="supervisor").json["items"]
    assert (held["what"], held["reasons"], held["asked_minor"]) == ("reminder", ["breathing_space"], 6000)
    assert late.call("GET", f"{URL}/sent-messages").json["items"] == []
    position = late.call("GET", f"{URL}/collection").json
    assert (position["holds"], position["invoices"][0]["held_for"]) == (["breathing_space"], ["breathing_space"])


def test_the_letter_that_left_is_listed_with_what_it_asked_for(late: HttpDesk) -> None:
    body = {"kind": "dispute", "invoice_id": "inv_1", "amount": {"amount_minor": 1200, "currency": "GBP"}}
    assert late.call("POST", f"{URL}/holds", body).status == 201
    collect_debts({}, None)
    account = wiring.accounts().get("acc_1")
    assert account.emails == ("ada@example.com",)
    checked = late.call("POST", f"{URL}/collection-checks", {"form": "letter", "what": "a call", "invoice_id": "inv_1"})
    assert (checked.json["passes"], checked.json["amount"], checked.json["is_reduced"]) == (
        True, {"amount_minor": 4800, "currency": "GBP"}, True,
    )  # fmt: skip


def test_a_fee_on_a_disputed_bill_is_refused_and_recorded(late: HttpDesk) -> None:
    body = {"kind": "dispute", "invoice_id": "inv_1", "amount": {"amount_minor": 1200, "currency": "GBP"}}
    late.call("POST", f"{URL}/holds", body)
    fee = {"form": "fee", "what": "late payment fee", "invoice_id": "inv_1"}
    refused = late.call("POST", f"{URL}/collection-checks", fee, role="finance").json
    assert (refused["passes"], refused["reasons"]) == (False, ["disputed"])
    (held,) = late.call("GET", f"{URL}/held-messages").json["items"]
    assert (held["form"], held["what"], held["reasons"]) == ("fee", "late payment fee", ["disputed"])
    assert late.call("POST", f"{URL}/collection-checks", {**fee, "invoice_id": "inv_9"}).status == 404


@pytest.mark.parametrize("path", ["collection", "held-messages", "sent-messages"])
def test_it_is_for_staff(late: HttpDesk, path: str) -> None:
    assert late.call("GET", f"{URL}/{path}", role="customer", account_id="acc_1").status == 403
    assert late.call("GET", f"{URL}/{path}", role="customer", account_id="acc_2").status in (403, 404)
    assert late.call("GET", f"{URL}/{path}", role="finance").status == 200


def test_an_account_that_is_not_there_is_not_found(late: HttpDesk) -> None:
    assert late.call("GET", "/v1/accounts/acc_9/collection").status == 404
    assert late.call("POST", "/v1/accounts/acc_9/collection-checks", {"form": "fee", "what": "x"}).status == 404


def test_a_debt_that_letters_did_not_move_becomes_a_case_that_its_payment_ends(late: HttpDesk) -> None:
    steps = [{"name": "hand_over", "after_days": 1, "deed": "hand_over"}]
    late.call(
        "PUT",
        "/v1/policies/collection",
        {"effective_from": str(wiring.today()), "values": {"steps": steps}},
        role="admin",
    )
    assert [collect_debts({}, None) for _ in range(2)] == [{"steps": 1}, {"steps": 0}]
    (case,) = late.call("GET", "/v1/cases?queue=billing").json["items"]
    assert (case["subject"], case["state"]) == ("Invoice of £60.00 not paid after our letters", "open")
    wiring.newsroom().tell(News(topic=Topic.INVOICE_PAID, object_id="inv_1", at=utc_now(), account_id="acc_1"))
    assert late.call("GET", f"/v1/cases/{case['case_id']}").json["state"] == "resolved"
    assert [item for item in mails() if item.get("delivery") == {"S": "queued"}] == []
