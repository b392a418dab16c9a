"""What use costs: the allowance first, then a price for each begun lot. Pure; minor units before tax."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from pydantic import Field

from chalicelib.platform.fields import Record
from chalicelib.platform.money import Minor, portion
from chalicelib.subscriptions.offer import Offer
from chalicelib.usage.categories import BY_MEASURE, Category

_WHOLE: Final = 10_000


class Rate(Record):
    """`per` units cost `price_minor`; a begun lot counts whole. A period's use costs `at_most_minor`, if set."""

    per: int = Field(ge=1)
    price_minor: Annotated[Minor, Field(ge=0)]
    at_most_minor: Minor | None = Field(default=None, ge=0)


class Tariff(Record):
    """What a plan with its add-ons includes and asks for. Quantities are in the units of their categories.

    A category without an allowance has none, one without a rate costs nothing beyond it. `source` names the offers and
    their versions that it was made from.
    """

    source: str
    tax_rate_bp: int = Field(default=0, ge=0, le=_WHOLE)
    allowances: dict[Category, int] = Field(default_factory=dict)
    unlimited: tuple[Category, ...] = ()
    rates: dict[Category, Rate] = Field(default_factory=dict)

    def allowance(self, category: Category) -> int | None:
        """What is included; None when there is no end to it."""
        return None if category in self.unlimited else self.allowances.get(category, 0)

    def charge_minor(self, category: Category, used: int) -> int:
        """What so much use in one period costs. Lots are counted over the period, so no order of records changes it."""
        rate, allowance = self.rates.get(category), self.allowance(category)
        if rate is None or allowance is None or used <= allowance:
            return 0
        charge = -((allowance - used) // rate.per) * rate.price_minor
        return charge if rate.at_most_minor is None else min(charge, rate.at_most_minor)

    def with_tax(self, net_minor: int) -> int:
        """An amount with its tax."""
        return net_minor + portion(net_minor, self.tax_rate_bp)

    def most_net(self, gross_minor: int) -> int:
        """The largest amount that is not more than this one with its tax; nothing below zero."""
        net = max(0, gross_minor) * _WHOLE // (_WHOLE + self.tax_rate_bp)
        while self.with_tax(net + 1) <= gross_minor:
            net += 1
        while net and self.with_tax(net) > gross_minor:
            net -= 1
        return net


NOTHING: Final = Tariff(source="")
"""Of a plan that no offer describes: nothing included, nothing charged."""


def tariff_of(
    plan: Offer, addons: Iterable[tuple[Offer, int]] = (), most_minor: Mapping[Category, int] | None = None
) -> Tariff:
    """The tariff of a plan with add-ons, so many of each. Allowances add up; of two prices the plan's holds.

    `most_minor` are the company's caps by category.
    """
    taken, caps = [(plan, 1), *addons], most_minor or {}
    allowances, unlimited, rates = dict[Category, int](), set[Category](), dict[Category, Rate]()
    for offer, times in taken:
        for allowance in offer.allowances:
            category = BY_MEASURE.get(allowance.measure)
            if category and allowance.amount is None:
                unlimited.add(category)
            elif category and allowance.amount:
                more = allowance.amount * category.kind.size * times
                allowances[category] = allowances.get(category, 0) + more
        for price in offer.out_of_bundle:
            category = BY_MEASURE.get(price.measure)
            if category and category not in rates:
                per = price.per * category.kind.size
                rates[category] = Rate(per=per, price_minor=price.price_minor, at_most_minor=caps.get(category))
    return Tariff(
        source="+".join(f"{offer.code}@{offer.version}" + (f"*{times}" if times > 1 else "") for offer, times in taken),
        tax_rate_bp=plan.tax_rate_bp, allowances=allowances, unlimited=tuple(sorted(unlimited)), rates=rates,
    )  # fmt: skip
