"""People of an account through HTTP: who may be named by whom, and that a search finds them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.test_routes import ADA
from tests.harness import HttpDesk
from tests.identity.http import verify

TOM: dict[str, Any] = {
    "role": "authorised", "name": "Tom King", "relation": "carer", "rights": ["read", "pay"], "until_on": "2099-12-31"
}  # fmt: skip
ATTORNEY = {
    **TOM, "role": "attorney", "rights": ["read", "pay", "change"],
    "evidence": {"document": "Lasting power of attorney", "seen_on": "2026-10-01", "reference": "7001"},
}  # fmt: skip


@pytest.fixture
def ada(desk: HttpDesk) -> str:
    """An account whose customer an advisor has verified."""
    account_id = str(desk.call("POST", "/v1/accounts", ADA).json["account_id"])
    verify(desk, account_id)
    return account_id


def test_a_person_is_named_found_and_taken_off(desk: HttpDesk, ada: str) -> None:
    url = f"/v1/accounts/{ada}/people"
    added = desk.call("POST", url, TOM)
    assert (added.status, added.json["is_current"], added.json["added_by_name"]) == (201, True, "advisor.one")
    assert desk.call("GET", url).json["items"] == [added.json]
    (found,) = desk.call("GET", "/v1/accounts?q=tom+king").json["items"]
    assert (found["account_id"], found["display_name"]) == (ada, "Ada Lovelace")
    assert found["person"] == "Tom King (authorised)"
    (own,) = desk.call("GET", "/v1/accounts?q=lovelace").json["items"]
    assert own["person"] is None
    assert desk.call("DELETE", f"{url}/{added.json['person_id']}").json == added.json
    assert desk.call("GET", "/v1/accounts?q=tom").json["items"] == []
    assert desk.call("DELETE", f"{url}/{added.json['person_id']}").status == 404
    audit = desk.call("GET", f"/v1/accounts/{ada}/audit", role="supervisor").json["items"]
    assert [entry["action"] for entry in audit[:2]] == ["person.removed", "person.added"]


def test_a_new_name_of_the_holder_is_the_one_that_a_search_for_the_person_shows(desk: HttpDesk, ada: str) -> None:
    desk.call("POST", f"/v1/accounts/{ada}/people", TOM)
    name = {"name": {"given": "Ada", "family": "Byron"}}
    assert desk.call("PATCH", f"/v1/accounts/{ada}", name, headers={"If-Match": '"1"'}).status == 200
    assert [ref["display_name"] for ref in desk.call("GET", "/v1/accounts?q=king").json["items"]] == ["Ada Byron"]


def test_before_staff_names_anybody_the_customer_is_verified(desk: HttpDesk) -> None:
    unknown = desk.call("POST", "/v1/accounts", ADA).json["account_id"]
    refused = desk.call("POST", f"/v1/accounts/{unknown}/people", TOM)
    assert (refused.status, refused.json["code"]) == (403, "step_up_required")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"role": "attorney"}, 422),
        ({"role": "payer", "rights": ["read"]}, 422),
        ({"until_on": "2020-01-01"}, 422),
        ({"payer_account_id": "acc_absent", "role": "payer"}, 422),
        ({"rights": []}, 422),
        ({"rights": ["steal"]}, 422),
    ],
)
def test_who_cannot_be_named_so_is_refused(desk: HttpDesk, ada: str, change: dict[str, Any], status: int) -> None:
    assert desk.call("POST", f"/v1/accounts/{ada}/people", {**TOM, **change}).status == status


def test_a_payer_may_be_another_customer(desk: HttpDesk, ada: str) -> None:
    other = desk.call("POST", "/v1/accounts", {**ADA, "name": {"family": "King"}}).json["account_id"]
    payer = {**TOM, "role": "payer", "payer_account_id": other}
    assert desk.call("POST", f"/v1/accounts/{ada}/people", payer).json["payer_account_id"] == other
    shown = desk.call("GET", f"/v1/accounts/{ada}/people", role="customer", account_id=ada).json["items"]
    assert shown[0]["payer_account_id"] is None
    itself = {**payer, "payer_account_id": ada}
    assert desk.call("POST", f"/v1/accounts/{ada}/people", itself).status == 422


def test_a_customer_names_whom_a_customer_may(desk: HttpDesk, ada: str) -> None:
    url = f"/v1/accounts/{ada}/people"
    assert desk.call("POST", url, TOM, role="customer", account_id=ada).status == 201
    assert desk.call("POST", url, ATTORNEY, role="customer", account_id=ada).status == 403
    assert desk.call("POST", url, TOM, role="customer", account_id="acc_other").status == 404
    assert desk.call("POST", url, ATTORNEY).json["evidence"]["reference"] == "7001"
    assert desk.call("POST", url, TOM, role="finance").status == 403


def test_an_account_has_eight_people_at_most(desk: HttpDesk, ada: str) -> None:
    answers = [desk.call("POST", f"/v1/accounts/{ada}/people", {**TOM, "name": f"Tom {n}th"}) for n in range(9)]
    assert [answer.status for answer in answers] == [201] * 8 + [409]
    assert answers[-1].json["reason"] == "too_many"
