"""What a quantity of a price comes to. Pure; exact until each part is rounded to the minor unit, half away from zero.

A per-unit price is one part. A volume price charges every unit at the tier that the whole quantity reaches; a
graduated price charges each unit at the tier it falls in. A tier's flat amount is added once when it is reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from infra.local.stripe.arithmetic import rounded
from infra.local.stripe.values import Json


@dataclass(frozen=True)
class Part:
    """One line's worth: so many units that together cost `amount` minor units; `tier` counts from 1, 0 is untiered."""

    quantity: int
    amount: int
    unit_amount: str | None
    tier: int = 0


def parts(price: Json, quantity: int) -> list[Part]:
    """The lines that this quantity of the price makes."""
    if price["billing_scheme"] == "per_unit":
        unit = price["unit_amount_decimal"]
        return [Part(quantity, rounded(Fraction(unit) * _billable(price, quantity)), unit)]
    if price["tiers_mode"] == "volume":
        return _volume(price["_tiers"], quantity)
    return list(_graduated(price["_tiers"], quantity))


def total(price: Json, quantity: int) -> int:
    """The sum of the parts, minor units."""
    return sum(part.amount for part in parts(price, quantity))


def _billable(price: Json, quantity: int) -> int:
    packs = price["transform_quantity"]
    if not packs:
        return quantity
    size: int = packs["divide_by"]
    return -(-quantity // size) if packs["round"] == "up" else quantity // size


def _volume(tiers: list[Json], quantity: int) -> list[Part]:
    number, tier = next(
        (number, tier) for number, tier in enumerate(tiers, 1) if tier["up_to"] is None or quantity <= tier["up_to"]
    )
    return _of_tier(tier, number, quantity)


def _graduated(tiers: list[Json], quantity: int) -> Iterator[Part]:
    below = 0
    for number, tier in enumerate(tiers, 1):
        reached = quantity if tier["up_to"] is None else min(quantity, tier["up_to"])
        # The first tier counts as reached by nothing at all, so that its flat amount is always due.
        if reached > below or number == 1:
            yield from _of_tier(tier, number, reached - below)
        below = max(below, reached)


def _of_tier(tier: Json, number: int, quantity: int) -> list[Part]:
    unit, flat = tier["unit_amount_decimal"], tier["flat_amount_decimal"]
    units = [Part(quantity, rounded(Fraction(unit or 0) * quantity), unit, number)]
    return units + ([Part(0, rounded(Fraction(flat)), None, number)] if flat is not None else [])
