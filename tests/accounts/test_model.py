"""Rules of accounts: check digits, addresses by country, what a search text means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.accounts.model import (
    Account,
    CheckedAddress,
    Name,
    Profile,
    account_number,
    check_digit,
    is_account_number,
    name_tokens,
    read_search,
)

serials = st.integers(0, 10**9 - 1)
LONDON = {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}


@given(serials)
def test_an_account_number_is_ten_digits_that_check(serial: int) -> None:
    number = account_number(serial)
    assert is_account_number(number)
    assert (len(number), int(number[:-1])) == (10, serial)


@given(serials, st.integers(0, 9), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(serial: int, at: int, shift: int) -> None:
    number = account_number(serial)
    wrong = str((int(number[at]) + shift) % 10)
    assert not is_account_number(number[:at] + wrong + number[at + 1 :])


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert check_digit("0794") == "5"  # the example of ISO/IEC 7064


@pytest.mark.parametrize("text", ["", "123", "12345678901", "123456789x", "１２３４５６７８９０", "1234567890\n"])
def test_other_texts_are_no_account_numbers(text: str) -> None:
    assert not is_account_number(text)


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


def test_an_account_is_found_by_the_words_of_its_name() -> None:
    assert name_tokens(Name(given="Zoë", family="O'Neill-Straße")) == {"zoë", "neill", "strasse"}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (" ADA@Example.com ", ("email", "ada@example.com")),
        ("+44 7700 900123", ("phone", "+447700900123")),
        (account_number(123), ("account_number", account_number(123))),
        ("Lovelace, Ada", ("name", "lovelace ada")),
        ("1234567890", ("name", "1234567890")),
    ],
)
def test_a_search_text_is_read(text: str, meaning: tuple[str, str]) -> None:
    assert read_search(text) == meaning


@pytest.mark.parametrize("text", ["", "  ", "a", "-", "@", "ada@", "+", "+44"])
def test_a_search_text_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_search(text)
