"""The HTTP door from outside: identity, versions, repeated keys, and every wrong way to ask."""

from __future__ import annotations

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from infra.local.demo.desk import Answer, Desk, wait_for
from infra.local.demo.recording import EVENTS, manifest

ADDRESS = {"line1": "2 Mill Lane", "city": "Leeds", "postal_code": "LS1 4AP", "country": "GB"}


@pytest.fixture
def own(desk: Desk) -> str:
    return f"/v1/accounts/{desk.handle['demo']['account_id']}"


def problem(answer: Answer, status: int) -> Any:
    assert answer.status == status, answer.json
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= answer.json.keys()
    return answer.json


def test_an_account_is_opened_found_changed_and_audited(desk: Desk) -> None:
    mail = f"{uuid4().hex}@example.com"
    new = {
        "name": {"given": "Ida", "family": "Rhodes"},
        "emails": [mail],
        "phones": ["+442079460100"],
        "billing_address": ADDRESS,
    }
    opened = desk.call("POST", "/v1/accounts", new, role="advisor")
    assert opened.status == 201, opened.json
    path = f"/v1/accounts/{opened.json['account_id']}"
    found = desk.call("GET", f"/v1/accounts?email={mail}", role="advisor").json["items"]
    assert [account["account_id"] for account in found] == [opened.json["account_id"]]
    number = desk.call("GET", f"/v1/accounts?account_number={opened.json['account_number']}", role="advisor")
    assert len(number.json["items"]) == 1
    match = {"If-Match": opened.headers["etag"]}
    assert desk.call("PATCH", path, {"language": "cy"}, role="advisor", headers=match).json["version"] == 2
    problem(desk.call("PATCH", path, {"language": "de"}, role="advisor", headers=match), 412)
    entries = desk.call("GET", f"{path}/audit", role="supervisor").json["items"]
    assert (entries[0]["before"], entries[0]["after"]) == ({"language": "en-GB"}, {"language": "cy"})


@pytest.mark.parametrize("token", [None, "garbage", "Bearer garbage", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])
def test_without_a_good_token_nothing_is_told(desk: Desk, own: str, token: str | None) -> None:
    headers = {"Authorization": token} if token else {}
    answer = desk.call("GET", own, headers=headers)
    problem(answer, 401)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_another_customers_things_do_not_exist(desk: Desk) -> None:
    other = desk.call("GET", "/v1/accounts?q=pritchard", role="advisor").json["items"][0]["account_id"]
    for tail in ("", "/balance", "/invoices", "/timeline", "/payments", "/subscriptions"):
        problem(desk.call("GET", f"/v1/accounts/{other}{tail}", role="customer"), 404)
    invoice = desk.call("GET", f"/v1/accounts/{other}/invoices", role="advisor").json["items"][0]["invoice_id"]
    problem(desk.call("GET", f"/v1/invoices/{invoice}", role="customer"), 404)
    problem(desk.call("GET", "/v1/accounts?q=amelia", role="customer"), 403)


@pytest.mark.parametrize(
    ("method", "tail", "body", "headers", "status"),
    [
        ("POST", "/payments", b"{", {"Idempotency-Key": "a"}, 400),
        ("POST", "/payments", {"amount": {"amount_minor": 100, "currency": "GBP"}}, {}, 400),
        ("POST", "/payments", {"amount": {"amount_minor": "100", "currency": "GBP"}}, {"Idempotency-Key": "b"}, 422),
        ("POST", "/payments", {"amount": {"amount_minor": -1, "currency": "GBP"}}, {"Idempotency-Key": "c"}, 422),
        (
            "POST",
            "/payments",
            {"amount": {"amount_minor": 100, "currency": "GBP"}, "card": "4242"},
            {"Idempotency-Key": "d"},
            422,
        ),
        ("PATCH", "", {"language": "cy"}, {}, 428),
        ("PATCH", "", {"language": "cy"}, {"If-Match": '"999"'}, 412),
        ("PATCH", "", {"shoe_size": 9}, {"If-Match": '"1"'}, 422),
        ("PATCH", "", b"x" * 1_200_000, {"If-Match": '"1"'}, 413),
        ("PATCH", "", b"language=cy", {"If-Match": '"1"', "Content-Type": "text/plain"}, 415),
        ("GET", "/invoices?limit=0", None, {}, 400),
        ("GET", "/invoices?cursor=forged", None, {}, 400),
        ("GET", "/invoices?colour=red", None, {}, 400),
    ],
)
def test_bad_input_gets_a_clear_problem(
    desk: Desk, own: str, method: str, tail: str, body: Any, headers: dict[str, str], status: int
) -> None:
    problem(desk.call(method, own + tail, body, role="customer", headers=headers), status)


def test_an_unknown_address_is_a_problem_too(desk: Desk) -> None:
    problem(desk.call("GET", "/v1/nothing/here", role="advisor"), 404)
    problem(desk.call("GET", "/v1/cases/case_absent", role="advisor"), 404)


def test_a_payment_is_taken_exactly_once_though_asked_for_ten_times_at_once(desk: Desk, own: str) -> None:
    before = desk.call("GET", f"{own}/balance", role="customer").json["balance"]["amount_minor"]
    body = {"amount": {"amount_minor": 1234, "currency": "GBP"}, "payment_method": "pm_card_visa"}
    key = {"Idempotency-Key": uuid4().hex}
    with ThreadPoolExecutor(10) as crowd:
        asked = [
            crowd.submit(desk.call, "POST", f"{own}/payments", body, role="customer", headers=key) for _ in range(10)
        ]
    statuses = {one.result().status for one in asked}
    assert statuses <= {201, 409}
    done = desk.call("POST", f"{own}/payments", body, role="customer", headers=key)
    assert (done.status, done.headers["idempotency-replayed"]) == (201, "true")
    link = f"/v1/payments/{done.json['payment_id']}"
    assert wait_for(lambda: desk.call("GET", link, role="customer").json["status"] == "succeeded")
    after = desk.call("GET", f"{own}/balance", role="customer").json["balance"]["amount_minor"]
    assert before - after == 1234
    problem(
        desk.call(
            "POST", f"{own}/payments", {**body, "payment_method": "pm_card_mastercard"}, role="customer", headers=key
        ),
        409,
    )


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
    ],
)
def test_a_declined_card_is_told_in_plain_words(desk: Desk, own: str, card: str, code: str) -> None:
    body = {"amount": {"amount_minor": 500, "currency": "GBP"}, "payment_method": card}
    key = {"Idempotency-Key": uuid4().hex}
    refused = problem(desk.call("POST", f"{own}/payments", body, role="customer", headers=key), 402)
    assert refused["decline_code"] == code
    assert len(refused["detail"].split()) > 3


@pytest.mark.parametrize(
    "row", [row for row in manifest()["events"] if row["door"] == "request"], ids=lambda r: r["file"]
)
def test_a_recorded_request_gets_the_status_it_should(desk: Desk, row: dict[str, Any]) -> None:
    event = json.loads(EVENTS.joinpath(row["file"]).read_text())
    if "If-Match" in event["headers"]:
        seen = desk.call("GET", event["path"], role="advisor")
        event["headers"]["If-Match"] = seen.headers["etag"]
    name = desk.resources["function_prefix"] + "api_handler"
    answer = json.loads(desk.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))["Payload"].read())
    assert f"status:{answer['statusCode']}" == row["expect"], answer["body"]


def test_the_document_and_the_page_are_served(desk: Desk) -> None:
    document = desk.call("GET", "/openapi.json")
    assert document.json["openapi"].startswith("3.1")
    page = desk.call("GET", "/docs")
    assert page.status == 200
    assert "http://" not in page.json.replace("http://127.0.0.1", "").replace("http://www.w3.org", "")
    assert json.dumps("/v1/accounts/{account_id}")[1:-1] in page.json


def test_a_method_that_an_address_does_not_take_is_refused(desk: Desk) -> None:
    answer = desk.call("DELETE", "/v1/accounts", role="advisor")
    problem(answer, 405)
    assert answer.headers["allow"] == "GET, OPTIONS, POST"


def test_a_browser_may_ask_from_elsewhere(desk: Desk, own: str) -> None:
    request = urllib.request.Request(
        desk.link(own),
        method="OPTIONS",
        headers={"Origin": "https://app.example", "Access-Control-Request-Method": "PATCH"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        allowed = {name.lower(): value for name, value in answer.headers.items()}
    assert "PATCH" in allowed["access-control-allow-methods"]
    assert "If-Match" in allowed["access-control-allow-headers"]
