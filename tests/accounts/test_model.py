"""Rules of accounts: addresses by country, whose account it is, what is stored as it stands."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.accounts.model import Account, CheckedAddress, Name, Profile

LONDON = {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}


@pytest.mark.parametrize(
    "address",
    [
        LONDON,
        {"line1": "Unter den Linden 1", "city": "Berlin", "postal_code": "10117", "country": "DE"},
        {"line1": "1600 Amphitheatre Pkwy", "city": "Mountain View", "region": "CA", "postal_code": "94043",
         "country": "US"},
        {"line1": "1 O'Connell Street", "city": "Dublin", "region": "Co. Dublin", "country": "IE"},
    ],
)  # fmt: skip
def test_addresses_of_many_countries_fit_their_rules(address: dict[str, Any]) -> None:
    assert CheckedAddress.model_validate(address).country == address["country"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"postal_code": "12345"}, "postal_code is invalid"),
        ({"postal_code": ""}, "postal_code is required"),
        ({"country": "XX"}, "country is invalid"),
        ({"country": "US", "postal_code": "94043"}, "region is required"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(change: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        CheckedAddress.model_validate({**LONDON, **change})


def test_a_name_is_somebodys() -> None:
    assert Name(given="Ada", family="Lovelace").display == "Ada Lovelace"
    assert Name(given="Ada", company="Analytical Engines").display == "Analytical Engines"
    with pytest.raises(ValidationError, match="family name or a company"):
        Name(given="Ada")


def test_the_same_mail_in_another_case_stands_twice() -> None:
    with pytest.raises(ValidationError, match="twice"):
        Profile.model_validate(
            {"name": {"family": "L"}, "billing_address": LONDON, "emails": ["ada@example.com", "ADA@example.com"]}
        )


def test_a_stored_account_is_read_though_its_country_has_new_rules() -> None:
    account = Account.model_validate(
        {
            "account_id": "acc_1", "account_number": "1234567897", "currency": "GBP", "name": {"family": "L"},
            "emails": ["no longer a mail"], "phones": ["+0"], "billing_address": {**LONDON, "postal_code": "OLD"},
            "created_at": "2026-11-02T09:00:00.000Z", "updated_at": "2026-11-02T09:00:00.000Z", "pk": "A#acc_1",
        }
    )  # fmt: skip
    assert account.billing_address.postal_code == "OLD"
