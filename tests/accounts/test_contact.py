"""Mails and phones: what each is for, whether it was proven, what stays when they change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.contact import ContactDetail, Role, contact_points, details_of, mail_for, phone_facts
from chalicelib.audit.model import Actor
from tests.accounts.test_routes import ADA
from tests.harness import HttpDesk

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DESK = Actor("identity", "identity")


@pytest.mark.parametrize(
    ("number", "number_type", "region", "is_valid"),
    [
        ("+447400123456", "mobile", "GB", True),
        ("+442079460001", "fixed_line", "GB", True),
        ("+4930901820", "fixed_line", "DE", True),
        ("+449911123456", "unknown", None, False),
        ("no number", "unknown", None, False),
    ],
)
def test_what_the_plans_say_of_a_number(number: str, number_type: str, region: str | None, is_valid: bool) -> None:
    facts = phone_facts(number)
    assert (facts.number_type, facts.region, facts.is_valid) == (number_type, region, is_valid)


def test_what_is_known_of_those_that_stay_stays_and_new_ones_are_unverified() -> None:
    known = details_of(["a@x.example"], ["+447400123456"], {}, AT)
    known["a@x.example"] = known["a@x.example"].model_copy(update={"verified_at": AT, "verified_how": "one_time_code"})
    later = datetime(2026, 12, 1, tzinfo=UTC)
    after = details_of(["b@x.example", "a@x.example"], [], known, later)
    assert after["a@x.example"] == known["a@x.example"]
    assert (after["b@x.example"].verified_at, after["b@x.example"].added_at) == (None, later)
    assert "+447400123456" not in after


def test_where_the_mail_for_bills_goes_another_takes_its_place() -> None:
    known = {"a@x.example": ContactDetail(roles=(Role.BILLING,)), "b@x.example": ContactDetail(roles=(Role.SERVICE,))}
    after = details_of(["b@x.example"], [], known, AT)
    assert after["b@x.example"].roles == (Role.BILLING, Role.SERVICE)


def test_mail_goes_where_it_is_for_and_else_to_the_main_address() -> None:
    told = {"a@x.example": ContactDetail(roles=(Role.SERVICE,)), "b@x.example": ContactDetail(roles=(Role.BILLING,))}
    points = contact_points(["a@x.example", "b@x.example"], [], told)
    goes = {role: mail_for(role, points) for role in Role}
    assert goes[Role.BILLING] == "b@x.example"
    assert goes[Role.SERVICE] == goes[Role.SECURITY] == goes[Role.MARKETING] == "a@x.example"
    assert mail_for(Role.BILLING, ()) is None


@pytest.fixture
def ada(desk: HttpDesk) -> str:
    return str(desk.call("POST", "/v1/accounts", ADA).json["account_id"])


def put(desk: HttpDesk, ada: str, items: list[dict[str, Any]], version: int = 1) -> Any:
    url = f"/v1/accounts/{ada}/contact-points"
    own = {"role": "customer", "account_id": ada}
    return desk.call("PUT", url, {"items": items}, headers={"If-Match": f'"{version}"'}, **own)


def mail(address: str, *roles: str) -> dict[str, Any]:
    return {"kind": "email", "address": address, "roles": list(roles)}


def test_a_proof_is_shown_and_outlives_a_change_of_the_others(desk: HttpDesk, ada: str) -> None:
    unproven = desk.call("GET", f"/v1/accounts/{ada}").json["data_quality_score"]
    assert wiring.address_marks().verified(ada, "ada@example.com", "one_time_code", DESK)
    assert desk.call("GET", f"/v1/accounts/{ada}").json["data_quality_score"] == unproven + 10
    changed = put(desk, ada, [mail("New@Example.com", "billing"), mail("ada@example.com", "service", "security")])
    assert (changed.status, changed.json["version"]) == (200, 2), changed.text
    first, second = changed.json["items"]
    assert (first["address"], first["verified_at"], first["roles"]) == ("new@example.com", None, ["billing"])
    assert (second["verified_how"], second["roles"]) == ("one_time_code", ["service", "security"])
    assert second["verified_by"] is None
    assert desk.call("GET", f"/v1/accounts/{ada}/contact-points").json["items"][1]["verified_by"] == "identity"
    account = desk.call("GET", f"/v1/accounts/{ada}").json
    assert (account["emails"], account["phones"]) == (["new@example.com", "ada@example.com"], [])


def test_a_phone_shows_what_it_is(desk: HttpDesk, ada: str) -> None:
    new = put(desk, ada, [{"kind": "phone", "address": "+44 7400 123456", "roles": ["service"]}])
    (phone,) = new.json["items"]
    assert (phone["number_type"], phone["region"], phone["is_valid"]) == ("mobile", "GB", True)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([mail("a@x.example", "service")], "for bills"),
        ([mail("a@x.example", "billing"), mail("A@X.example", "billing")], "twice"),
        ([mail("a@x.example", "billing", "billing")], "same role"),
        ([mail("not a mail", "billing")], "@"),
        ([{"kind": "phone", "address": "12", "roles": []}], "internationally"),
        ([mail(f"m{n}@x.example", "billing") for n in range(11)], "ten of each kind"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk: HttpDesk, ada: str, items: list[dict[str, Any]], said: str) -> None:
    refused = put(desk, ada, items)
    assert refused.status == 422
    assert said in refused.text


def test_another_customers_are_not_found(desk: HttpDesk, ada: str) -> None:
    url = f"/v1/accounts/{ada}/contact-points"
    assert desk.call("GET", url, role="customer", account_id="acc_other").status == 404


def test_marks_leave_the_version_and_are_made_once(desk: HttpDesk, ada: str) -> None:
    marks = wiring.address_marks()
    assert marks.bounced(ada, "ada@example.com", AT, DESK)
    assert marks.bounced(ada, "ada@example.com", datetime(2026, 12, 1, tzinfo=UTC), DESK)
    point = wiring.accounts().get(ada).contact_points[0]
    assert point.bounced_at == AT
    assert marks.verified(ada, "ada@example.com", "one_time_code", DESK)
    assert marks.bounced(ada, "ada@example.com", AT, DESK)  # told again
    assert not marks.verified(ada, "stranger@example.com", "one_time_code", DESK)
    account = wiring.accounts().get(ada)
    assert (account.contact_points[0].bounced_at, account.version) == (None, 1)
    audit = desk.call("GET", f"/v1/accounts/{ada}/audit", role="supervisor").json["items"]
    assert [entry["action"] for entry in audit] == ["contact.verified", "contact.bounced", "account.created"]
