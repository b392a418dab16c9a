"""Duplicates through HTTP: suspected when an account is opened, shown with reasons, merged and parted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.test_routes import ADA
from tests.harness import HttpAnswer, HttpDesk
from tests.identity.http import verify

BOSS: dict[str, Any] = {"role": "supervisor"}


@pytest.fixture
def ada(desk: HttpDesk) -> dict[str, Any]:
    created: dict[str, Any] = desk.call("POST", "/v1/accounts", ADA).json
    return created


@pytest.fixture
def again(desk: HttpDesk, ada: dict[str, Any]) -> dict[str, Any]:
    """Ada once more, under a second mail and with a slip in her name."""
    twice = {**ADA, "name": {"given": "Ada", "family": "Lovelcae"}, "emails": ["a.l@example.com"]}
    created: dict[str, Any] = desk.call("POST", "/v1/accounts", twice).json
    return created


def merge(desk: HttpDesk, survivor: str, duplicate: str, **call: Any) -> HttpAnswer:
    """Joined by who has verified the customer of both before."""
    return desk.call("POST", f"/v1/accounts/{survivor}/merges", {"duplicate_account_id": duplicate}, **{**BOSS, **call})


def proven(desk: HttpDesk, *accounts: dict[str, Any]) -> list[str]:
    """The ids of these accounts; the customer of each was verified to the supervisor."""
    for account in accounts:
        verify(desk, account["account_id"], **BOSS)
    return [account["account_id"] for account in accounts]


def test_a_new_account_says_whose_it_may_be_already(desk: HttpDesk, ada: dict[str, Any], again: dict[str, Any]) -> None:
    assert ada["possible_duplicates"] == []
    assert again["possible_duplicates"] == [{"account_id": ada["account_id"], "score": 85}]
    (found,) = desk.call("GET", f"/v1/accounts/{ada['account_id']}/duplicates").json["items"]
    assert (found["account_id"], found["score"], found["is_likely"]) == (again["account_id"], 85, True)
    assert found["reasons"] == ["like_name", "same_phone", "same_address"]
    own = desk.call("GET", f"/v1/accounts/{again['account_id']}", role="customer", account_id=again["account_id"])
    assert own.json["possible_duplicates"] == []
    quality = desk.call("GET", f"/v1/accounts/{again['account_id']}/data-quality").json
    assert "duplicate_suspected" in [gap["name"] for gap in quality["gaps"]]


def test_a_correction_clears_the_suspicion(desk: HttpDesk, ada: dict[str, Any], again: dict[str, Any]) -> None:
    name = {"name": {"given": "William", "family": "King"}}
    changed = desk.call("PATCH", f"/v1/accounts/{again['account_id']}", name, headers={"If-Match": '"1"'})
    assert changed.json["possible_duplicates"] == []


def test_a_merge_is_done_read_and_undone(desk: HttpDesk, ada: dict[str, Any], again: dict[str, Any]) -> None:
    first, second = proven(desk, ada, again)
    done = merge(desk, first, second)
    assert (done.status, done.json["emails"]) == (201, ["a.l@example.com"]), done.text
    url = done.headers["location"]
    assert desk.call("GET", url, **BOSS).json == done.json
    gone = desk.call("GET", f"/v1/accounts/{second}").json
    assert (gone["status"], gone["merged_into"], gone["merge_id"]) == ("merged", first, done.json["merge_id"])
    own = desk.call("GET", f"/v1/accounts/{second}", role="customer", account_id=second).json
    assert (own["merged_into"], own["merge_id"]) == (first, None)
    for text in ("a.l@example.com", again["account_number"], "lovelcae"):
        assert [ref["account_id"] for ref in desk.call("GET", f"/v1/accounts?q={text}").json["items"]] == [first], text
    assert desk.call("GET", f"/v1/accounts/{first}/duplicates").json["items"] == []
    refused = desk.call("PATCH", f"/v1/accounts/{second}", {"language": "cy"}, headers={"If-Match": '"2"'})
    assert (refused.status, refused.json["code"]) == (409, "account_merged")

    undone = desk.call("POST", f"{url}/undo", **BOSS)
    assert (undone.status, undone.json["state"], undone.json["undone_by_name"]) == (200, "undone", "supervisor.one")
    assert desk.call("GET", f"/v1/accounts/{first}").json["emails"] == ada["emails"]
    assert desk.call("GET", f"/v1/accounts/{second}").json["status"] == "active"
    audit = desk.call("GET", f"/v1/accounts/{second}/audit", **BOSS).json["items"]
    done_to = [entry["action"] for entry in audit if entry["action"].startswith("account.")]
    assert done_to == ["account.parted", "account.merged", "account.created"]


def test_only_who_verified_the_customer_of_both_may_merge(
    desk: HttpDesk, ada: dict[str, Any], again: dict[str, Any]
) -> None:
    """A stranger with an account of their own under the victim's name would get the victim's."""
    for first, second in ((ada, again), (again, ada)):
        proven(desk, first)
        refused = merge(desk, first["account_id"], second["account_id"], subject="sub-2")
        assert (refused.status, refused.json["code"]) == (403, "step_up_required")
    verify(desk, ada["account_id"], **BOSS, subject="sub-3")
    assert merge(desk, ada["account_id"], again["account_id"], subject="sub-3").json["code"] == "step_up_required"
    verify(desk, again["account_id"], **BOSS, subject="sub-3")
    assert merge(desk, ada["account_id"], again["account_id"], subject="sub-3").status == 201


def test_who_signs_in_to_the_merged_account_reaches_both_until_it_is_undone(
    desk: HttpDesk, ada: dict[str, Any], again: dict[str, Any]
) -> None:
    first, second = proven(desk, ada, again)
    mine: dict[str, Any] = {"role": "customer", "account_id": second}
    assert desk.call("GET", f"/v1/accounts/{first}", **mine).status == 404
    url = merge(desk, first, second).headers["location"]
    assert desk.call("GET", f"/v1/accounts/{second}", **mine).json["merged_into"] == first
    assert desk.call("GET", f"/v1/accounts/{first}", **mine).json["emails"] == [*ada["emails"], "a.l@example.com"]
    assert desk.call("GET", f"/v1/accounts/{second}", role="customer", account_id=first).status == 404
    other = desk.call("POST", "/v1/accounts", {**ADA, "emails": ["else@example.com"]}).json["account_id"]
    assert desk.call("GET", f"/v1/accounts/{other}", **mine).status == 404

    case = desk.call("POST", "/v1/cases", {"subject": "My bill", "text": "Why?"}, **mine)
    assert (case.status, case.json["account_id"]) == (201, first), case.text
    assert desk.call("GET", case.headers["location"], **mine).status == 200

    assert desk.call("POST", f"{url}/undo", **BOSS).status == 200
    assert desk.call("GET", f"/v1/accounts/{first}", **mine).status == 404
    assert desk.call("GET", case.headers["location"], **mine).status == 404


def test_what_stands_against_a_merge_is_listed(desk: HttpDesk, ada: dict[str, Any]) -> None:
    first, euro = proven(desk, ada, desk.call("POST", "/v1/accounts", {**ADA, "currency": "EUR"}).json)
    refused = merge(desk, first, euro)
    assert (refused.status, refused.json["code"]) == (409, "merge_blocked")
    assert [each["kind"] for each in refused.json["obstacles"]] == ["other_currency"]
    assert merge(desk, first, first).json["errors"][0]["pointer"] == "/duplicate_account_id"


def test_only_who_may_merge_does(desk: HttpDesk, ada: dict[str, Any], again: dict[str, Any]) -> None:
    first, second = ada["account_id"], again["account_id"]
    for role in ("advisor", "finance"):
        assert merge(desk, first, second, role=role).status == 403
    assert merge(desk, first, second, role="customer", account_id=first).status == 403
    assert desk.call("GET", f"/v1/accounts/{first}/duplicates", role="customer", account_id=first).status == 403
    assert desk.call("GET", "/v1/account-merges/mrg_absent", **BOSS).status == 404
