"""Money: nothing is lost in a split, rounding is the one the tax office allows, currencies never mix."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.platform.money import CurrencyMismatch, Money, portion, share, split, spoken, total

amounts = st.integers(-(10**15), 10**15)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(lambda drawn: sum(drawn) > 0)


@given(amounts, weights)
def test_parts_sum_to_the_whole_and_each_is_within_one_unit_of_its_share(amount: int, drawn: list[int]) -> None:
    parts = split(amount, drawn)
    assert sum(parts) == amount
    for part, weight in zip(parts, drawn, strict=True):
        assert abs(part - Fraction(amount * weight, sum(drawn))) < 1


@given(amounts, weights)
def test_the_largest_remainders_get_the_units_that_are_left_over(amount: int, drawn: list[int]) -> None:
    shares = [Fraction(abs(amount) * weight, sum(drawn)) for weight in drawn]
    given_up = [share - abs(part) for share, part in zip(shares, split(amount, drawn), strict=True)]
    rounded_up = [share % 1 for share, lost in zip(shares, given_up, strict=True) if lost < 0]
    rounded_down = [share % 1 for share, lost in zip(shares, given_up, strict=True) if lost >= 0]
    assert min(rounded_up, default=Fraction(1)) >= max(rounded_down, default=Fraction(0))


@given(amounts, weights)
def test_a_credit_is_split_as_the_mirror_of_the_charge(amount: int, drawn: list[int]) -> None:
    assert split(-amount, drawn) == [-part for part in split(amount, drawn)]


def test_ties_go_to_the_earlier_part() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(1, [1, 1]) == [1, 0]


@pytest.mark.parametrize("drawn", [[], [0, 0], [-1, 2]])
def test_weights_that_say_nothing_are_refused(drawn: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, drawn)


@given(amounts, st.integers(-100_000, 100_000))
def test_a_portion_is_decimal_arithmetic_rounded_half_away_from_zero(amount: int, rate: int) -> None:
    exact = Decimal(amount) * Decimal(rate) / Decimal(10_000)
    assert portion(amount, rate) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(amounts, st.integers(-1000, 1000), st.integers(-1000, 1000).filter(bool))
def test_a_share_is_the_fraction_rounded_half_away_from_zero(amount: int, part: int, whole: int) -> None:
    exact = Fraction(amount * part, whole)
    rounded = int(abs(exact) + Fraction(1, 2))
    assert share(amount, part, whole) == (-rounded if exact < 0 else rounded)


@given(st.lists(amounts, max_size=8))
def test_a_total_is_the_sum(drawn: list[int]) -> None:
    if abs(sum(drawn)) <= 10**15 and all(abs(sum(drawn[:n])) <= 10**15 for n in range(len(drawn))):
        assert total([pounds(amount) for amount in drawn], "GBP") == pounds(sum(drawn))


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        pounds(1) + Money(amount_minor=1, currency="EUR")
    with pytest.raises(CurrencyMismatch):
        pounds(1) - Money(amount_minor=1, currency="EUR")


@pytest.mark.parametrize(
    "wrong",
    [
        '{"amount_minor": 1.5, "currency": "GBP"}',
        '{"amount_minor": "1", "currency": "GBP"}',
        '{"amount_minor": true, "currency": "GBP"}',
        '{"amount_minor": 1e3, "currency": "GBP"}',
        '{"amount_minor": 1000000000000001, "currency": "GBP"}',
        '{"amount_minor": 1, "currency": "gbp"}',
        '{"amount_minor": 1, "currency": "GBP", "exponent": 2}',
        '{"amount_minor": 1}',
    ],
)
def test_an_amount_is_a_whole_number_of_minor_units_of_a_currency(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate_json(wrong)


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (1234, "GBP", "£12.34"),
        (5, "EUR", "€0.05"),
        (-300, "GBP", "-£3.00"),
        (123_456_789, "USD", "$1,234,567.89"),
        (1234, "CHF", "12.34 CHF"),
        (-1, "CHF", "-0.01 CHF"),
        (0, "GBP", "£0.00"),
        (-1234, "JPY", "-1,234 JPY"),
        (1_234_005, "KWD", "1,234.005 KWD"),
        (500, "UGX", "5.00 UGX"),
    ],
)
def test_amounts_are_spoken_as_people_write_them(minor: int, currency: str, words: str) -> None:
    assert spoken(Money(amount_minor=minor, currency=currency)) == words


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [(123_450, "EUR", "1.234,50 €"), (-5, "GBP", "-0,05 £"), (1234, "CHF", "12,34 CHF"), (1234, "JPY", "1.234 JPY")],
)
def test_amounts_are_spoken_in_german(minor: int, currency: str, words: str) -> None:
    assert spoken(Money(amount_minor=minor, currency=currency), "de") == words


def pounds(minor: int) -> Money:
    return Money(amount_minor=minor, currency="GBP")
