"""Accounts through HTTP: create, find, change, and every wrong way to ask."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness import HttpDesk, Meter
from tests.identity.http import verify

ADA: dict[str, Any] = {
    "name": {"given": "Ada", "family": "Lovelace"},
    "emails": ["Ada@Example.com"],
    "phones": ["+44 7700 900123"],
    "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "sw1a 1aa", "country": "GB"},
}


@pytest.fixture
def ada(desk: HttpDesk) -> dict[str, Any]:
    answer = desk.call("POST", "/v1/accounts", ADA)
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def test_a_new_account_is_canonical_and_can_be_read(desk: HttpDesk, ada: dict[str, Any]) -> None:
    assert ada["emails"] == ["ada@example.com"]
    assert ada["phones"] == ["+447700900123"]
    assert ada["billing_address"]["postal_code"] == "SW1A 1AA"
    read = desk.call("GET", f"/v1/accounts/{ada['account_id']}")
    assert (read.status, read.json, read.headers["etag"]) == (200, ada, '"1"')


@pytest.mark.parametrize(
    "way", ["email=ADA@example.com", "phone=%2B447700900123", "q=love", "q=lovelace+ada", "number"]
)
def test_it_is_found_by_mail_phone_number_and_name(desk: HttpDesk, ada: dict[str, Any], way: str) -> None:
    query = f"account_number={ada['account_number']}" if way == "number" else way
    found = desk.call("GET", f"/v1/accounts?{query}")
    assert [item["account_id"] for item in found.json["items"]] == [ada["account_id"]]


def test_a_change_moves_version_and_pointers_and_is_audited(desk: HttpDesk, ada: dict[str, Any]) -> None:
    url = f"/v1/accounts/{ada['account_id']}"
    verify(desk, ada["account_id"])
    changed = desk.call("PATCH", url, {"emails": ["new@example.com"]}, headers={"If-Match": '"1"'})
    assert (changed.status, changed.json["version"], changed.headers["etag"]) == (200, 2, '"2"')
    assert desk.call("GET", "/v1/accounts?email=ada@example.com").json["items"] == []
    assert len(desk.call("GET", "/v1/accounts?email=new@example.com").json["items"]) == 1
    told = desk.call("GET", f"{url}/audit", role="supervisor").json["items"]
    audit = [entry for entry in told if entry["action"].startswith("account.")]
    assert [entry["action"] for entry in audit] == ["account.changed", "account.created"]
    assert audit[0]["before"] == {"emails": ["ada@example.com"]}
    assert audit[0]["after"] == {"emails": ["new@example.com"]}
    assert audit[0]["actor_name"] == "advisor.one"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "precondition_required"),
        ({"If-Match": '"7"'}, 412, "stale_version"),
        ({"If-Match": "x"}, 412, "stale_version"),
    ],
)
def test_a_change_needs_the_version_that_was_seen(
    desk: HttpDesk, ada: dict[str, Any], headers: dict[str, str], status: int, code: str
) -> None:
    answer = desk.call("PATCH", f"/v1/accounts/{ada['account_id']}", {"language": "cy"}, headers=headers)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"{", 400, None),
        (b"", 422, ""),
        ({**ADA, "colour": "red"}, 422, "/colour"),
        ({k: v for k, v in ADA.items() if k != "name"}, 422, "/name"),
        ({**ADA, "emails": "ada@example.com"}, 422, "/emails"),
        ({**ADA, "emails": ["not a mail"]}, 422, "/emails/0"),
        ({**ADA, "phones": ["+4477"]}, 422, "/phones/0"),
        ({**ADA, "billing_address": {**ADA["billing_address"], "postal_code": "1234"}}, 422, "/billing_address"),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', 413, None),
    ],
)
def test_bad_bodies_get_a_problem_that_names_the_field(
    desk: HttpDesk, body: Any, status: int, pointer: str | None
) -> None:
    answer = desk.call("POST", "/v1/accounts", body)
    assert answer.status == status, answer.text
    if pointer is not None:
        assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_a_customer_reaches_the_own_account_alone(desk: HttpDesk, ada: dict[str, Any]) -> None:
    url = f"/v1/accounts/{ada['account_id']}"
    assert desk.call("GET", url, role="customer", account_id=ada["account_id"]).status == 200
    other = desk.call("GET", url, role="customer", account_id="acc_other")
    absent = desk.call("GET", "/v1/accounts/acc_absent")
    assert (other.status, absent.status) == (404, 404)
    assert desk.call("GET", "/v1/accounts?q=ada", role="customer", account_id=ada["account_id"]).status == 403
    assert desk.call("GET", url, role=None).status == 401


def test_a_repeated_creation_with_one_key_opens_one_account(desk: HttpDesk) -> None:
    key = {"Idempotency-Key": "one"}
    first, second = (desk.call("POST", "/v1/accounts", ADA, headers=key) for _ in range(2))
    assert first.json == second.json
    assert second.headers["idempotency-replayed"] == "true"
    other = desk.call("POST", "/v1/accounts", {**ADA, "language": "cy"}, headers=key)
    assert (other.status, other.json["code"]) == (409, "conflict")


def test_costs(desk: HttpDesk, ada: dict[str, Any], meter: Meter) -> None:
    desk.call("GET", f"/v1/accounts/{ada['account_id']}")
    assert (meter.round_trips, meter.read_units) == (1, 0.5)
    desk.call("GET", "/v1/accounts?email=ada@example.com")
    assert (meter.round_trips, meter.read_units) == (2, 1.0)


def test_who_cannot_be_reached_can_be_given_an_address_and_only_then_is_a_proof_asked_for(desk: HttpDesk) -> None:
    made = desk.call("POST", "/v1/accounts", {**ADA, "emails": [], "phones": []}).json
    url = f"/v1/accounts/{made['account_id']}"
    first = desk.call("PATCH", url, {"emails": ["ada@example.com"]}, headers={"If-Match": '"1"'})
    assert (first.status, first.json["emails"]) == (200, ["ada@example.com"])
    second = desk.call("PATCH", url, {"emails": ["eve@example.com"]}, headers={"If-Match": '"2"'})
    assert (second.status, second.json["code"]) == (403, "step_up_required")
