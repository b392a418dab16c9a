"""A customer and the desk over HTTP, from a second account opened by mistake to one whole profile."""

from __future__ import annotations

from typing import Any

from tests.harness import HttpDesk
from tests.identity.http import verify

GWEN: dict[str, Any] = {
    "name": {"given": "Gwen", "family": "Prys"},
    "emails": ["gwen@prys.example"],
    "phones": ["+44 7400 123456"],
    "billing_address": {"line1": "3 Heol y Wig", "city": "Aberystwyth", "postal_code": "SY23 2LN", "country": "GB"},
}
BOSS: dict[str, Any] = {"role": "supervisor"}


def test_from_two_accounts_to_one_whole_profile(desk: HttpDesk) -> None:
    first = desk.call("POST", "/v1/accounts", GWEN).json
    second = desk.call("POST", "/v1/accounts", {**GWEN, "emails": ["gwen@work.example"]}).json
    account_id, twin = first["account_id"], second["account_id"]
    url = f"/v1/accounts/{account_id}"
    mine: dict[str, Any] = {"role": "customer", "account_id": account_id}

    # The desk sees that both are Gwen's, and makes them one; her open case goes with it.
    assert [each["account_id"] for each in second["possible_duplicates"]] == [account_id]
    asked = {"subject": "My bill", "text": "Why two bills?", "channel": "phone", "account_id": twin, "queue": "billing"}
    case = desk.call("POST", "/v1/cases", asked)
    assert case.status == 201, case.text
    for each in (account_id, twin):
        verify(desk, each, **BOSS)
    merged = desk.call("POST", f"{url}/merges", {"duplicate_account_id": twin}, **BOSS)
    assert merged.json["case_ids"] == [case.json["case_id"]], merged.text
    assert desk.call("GET", f"/v1/cases/{case.json['case_id']}").json["account_id"] == account_id

    # Gwen says herself what she needs, and when she would rather be left alone.
    wishes = {
        "formats": ["large_print", "welsh"],
        "support_needs": [{"kind": "sight", "consent_to_record": True, "note": "Large letters, please"}],
        "consents": [{"purpose": "marketing", "channel": "mail", "is_allowed": False}],
        "quiet_hours": {"begins": "20:00", "ends": "09:00"},
    }
    asked_first = desk.call("GET", f"{url}/preferences", **mine)
    told = desk.call("PUT", f"{url}/preferences", wishes, headers={"If-Match": asked_first.headers["etag"]}, **mine)
    assert told.status == 200, told.text

    # An advisor verifies her, which proves her mail, and names her daughter.
    verify(desk, account_id)
    daughter = {"role": "authorised", "name": "Mair Prys-Jones", "relation": "daughter", "rights": ["read", "pay"]}
    assert desk.call("POST", f"{url}/people", daughter).status == 201
    (found,) = desk.call("GET", "/v1/accounts?q=mair").json["items"]
    assert (found["account_id"], found["person"]) == (account_id, "Mair Prys-Jones (authorised)")

    # Her bills go to the other address from now on; what was proven stays proven.
    whole = desk.call("GET", url)
    items = [
        {"kind": "email", "address": "gwen@prys.example", "roles": ["service", "security"]},
        {"kind": "email", "address": "gwen@work.example", "roles": ["billing"]},
        {"kind": "phone", "address": "+447400123456", "roles": ["service"]},
    ]
    points = desk.call("PUT", f"{url}/contact-points", {"items": items}, headers={"If-Match": whole.headers["etag"]})
    assert points.status == 200, points.text
    assert [point["verified_how"] is not None for point in points.json["items"]] == [True, True, False]

    quality = desk.call("GET", f"{url}/data-quality").json
    assert (quality["score"], quality["gaps"]) == (100, [])
    assert desk.call("GET", url, **mine).json["formats"] == ["large_print", "welsh"]
    assert desk.call("GET", url, role="customer", account_id=twin).json["version"] == points.json["version"]
    assert desk.call("GET", url, role="customer", account_id="acc_other").status == 404
