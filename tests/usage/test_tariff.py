"""What use costs, against a walk through every unit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.money import portion
from chalicelib.usage.categories import BARRABLE, MEGABYTE, Category, Unit, spoken_quantity
from chalicelib.usage.tariff import NOTHING, Rate, Tariff, tariff_of
from tests.usage.builders import GB, an_addon, an_offer


def walked(tariff: Tariff, category: Category, used: int) -> int:
    """The charge by taking one unit after the other: each one beyond the allowance begins a lot or lies in one."""
    rate, charge, left_of_lot = tariff.rates[category], 0, 0
    for unit in range(used):
        if unit < tariff.allowances.get(category, 0):
            continue
        if left_of_lot == 0:
            charge, left_of_lot = charge + rate.price_minor, rate.per
        left_of_lot -= 1
    return charge if rate.at_most_minor is None else min(charge, rate.at_most_minor)


@given(
    allowance=st.integers(0, 50), per=st.integers(1, 20), price=st.integers(0, 30),
    most=st.none() | st.integers(0, 100), used=st.integers(0, 200),
)  # fmt: skip
def test_use_costs_what_a_walk_through_every_unit_says(
    allowance: int, per: int, price: int, most: int | None, used: int
) -> None:
    rate = Rate(per=per, price_minor=price, at_most_minor=most)
    tariff = Tariff(source="x", allowances={Category.VOICE: allowance}, rates={Category.VOICE: rate})
    assert tariff.charge_minor(Category.VOICE, used) == walked(tariff, Category.VOICE, used)


@given(gross=st.integers(-50, 10_000), rate_bp=st.integers(0, 10_000))
def test_the_most_that_fits_with_tax_fits_and_a_penny_more_does_not(gross: int, rate_bp: int) -> None:
    tariff = Tariff(source="x", tax_rate_bp=rate_bp)
    net = tariff.most_net(gross)
    assert net >= 0
    assert tariff.with_tax(net) == net + portion(net, rate_bp)
    assert tariff.with_tax(net) <= max(0, gross) < tariff.with_tax(net + 1)


def test_an_offer_becomes_a_tariff_in_units_of_records() -> None:
    tariff = tariff_of(an_offer())
    assert tariff.allowance(Category.DATA) == 5 * GB
    assert tariff.allowance(Category.VOICE) == 60_000
    assert tariff.allowance(Category.TEXT) is None
    assert tariff.allowance(Category.ROAMING_DATA) == 0
    assert tariff.charge_minor(Category.DATA, 5 * GB) == 0
    assert tariff.charge_minor(Category.DATA, 5 * GB + 1) == 200
    assert tariff.charge_minor(Category.ROAMING_DATA, MEGABYTE + 1) == 10
    assert tariff.charge_minor(Category.TEXT, 10**6) == 0
    assert tariff.source == "MOB-5GB@1"


def test_add_ons_add_to_the_allowance_and_the_company_may_cap() -> None:
    tariff = tariff_of(an_offer(), [(an_addon(), 2)], {Category.ROAMING_DATA: 4000})
    assert tariff.allowance(Category.DATA) == 9 * GB
    assert tariff.charge_minor(Category.ROAMING_DATA, 10 * GB) == 4000
    assert tariff.source == "MOB-5GB@1+DATA-2GB@1*2"


def test_a_plan_that_no_offer_describes_includes_and_charges_nothing() -> None:
    assert NOTHING.allowance(Category.DATA) == 0
    assert NOTHING.charge_minor(Category.DATA, 10 * GB) == 0


def test_every_category_has_its_own_measure_and_a_unit() -> None:
    assert len({each.kind.measure for each in Category}) == len(Category)
    assert {each.kind.unit for each in Category} == set(Unit)
    assert Category.DATA not in BARRABLE
    assert {Category.ROAMING_DATA, Category.PREMIUM_TEXT} <= BARRABLE


def test_quantities_are_spoken_in_what_people_count_in() -> None:
    assert spoken_quantity(Category.DATA, 4 * GB + GB // 2) == "4.50 GB"
    assert spoken_quantity(Category.DATA, 700 * MEGABYTE) == "700.00 MB"
    assert spoken_quantity(Category.DATA, 12) == "12 B"
    assert spoken_quantity(Category.VOICE, 125) == "2 min 5 s"
    assert spoken_quantity(Category.VOICE, 0) == "0 min"
    assert spoken_quantity(Category.TEXT, 1234) == "1,234"
