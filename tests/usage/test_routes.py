"""Use over HTTP: records in, figures and records out, limits, consents and bars, and who may do which."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.platform.clock import format_instant, utc_now
from chalicelib.usage.jobs import advise_customers
from tests.harness import HttpAnswer, HttpDesk, Meter
from tests.identity.http import verify
from tests.usage.builders import GB, a_sim, an_offer

ADA: dict[str, Any] = {
    "name": {"given": "Ada", "family": "Lovelace"}, "emails": ["ada@example.com"], "phones": ["+447700900123"],
    "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
}  # fmt: skip


@pytest.fixture
def account_id(desk: HttpDesk) -> str:
    """An account with a SIM whose period began a few days ago."""
    account_id: str = desk.call("POST", "/v1/accounts", ADA).json["account_id"]
    offer = an_offer()
    wiring.offers().set(offer.code, offer, None, Actor("sub-admin", "admin.one"))
    anchor_day = min(28, (utc_now() - timedelta(days=3)).day)
    wiring.billing_store().add_subscription(
        a_sim(account_id=account_id, anchor_day=anchor_day, started_on=date(2020, 1, 1))
    )
    return account_id


def a_record(record_id: str = "r1", quantity: int = GB, **changes: Any) -> dict[str, Any]:
    happened_at = format_instant(utc_now() - timedelta(minutes=1))
    return {
        "record_id": record_id, "subscription_id": "sub_1", "category": "data", "quantity": quantity, "unit": "bytes",
        "happened_at": happened_at, **changes,
    }  # fmt: skip


def record(desk: HttpDesk, *records: dict[str, Any], role: str = "admin") -> HttpAnswer:
    return desk.call("POST", "/v1/usage-records", {"records": list(records)}, role=role)


def pounds(minor: int) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": "GBP"}


def test_records_come_in_and_figures_come_out(desk: HttpDesk, account_id: str, meter: Meter) -> None:
    first = a_record(quantity=6 * GB)
    answer = record(desk, first, a_record("r2", subscription_id="sub_9"))
    assert answer.status == 200, answer.text
    assert answer.json["records"] == [
        {"record_id": "r1", "outcome": "counted", "refusal": None},
        {"record_id": "r2", "outcome": "refused", "refusal": "unknown_subscription"},
    ]
    meter.calls.clear()
    assert [each["outcome"] for each in record(desk, first).json["records"]] == ["repeated"]
    assert meter.round_trips <= 6
    answer = desk.call("GET", f"/v1/accounts/{account_id}/usage", role="customer", account_id=account_id)
    (period,) = answer.json["periods"]
    assert (period["subscription_id"], period["plan_name"], period["is_running"]) == ("sub_1", "Mobile 5 GB", True)
    data = next(line for line in period["lines"] if line["category"] == "data")
    assert data == {
        "category": "data", "unit": "bytes", "used": 6 * GB, "allowance": 5 * GB, "left": 0, "charge": pounds(200),
        "billed": pounds(200), "billed_with_tax": pounds(240),
        "not_billed": {"over_limit": pounds(0), "barred": pounds(0)},
    }  # fmt: skip
    texts = next(line for line in period["lines"] if line["category"] == "text")
    assert (texts["allowance"], texts["left"]) == (None, None)


def test_records_whose_ids_look_like_card_numbers_are_two(desk: HttpDesk, account_id: str) -> None:
    one, other = "4012888888881881", "4000000000041881"
    for record_id in (one, other):
        (told,) = record(desk, a_record(record_id)).json["records"]
        assert (told["record_id"], told["outcome"]) == (record_id, "counted")
    listed = desk.call("GET", f"/v1/accounts/{account_id}/usage-records?subscription_id=sub_1").json["items"]
    assert {each["record_id"] for each in listed} == {one, other}


def test_the_records_of_a_period_are_a_page_at_a_time(desk: HttpDesk, account_id: str) -> None:
    record(desk, *(a_record(f"r{n}") for n in range(3)))
    url = f"/v1/accounts/{account_id}/usage-records?subscription_id=sub_1&limit=2"
    page = desk.call("GET", url).json
    assert [each["quantity"] for each in page["items"]] == [GB, GB]
    rest = desk.call("GET", f"{url}&cursor={page['next_cursor']}").json
    assert len(rest["items"]) == 1
    assert desk.call("GET", f"/v1/accounts/{account_id}/usage-records?subscription_id=sub_9").status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": -1}, {"category": "water"}, {"unit": "litres"}, {"happened_at": "yesterday"}, {"version": 0},
        {"record_id": ""}, {"extra": 1}, {"corrects": "r0"}, {"quantity": 10**16},
    ],
)  # fmt: skip
def test_a_record_of_the_wrong_shape_is_named(desk: HttpDesk, account_id: str, wrong: dict[str, Any]) -> None:
    answer = record(desk, a_record(), a_record("r2", **wrong) if "record_id" not in wrong else a_record(**wrong))
    assert answer.status == 422
    assert all(error["pointer"].startswith("/records/1") for error in answer.json["errors"])


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        ("9999-12-31T23:59:59Z", "in_future"), ("9999-12-31T12:00:00Z", "in_future"),
        ("0001-01-01T00:00:00Z", "too_old"), ("0001-01-31T12:00:00Z", "too_old"),
    ],
)  # fmt: skip
def test_a_record_of_a_time_without_a_period_stops_no_other(
    desk: HttpDesk, account_id: str, at: str, refusal: str
) -> None:
    answer = record(desk, a_record("r1", happened_at=at), a_record("r2"))
    assert answer.status == 200, answer.text
    assert [each["refusal"] for each in answer.json["records"]] == [refusal, None]


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01", "1999-12-31", "2101-01-01", "2026-02-30", "today"])
def test_a_day_without_a_period_is_named(desk: HttpDesk, account_id: str, on: str) -> None:
    record(desk, a_record())
    answer = desk.call("GET", f"/v1/accounts/{account_id}/usage-records?subscription_id=sub_1&on={on}")
    assert answer.status in (400, 422), answer.text


def test_a_call_takes_one_to_a_hundred_records(desk: HttpDesk, account_id: str) -> None:
    assert record(desk).status == 422
    assert record(desk, *[a_record()] * 101).status == 422
    outcomes = [each["outcome"] for each in record(desk, *(a_record(f"r{n}", 1) for n in range(100))).json["records"]]
    assert outcomes == ["counted"] * 100


@pytest.mark.parametrize("role", ["customer", "advisor", "supervisor", "finance"])
def test_only_networks_record_use(desk: HttpDesk, account_id: str, role: str) -> None:
    assert record(desk, a_record(), role=role).status == 403


def test_a_customer_finds_nothing_of_another_account(desk: HttpDesk, account_id: str) -> None:
    for path in ("usage", "usage-records?subscription_id=sub_1", "spending-limit", "plan-advice"):
        answer = desk.call("GET", f"/v1/accounts/{account_id}/{path}", role="customer", account_id="acc_other")
        assert answer.status == 404, path


def test_a_limit_is_set_used_up_and_shown(desk: HttpDesk, account_id: str) -> None:
    url, own = f"/v1/accounts/{account_id}/spending-limit", {"role": "customer", "account_id": account_id}
    answer = desk.call("PUT", url, {"limit": pounds(240)}, **own)  # type: ignore[arg-type]
    assert answer.status == 200, answer.text
    assert [(each["subscription_id"], each["limit"]) for each in answer.json["limits"]] == [(None, pounds(240))]
    record(desk, a_record(quantity=9 * GB, happened_at=format_instant(utc_now())))
    (period,) = desk.call("GET", f"/v1/accounts/{account_id}/usage").json["periods"]
    data = next(line for line in period["lines"] if line["category"] == "data")
    assert (data["billed"], data["not_billed"]["over_limit"]) == (pounds(200), pounds(600))
    assert period["spending"] == [
        {"subscription_id": None, "limit": pounds(240), "ceiling": pounds(240), "billed": pounds(240)}
    ]
    assert desk.call("GET", url, **own).json == answer.json  # type: ignore[arg-type]
    audit = desk.call("GET", f"/v1/accounts/{account_id}/audit", role="supervisor").json["items"]
    assert audit[0]["action"] == "usage.limit_set"


def test_to_go_beyond_the_limit_an_advisor_verifies_the_customer_first(desk: HttpDesk, account_id: str) -> None:
    consents = f"/v1/accounts/{account_id}/spending-consents"
    body = {"amount": pounds(500), "source": "phone"}
    assert desk.call("POST", consents, body).json["code"] == "step_up_required"
    verify(desk, account_id)
    assert desk.call("POST", consents, body).json["reason"] == "no_limit"
    desk.call("PUT", f"/v1/accounts/{account_id}/spending-limit", {"limit": pounds(240)})
    given = desk.call("POST", consents, body, headers={"Idempotency-Key": "k"})
    assert given.status == 201, given.text
    assert (given.json["amount"], given.json["source"], len(given.json["months"])) == (pounds(500), "phone", 1)
    assert desk.call("POST", consents, body, headers={"Idempotency-Key": "k"}).json == given.json
    rules = desk.call("GET", f"/v1/accounts/{account_id}/spending-limit").json
    assert [each["consent_id"] for each in rules["consents"]] == [given.json["consent_id"]]


def test_to_lower_a_limit_asks_for_nothing_and_to_raise_or_drop_it_does(desk: HttpDesk, account_id: str) -> None:
    url = f"/v1/accounts/{account_id}/spending-limit"
    statuses = [
        desk.call("PUT", url, {"limit": limit}).status for limit in (pounds(500), pounds(300), pounds(301), None)
    ]
    assert statuses == [200, 200, 403, 403]


def test_bars_are_set_as_a_whole_and_lifted_by_who_is_verified(desk: HttpDesk, account_id: str) -> None:
    url = f"/v1/accounts/{account_id}/usage-bars"
    body = {"subscription_id": "sub_1", "categories": ["roaming_data", "premium_text"]}
    assert desk.call("PUT", url, body).json["bars"] == [body]
    assert desk.call("PUT", url, {**body, "categories": ["roaming_data"]}).status == 403
    verify(desk, account_id)
    assert desk.call("PUT", url, {**body, "categories": []}).json["bars"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("spending-limit", {"limit": {"amount_minor": -1, "currency": "GBP"}}, 422),
        ("spending-limit", {"limit": {"amount_minor": 1, "currency": "EUR"}}, 422),
        ("spending-limit", {"limit": None, "subscription_id": "sub_9"}, 404),
        ("spending-limit", {}, 422),
        ("usage-bars", {"categories": ["data"]}, 422),
    ],
)
def test_what_cannot_be_set_is_refused(
    desk: HttpDesk, account_id: str, path: str, body: dict[str, Any], status: int
) -> None:
    assert desk.call("PUT", f"/v1/accounts/{account_id}/{path}", body).status == status


def test_an_account_that_is_not_there_is_not_found(desk: HttpDesk) -> None:
    for path in ("usage", "spending-limit", "plan-advice"):
        assert desk.call("GET", f"/v1/accounts/acc_nobody/{path}").status == 404


def test_advice_shows_every_sum(desk: HttpDesk, account_id: str) -> None:
    cheap = an_offer("MOB-SIM", name="SIM only", monthly_minor=500)
    wiring.offers().set(cheap.code, cheap, None, Actor("sub-admin", "admin.one"))
    record(desk, a_record())
    (advice,) = desk.call("GET", f"/v1/accounts/{account_id}/plan-advice?subscription_id=sub_1").json["subscriptions"]
    assert (advice["total"], len(advice["costs"])) == (pounds(3600), 3)
    assert (advice["best"]["plan_code"], advice["best"]["saves"]) == ("MOB-SIM", pounds(1800))
    assert advice["others"] == [advice["best"]]


def test_twenty_sims_are_read_like_one(desk: HttpDesk, account_id: str, meter: Meter) -> None:
    paths = [f"/v1/accounts/{account_id}/{name}" for name in ("usage", "plan-advice", "spending-limit")]

    def costs() -> list[int]:
        found = []
        for path in paths:
            meter.calls.clear()
            assert desk.call("GET", path).status == 200
            found.append(meter.round_trips)
        return found

    costs()  # what is remembered, such as the policy, is read once
    alone = costs()
    assert all(each <= most for each, most in zip(alone, (5, 10, 4), strict=True)), alone
    for number in range(20):
        sim = a_sim(f"sub_x{number}", account_id=account_id, anchor_day=1 + number, started_on=date(2020, 1, 1))
        wiring.billing_store().add_subscription(sim)
    assert len(desk.call("GET", paths[1]).json["subscriptions"]) == 21
    together = costs()
    assert together[1:] == alone[1:]
    assert together[0] <= alone[0] + 1  # periods of twenty days began in this month or in the one before


def test_the_forecast_knows_what_was_used(desk: HttpDesk, account_id: str) -> None:
    record(desk, a_record(quantity=7 * GB))
    (charge,) = wiring.usage_so_far().unbilled(account_id)
    assert (charge.code, charge.net_minor, charge.tax_minor) == ("usage_data", 400, 80)
    assert wiring.usage_so_far().unbilled("acc_nobody") == []


def test_a_customer_who_prefers_texts_gets_alerts_as_texts(desk: HttpDesk, account_id: str) -> None:
    url = f"/v1/accounts/{account_id}/preferences"
    said = desk.call("PUT", url, {"preferred_channel": "sms"}, headers={"If-Match": '"0"'})
    assert said.status == 200, said.text
    record(desk, a_record(quantity=5 * GB))
    items = wiring.table().client.scan(TableName=wiring.table().name)["Items"]
    texts = [str(item) for item in items if item.get("kind") == {"S": "message"}]
    assert len([text for text in texts if "usage/allowance_used_text" in text]) == 1


def test_the_daily_job_begins_with_today(cloud: None) -> None:
    assert advise_customers({}, None) == {"letters": 0}
