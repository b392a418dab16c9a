"""How an account is found: check digits, the words of a name, what a search text means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.finding import MOST_NAME_WORDS, account_number, is_account_number, name_tokens, read_search
from chalicelib.accounts.model import Name
from chalicelib.platform.check_digit import check_digit

serials = st.integers(0, 10**9 - 1)


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


def test_an_account_is_found_by_the_words_of_its_name() -> None:
    assert name_tokens(Name(given="Zoë", family="O'Neill-Straße")) == {"zoë", "neill", "strasse"}


def test_of_a_very_long_name_the_first_words_count() -> None:
    many = [f"w{n}" for n in range(20)]
    tokens = name_tokens(Name(given=" ".join(many), family=" ".join(many[::-1]), company="x1 x2 x3 x4 x5 x6"))
    assert tokens == {*many, "x1", "x2", "x3", "x4"}
    assert len(tokens) == MOST_NAME_WORDS


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
