"""The arithmetic of an invoice, pure: discounts first, then tax, each line to the minor unit; totals are sums of lines.

Amounts are integers in minor units; percentages are exact fractions. A half is rounded away from zero, as Stripe does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Reduction:
    """A discount: a percentage or an amount off, for every product or only for some."""

    discount: str
    percent: Fraction | None = None
    amount: int | None = None
    products: frozenset[str] | None = None


@dataclass(frozen=True)
class Rate:
    """A tax rate in percent; an inclusive one is part of the price, an exclusive one comes on top."""

    id: str
    percentage: Fraction
    inclusive: bool


@dataclass(frozen=True)
class Entry:
    """What is known of a line before the reckoning: its amount, its own discounts and its tax rates."""

    amount: int
    product: str | None = None
    discountable: bool = True
    reductions: tuple[Reduction, ...] = ()
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True)
class Tax:
    """The tax of one rate on one line, and the amount it was taken on."""

    rate: Rate
    amount: int
    taxable: int


@dataclass(frozen=True)
class Reckoned:
    """A line after the reckoning: discounts by id (its own before those of the invoice) and taxes."""

    amount: int
    own: tuple[tuple[str, int], ...]
    shared: tuple[tuple[str, int], ...]
    taxes: tuple[Tax, ...]
    tax_included_in_subtotal: int

    @property
    def subtotal(self) -> int:
        """After the line's own discounts, before those of the invoice and exclusive tax."""
        return self.amount - sum(amount for _, amount in self.own)

    @property
    def total(self) -> int:
        """After all discounts and with all tax."""
        discounted = self.subtotal - sum(amount for _, amount in self.shared)
        return discounted + sum(tax.amount for tax in self.taxes if not tax.rate.inclusive)

    @property
    def tax(self) -> int:
        """All tax in the total."""
        return sum(tax.amount for tax in self.taxes)


def rounded(value: Fraction) -> int:
    """The nearest integer; a half goes away from zero."""
    magnitude = (2 * abs(value) + 1) // 2
    return int(magnitude if value >= 0 else -magnitude)


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in parts like the weights (not negative), by largest remainder, so that the parts sum to it."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts


def reckon(entries: Sequence[Entry], reductions: Iterable[Reduction] = ()) -> list[Reckoned]:
    """Every line with its discounts and taxes; `reductions` are the invoice's own, taken after those of the lines."""
    own = [_own_discounts(entry) for entry in entries]
    subtotals = [entry.amount - sum(amount for _, amount in taken) for entry, taken in zip(entries, own, strict=True)]
    left, shared = list(subtotals), [[] for _ in entries]  # type: tuple[list[int], list[list[tuple[str, int]]]]
    for reduction in reductions:
        for index, amount in enumerate(_spread(reduction, entries, left)):
            if amount:
                left[index] -= amount
                shared[index].append((reduction.discount, amount))
    return [
        Reckoned(entry.amount, own[i], tuple(shared[i]), taxes(left[i], entry.rates), _included(subtotals[i], entry))
        for i, entry in enumerate(entries)
    ]


def taxes(amount: int, rates: Sequence[Rate]) -> tuple[Tax, ...]:
    """The taxes on an amount: the inclusive ones are parts of it, the exclusive ones are taken on what then is net."""
    inclusive = [rate for rate in rates if rate.inclusive]
    factor = sum((rate.percentage for rate in inclusive), Fraction(0)) / 100
    inside = rounded(amount - amount / (1 + factor))
    net = amount - inside
    parts = iter(_tax_parts(inside, inclusive))
    return tuple(
        Tax(rate, next(parts) if rate.inclusive else rounded(net * rate.percentage / 100), net) for rate in rates
    )


def owed(total: int, balance: int, least: int) -> tuple[int, int]:
    """What is due of a total and what the customer's balance is afterwards; a due amount below `least` waits in it.

    A balance below zero is the customer's credit, above zero the customer's debt.
    """
    due, ending = max(total + balance, 0), min(total + balance, 0)
    return (0, due) if 0 < due < least else (due, ending)


def _tax_parts(inside: int, rates: Sequence[Rate]) -> list[int]:
    weights = [int(rate.percentage * 10**6) for rate in rates]
    parts = shares(abs(inside), weights)
    return parts if inside >= 0 else [-part for part in parts]


def _included(amount: int, entry: Entry) -> int:
    return sum(tax.amount for tax in taxes(amount, entry.rates) if tax.rate.inclusive)


def _own_discounts(entry: Entry) -> tuple[tuple[str, int], ...]:
    taken, left = [], entry.amount
    for reduction in entry.reductions:
        amount = _spread(reduction, [entry], [left])[0]
        left -= amount
        taken.append((reduction.discount, amount))
    return tuple(taken)


def _spread(reduction: Reduction, entries: Sequence[Entry], left: Sequence[int]) -> list[int]:
    meant = [
        amount if entry.discountable and (reduction.products is None or entry.product in reduction.products) else 0
        for entry, amount in zip(entries, left, strict=True)
    ]
    if reduction.percent is not None:
        return [rounded(amount * reduction.percent / 100) for amount in meant]
    positive = [max(amount, 0) for amount in meant]
    return shares(min(reduction.amount or 0, sum(positive)), positive)
