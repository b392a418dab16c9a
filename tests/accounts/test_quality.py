"""The quality of a profile: which gaps it has, and what they weigh by policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.accounts.contact import ContactDetail
from chalicelib.accounts.model import Account, Address, Name, Suspect
from chalicelib.accounts.policy import QualityRules
from chalicelib.accounts.quality import GapName, quality
from tests.accounts.pairs import holder
from tests.accounts.test_routes import ADA
from tests.harness import HttpDesk

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
GOOD = holder("Ada Lovelace", "ada@engines.example", "+447400123456").model_copy(
    update={
        "contact_details": {"ada@engines.example": ContactDetail(roles=(), verified_at=AT)}, "consents_asked_at": AT
    }
)  # fmt: skip


def gaps(account: Account) -> list[GapName]:
    return [gap.name for gap in quality(account, QualityRules()).gaps]


def test_a_whole_profile_has_no_gap() -> None:
    assert quality(GOOD, QualityRules()).score == 100


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"emails": ()}, GapName.NO_EMAIL),
        ({"phones": ()}, GapName.NO_PHONE),
        ({"phones": ("+449911123456",)}, GapName.PHONE_INVALID),
        ({"contact_details": {}}, GapName.EMAIL_UNVERIFIED),
        ({"contact_details": {"ada@engines.example": ContactDetail(roles=(), verified_at=AT, bounced_at=AT)}},
         GapName.EMAIL_BOUNCED),
        ({"billing_address": Address(line1="1 High Street", city="London", postal_code="OLD", country="GB")},
         GapName.ADDRESS_WRONG),
        ({"billing_address": Address(line1="n/a", city="London", postal_code="SW1A 1AA", country="GB")},
         GapName.PLACEHOLDER),
        ({"consents_asked_at": None}, GapName.CONSENT_UNASKED),
        ({"suspects": (Suspect(account_id="acc_2", score=80),)}, GapName.DUPLICATE_SUSPECTED),
        ({"name": Name(given="ADA", family="LOVELACE")}, GapName.NAME_IN_CAPITALS),
        ({"name": Name(given="Test", family="Lovelace")}, GapName.PLACEHOLDER),
    ],
)  # fmt: skip
def test_each_gap_alone_is_found_alone_and_weighs_what_the_policy_says(change: dict[str, Any], gap: GapName) -> None:
    account = GOOD.model_copy(update=change)
    assert gaps(account) == [gap]
    assert quality(account, QualityRules()).score == 100 - getattr(QualityRules(), gap)


@pytest.mark.parametrize("address", ["test@engines.example", "ada@mail.test", "ada@noemail.com"])
def test_a_mail_that_nobody_has_is_a_filler(address: str) -> None:
    assert GapName.PLACEHOLDER in gaps(GOOD.model_copy(update={"emails": (address,)}))


@pytest.mark.parametrize(
    "name", [Name(company="IBM"), Name(given="A", family="X"), Name(given="Al", family="NG Tester-Na")]
)
def test_a_firm_in_capitals_and_short_names_are_no_gap(name: Name) -> None:
    assert gaps(GOOD.model_copy(update={"name": name})) == []


def test_it_never_falls_below_nothing() -> None:
    heavy = QualityRules(no_email=100, no_phone=100)
    assert quality(holder("Ada Lovelace"), heavy).score == 0


def test_over_http_the_heaviest_gap_comes_first_and_a_new_policy_counts(desk: HttpDesk) -> None:
    account_id = desk.call("POST", "/v1/accounts", ADA).json["account_id"]
    url = f"/v1/accounts/{account_id}/data-quality"
    found = desk.call("GET", url).json  # the number is one for stories, which no network has
    assert (found["score"], [gap["name"] for gap in found["gaps"]]) == (
        70,
        ["email_unverified", "phone_invalid", "consent_unasked"],
    )
    assert found["policy"] == "data_quality@initial"
    assert desk.call("GET", url, role="customer", account_id=account_id).status == 403
    values = {**QualityRules().model_dump(mode="json"), "consent_unasked": 40}
    today = desk.call("GET", "/v1/policies/data_quality").json
    assert today["values"]["consent_unasked"] == 10
    body = {"effective_from": f"{datetime.now(UTC):%Y-%m-%d}", "values": values}
    assert desk.call("PUT", "/v1/policies/data_quality", body, role="admin").status == 200
    changed = desk.call("GET", url).json
    assert (changed["score"], changed["gaps"][0]["name"]) == (40, "consent_unasked")
