"""Products and prices: what may be sold, and what a quantity of it comes to."""

from fractions import Fraction
from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from infra.local.stripe import tariffs
from tests.infra.stripe.desk import Desk


def test_a_product_is_made_with_its_first_price(desk: Desk) -> None:
    product = desk.v1.products.create(
        {
            "name": "Fibre 500",
            "unit_label": "line",
            "default_price_data": {"currency": "GBP", "unit_amount": 3500, "recurring": {"interval": "month"}},
            "expand": ["default_price"],
        }
    )

    price = product.default_price
    assert isinstance(price, stripe.Price)
    assert (price.product, price.currency, price.unit_amount, price.type) == (product.id, "gbp", 3500, "recurring")
    assert price.recurring is not None
    assert (price.recurring.interval_count, price.recurring.usage_type) == (1, "licensed")
    assert desk.event_types() == ["product.created", "price.created"]
    with pytest.raises(stripe.InvalidRequestError, match="cannot be deleted"):
        desk.v1.products.delete(product.id)


def test_a_product_can_be_changed_found_and_deleted(desk: Desk) -> None:
    kept = desk.v1.products.create({"id": "fibre", "name": "Fibre"})
    other = desk.v1.products.create({"name": "Other", "active": False})

    desk.v1.products.update(kept.id, {"description": "Fast", "metadata": {"line": "1"}})
    assert [found.id for found in desk.v1.products.list({"active": True}).data] == ["fibre"]
    assert [found.id for found in desk.v1.products.list({"ids": [other.id]}).data] == [other.id]
    assert desk.v1.products.retrieve("fibre").description == "Fast"
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        desk.v1.products.create({"id": "fibre", "name": "Fibre"})
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        desk.v1.prices.create({"product": other.id, "currency": "gbp", "unit_amount": 1})

    assert desk.v1.products.delete("fibre").deleted is True
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.products.update("fibre", {"name": "Again"})


def test_a_lookup_key_names_one_price(desk: Desk) -> None:
    base: Any = {"product_data": {"name": "Fibre"}, "currency": "gbp", "unit_amount": 100, "lookup_key": "fibre"}
    first = desk.v1.prices.create(base)
    with pytest.raises(stripe.InvalidRequestError, match="lookup key"):
        desk.v1.prices.create(base)
    second = desk.v1.prices.create(base | {"transfer_lookup_key": True})

    assert [price.id for price in desk.v1.prices.list({"lookup_keys": ["fibre"]}).data] == [second.id]
    assert desk.v1.prices.retrieve(first.id).lookup_key is None
    assert desk.v1.prices.update(first.id, {"active": False, "nickname": "old"}).nickname == "old"
    assert [price.id for price in desk.v1.prices.list({"active": True, "type": "one_time"}).data] == [second.id]


def test_tiers_are_shown_when_asked_for(desk: Desk) -> None:
    tiers: Any = [{"up_to": 10, "unit_amount": 500}, {"up_to": "inf", "unit_amount_decimal": "99.5", "flat_amount": 7}]
    price = desk.v1.prices.create(
        {
            "product_data": {"name": "Calls"},
            "currency": "gbp",
            "recurring": {"interval": "month"},
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": tiers,
        }
    )

    assert "tiers" not in price.to_dict()
    shown = desk.v1.prices.retrieve(price.id, {"expand": ["tiers"]}).to_dict()["tiers"]
    assert [(tier["up_to"], tier["unit_amount"], tier["flat_amount"]) for tier in shown] == [
        (10, 500, None),
        (None, None, 7),
    ]
    assert str(shown[1]["unit_amount_decimal"]) == "99.5"


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({}, "unit_amount"),
        ({"unit_amount": -1}, "unit_amount"),
        ({"unit_amount": 1, "unit_amount_decimal": "1"}, "unit_amount"),
        ({"unit_amount": 1, "currency": "xyz"}, "currency"),
        ({"unit_amount": 1, "recurring": {"interval": "year", "interval_count": 4}}, "recurring[interval_count]"),
        ({"unit_amount": 1, "recurring": {"interval": "month", "usage_type": "metered"}}, "recurring[meter]"),
        ({"unit_amount": 1, "tiers_mode": "volume"}, "tiers"),
        ({"billing_scheme": "tiered", "tiers_mode": "volume"}, "tiers"),
        ({"billing_scheme": "tiered", "tiers_mode": "volume", "tiers": [{"up_to": 5, "unit_amount": 1}]}, "tiers"),
        (
            {"billing_scheme": "tiered", "tiers_mode": "volume", "tiers": [{"up_to": 5}, {"up_to": "inf"}]},
            "tiers[0]",
        ),
        ({"unit_amount": 1, "transform_quantity": {"divide_by": 0, "round": "up"}}, "transform_quantity[divide_by]"),
        ({"unit_amount": 1, "product": "prod_none"}, "product"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused(shared_desk: Desk, wrong: Any, param: str) -> None:
    sent = {"currency": "gbp"} | ({} if "product" in wrong else {"product_data": {"name": "Fibre"}}) | wrong
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shared_desk.v1.prices.create(sent)

    assert refusal.value.param == param


def _tiered(mode: str, units: list[int], flats: list[int | None], bounds: list[int]) -> dict[str, Any]:
    tiers = [
        {"up_to": bound, "unit_amount_decimal": str(unit), "flat_amount_decimal": None if flat is None else str(flat)}
        for bound, unit, flat in zip([*bounds, None], units, flats, strict=True)
    ]
    return {"billing_scheme": "tiered", "tiers_mode": mode, "_tiers": tiers}


@given(st.data(), st.lists(st.integers(1, 50), min_size=0, max_size=4, unique=True).map(sorted), st.integers(0, 80))
def test_tiers_come_to_what_counting_each_unit_comes_to(data: st.DataObject, bounds: list[int], quantity: int) -> None:
    size = len(bounds) + 1
    units = data.draw(st.lists(st.integers(0, 900), min_size=size, max_size=size))
    flats = data.draw(st.lists(st.none() | st.integers(0, 900), min_size=size, max_size=size))

    def tier_of(unit: int) -> int:
        return sum(unit > bound for bound in bounds)

    reached = tier_of(quantity)
    each = sum(units[tier_of(unit)] for unit in range(1, quantity + 1))
    assert tariffs.total(_tiered("graduated", units, flats, bounds), quantity) == each + sum(
        flat or 0 for flat in flats[: reached + 1]
    )
    assert tariffs.total(_tiered("volume", units, flats, bounds), quantity) == quantity * units[reached] + (
        flats[reached] or 0
    )


@given(st.decimals(0, 1000, places=3), st.integers(0, 10_000))
def test_a_fraction_of_a_penny_is_rounded_once(unit: Any, quantity: int) -> None:
    price = {"billing_scheme": "per_unit", "unit_amount_decimal": str(unit), "transform_quantity": None}

    assert abs(tariffs.total(price, quantity) - Fraction(str(unit)) * quantity) <= Fraction(1, 2)


def test_packs_are_begun_or_full() -> None:
    price = {"billing_scheme": "per_unit", "unit_amount_decimal": "10"}

    for way, amount in (("up", 30), ("down", 20)):
        packs = {"transform_quantity": {"divide_by": 10, "round": way}}
        assert tariffs.total(price | packs, 21) == amount
