"""Duplicates through HTTP: suspected when an account is opened, shown with reasons, merged and parted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.test_routes import ADA
from tests.harness import HttpAnswer, HttpDesk

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
    return desk.call("POST", f"/v1/accounts/{survivor}/merges", {"duplicate_account_id": duplicate}, **{**BOSS, **call})


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
    first, second = ada["account_id"], again["account_id"]
    done = merge(desk, first, second)
    assert (done.status, done.json["emails"]) == (201, ["a.l@example.com"]), done.text
    url = done.headers["location"]
    assert desk.call("GET", url, **BOSS).json == done.json
    gone = desk.call("GET", f"/v1/accounts/{second}").json
    assert (gone["status"], gone["merged_into"], gone["merge_id"]) == ("merged", first, done.json["merge_id"])
    own = desk.call("GET", f"/v1/accounts/{second}", role="customer", account_id=second).json
    assert (own["merged_into"], own["merge_id"]) == (None, None)
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
    assert [entry["action"] for entry in audit] == ["account.parted", "account.merged", "account.created"]


def test_what_stands_against_a_merge_is_listed(desk: HttpDesk, ada: dict[str, Any]) -> None:
    euro = desk.call("POST", "/v1/accounts", {**ADA, "currency": "EUR"}).json["account_id"]
    refused = merge(desk, ada["account_id"], euro)
    assert (refused.status, refused.json["code"]) == (409, "merge_blocked")
    assert [each["kind"] for each in refused.json["obstacles"]] == ["other_currency"]
    assert merge(desk, ada["account_id"], "acc_absent").status == 422
    assert merge(desk, "acc_absent", ada["account_id"]).status == 404


def test_only_who_may_merge_does(desk: HttpDesk, ada: dict[str, Any], again: dict[str, Any]) -> None:
    first, second = ada["account_id"], again["account_id"]
    for role in ("advisor", "finance"):
        assert merge(desk, first, second, role=role).status == 403
    assert merge(desk, first, second, role="customer", account_id=first).status == 403
    assert desk.call("GET", f"/v1/accounts/{first}/duplicates", role="customer", account_id=first).status == 403
    assert desk.call("GET", "/v1/account-merges/mrg_absent", **BOSS).status == 404
