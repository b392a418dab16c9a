"""The arithmetic of credit notes, pure: what a part of an invoice line carries of its discounts and taxes.

Each credit of a line gets what belongs to all that is credited of it so far, less what former credits got. So the
parts of a line never exceed it, and together they are the line exactly, however it is divided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from infra.local.stripe.arithmetic import rounded


@dataclass(frozen=True)
class Credited:
    """What former credit notes took of one line: amount, units, and by id discounts, taxes and what was taxed."""

    amount: int = 0
    quantity: int = 0
    discounts: Mapping[str, int] = field(default_factory=dict)
    taxes: Mapping[str, int] = field(default_factory=dict)
    taxable: Mapping[str, int] = field(default_factory=dict)


def part(whole: int, line: int, upto: int, before: int) -> int:
    """The share of `whole` for crediting `upto` of a line's amount in all, when former credits had `before` of it."""
    if upto == line:
        return whole - before
    due = rounded(Fraction(whole * upto, line)) - before
    left = whole - before
    return max(0, min(due, left)) if whole >= 0 else min(0, max(due, left))


def amount_of_units(line: int, units: int, credited: Credited, asked: int) -> int:
    """What so many more units of a line of `units` come to."""
    upto = credited.quantity + asked
    if upto == units:
        return line - credited.amount
    return min(rounded(Fraction(line * upto, units)) - credited.amount, line - credited.amount)


def sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The amounts of each id together."""
    found: dict[str, int] = {}
    for name, amount in pairs:
        found[name] = found.get(name, 0) + amount
    return found
