"""What the use of past periods cost, and what each other plan would have cost for it. Pure; amounts with tax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.subscriptions.offer import Offer
from chalicelib.usage.categories import Category
from chalicelib.usage.tariff import Tariff, tariff_of


@dataclass(frozen=True)
class PastPeriod:
    """A finished period: what was used, and what was billed for use, in minor units with tax."""

    starts_on: date
    used: Mapping[Category, int]
    billed_minor: int


@dataclass(frozen=True)
class Cost:
    """What a period costs: the plan's price, and use beyond its allowances."""

    starts_on: date
    price_minor: int
    use_minor: int

    @property
    def total_minor(self) -> int:
        return self.price_minor + self.use_minor


@dataclass(frozen=True)
class Candidate:
    """A plan, and what each period would have cost with it."""

    offer: Offer
    costs: tuple[Cost, ...]

    @property
    def total_minor(self) -> int:
        return sum(cost.total_minor for cost in self.costs)


@dataclass(frozen=True)
class PlanAdvice:
    """What a subscription cost in its last periods, and the other plans, the cheapest first. `best` is the one that is
    advised, when one saves enough. `bound_until` is the last day of a minimum term that runs."""

    subscription_id: str
    plan_code: str
    plan_name: str
    currency: str
    costs: tuple[Cost, ...]
    candidates: tuple[Candidate, ...]
    best: Candidate | None
    policy_version: str
    bound_until: date | None = None

    @property
    def total_minor(self) -> int:
        return sum(cost.total_minor for cost in self.costs)

    def saves_minor(self, candidate: Candidate) -> int:
        """What it would have saved over all the periods; below zero: cost more."""
        return self.total_minor - candidate.total_minor


def cost_so_far(price_minor: int, tariff: Tariff, period: PastPeriod) -> Cost:
    """What a period cost: the price before tax is taxed, use is what was billed."""
    return Cost(period.starts_on, tariff.with_tax(price_minor), period.billed_minor)


def candidate(offer: Offer, periods: Sequence[PastPeriod]) -> Candidate:
    """What the same use would have cost with an offer, no spending limit counted."""
    tariff = tariff_of(offer)
    return Candidate(
        offer,
        tuple(
            Cost(
                period.starts_on,
                offer.with_tax_minor,
                sum(tariff.with_tax(tariff.charge_minor(each, used)) for each, used in period.used.items()),
            )
            for period in periods
        ),
    )


def best_of(total_minor: int, candidates: Sequence[Candidate], least_minor: int) -> Candidate | None:
    """The cheapest, if it saves at least so much over all the periods; of equals the one with the lower code."""
    cheapest = min(candidates, key=lambda each: (each.total_minor, each.offer.code), default=None)
    return cheapest if cheapest and total_minor - cheapest.total_minor >= least_minor else None
