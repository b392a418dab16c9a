"""Minimum terms end on the right day, and leaving early costs what an independent count says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.subscriptions.offer import ExitFee, Offer, PriceRise
from chalicelib.subscriptions.terms import Terms, agreed, months_after, months_between
from tests.subscriptions.shelf import an_offer

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def bound(ends_on: date | None, **more: object) -> Terms:
    fields: dict[str, object] = {
        "subscription_id": "sub_1", "account_id": "acc_1", "offer_code": "X-1", "offer_version": 1, "currency": "GBP",
        "agreed_on": date(2026, 1, 1), "minimum_ends_on": ends_on, "exit_fee": ExitFee(per_month_minor=1500),
    }  # fmt: skip
    return Terms.model_validate({**fields, **more})


def contract(months: int, **more: object) -> Offer:
    return an_offer("X-1", 2000, contract_months=months, exit_fee=ExitFee(per_month_minor=1500), **more)


@pytest.mark.parametrize(
    ("on", "ends_on"),
    [
        (date(2026, 11, 22), date(2028, 11, 21)),
        (date(2026, 2, 28), date(2028, 2, 27)),
        (date(2024, 2, 29), date(2026, 2, 27)),
    ],
)
def test_two_years_end_the_day_before(on: date, ends_on: date) -> None:
    assert agreed(contract(24), "sub_1", "acc_1", on).minimum_ends_on == ends_on


def test_a_longer_term_that_stands_goes_on_with_its_fee() -> None:
    standing = bound(date(2028, 6, 30))
    shorter = agreed(an_offer("Y-1", 1000), "sub_1", "acc_1", date(2026, 11, 22), standing)
    assert (shorter.minimum_ends_on, shorter.exit_fee) == (date(2028, 6, 30), standing.exit_fee)
    longer = agreed(contract(24), "sub_1", "acc_1", date(2026, 11, 22), bound(date(2027, 1, 1)))
    assert longer.minimum_ends_on == date(2028, 11, 21)
    over = agreed(an_offer("Y-1", 1000), "sub_1", "acc_1", date(2029, 1, 1), standing)
    assert (over.minimum_ends_on, over.exit_fee) == (None, None)


def test_rises_of_the_past_are_not_agreed_again() -> None:
    rises = (PriceRise(from_on=date(2026, 4, 1), by_minor=100), PriceRise(from_on=date(2027, 4, 1), by_minor=150))
    terms = agreed(contract(24, price_rises=rises), "sub_1", "acc_1", date(2026, 11, 22))
    assert terms.price_rises == rises[1:]
    assert terms.rises_after(date(2027, 4, 1)) == []


@pytest.mark.parametrize(
    ("left_on", "fee"),
    [
        (date(2027, 1, 1), 4500 + 750),  # January to March whole, half of April
        (date(2027, 4, 15), 50),
        (date(2027, 4, 16), 0),
        (date(2030, 1, 1), 0),
    ],
)
def test_leaving_costs_months_and_days_that_are_left(left_on: date, fee: int) -> None:
    assert bound(date(2027, 4, 15)).exit_fee_minor(left_on) == fee


def test_leaving_costs_at_most_the_bound_and_nothing_without_a_fee() -> None:
    capped = bound(date(2027, 12, 31), exit_fee={"per_month_minor": 1500, "at_most_minor": 2000})
    assert capped.exit_fee_minor(date(2027, 1, 1)) == 2000
    assert bound(date(2027, 12, 31), exit_fee=None).exit_fee_minor(date(2027, 1, 1)) == 0
    assert bound(None).exit_fee_minor(date(2027, 1, 1)) == 0


@given(start=DAYS, end=DAYS)
def test_months_and_days_lead_from_one_day_to_the_other(start: date, end: date) -> None:
    months, days, of_days = months_between(start, end)
    assert 0 <= days < of_days
    if end > start:
        assert months_after(start, months) + timedelta(days=days) == end


@given(left_on=DAYS, ends_on=DAYS)
def test_a_later_day_never_costs_more(left_on: date, ends_on: date) -> None:
    terms = bound(ends_on)
    assert terms.exit_fee_minor(left_on) >= terms.exit_fee_minor(left_on + timedelta(days=1)) >= 0
