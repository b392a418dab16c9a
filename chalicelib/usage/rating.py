"""What the counted use of a month costs, what of it is billed and what is not, and why. Pure.

Use is taken era by era in the order of time. Each era costs what the use so far would cost by its tariff, less what the
use before it would: charges that stand are never changed by a later plan. What a limit leaves no room for, or a bar
forbids, is not billed, and no later consent brings it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from chalicelib.platform.clock import parse_instant
from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Control
from chalicelib.usage.counters import Cell, Month, Stretch
from chalicelib.usage.tariff import NOTHING, Tariff


class LineKey(NamedTuple):
    """Use of a category in a period: a line of a bill to be."""

    stretch: Stretch
    category: Category


@dataclass(frozen=True)
class Rated:
    """`used` in the category's unit, amounts in minor units before tax; `tariff` is the last that it was rated by."""

    used: int = 0
    charge_minor: int = 0
    billed_minor: int = 0
    over_limit_minor: int = 0
    barred_minor: int = 0
    tariff: Tariff = NOTHING

    @property
    def billed_with_tax_minor(self) -> int:
        return self.tariff.with_tax(self.billed_minor)


Ratings = Mapping[LineKey, Rated]


def rate(month: Month, control: Control) -> dict[LineKey, Rated]:
    """Every line of the month. The same counters and rules give the same lines, whatever came first."""
    lines: dict[LineKey, Rated] = {}
    for cell, quantity in month.cells():
        key = LineKey(cell.stretch, cell.category)
        lines[key] = _with(lines, key, cell, quantity, month.month, control)
    return lines


def billed_minor(lines: Ratings, scope: str = ACCOUNT) -> int:
    """What is billed of a subscription, or of all, with tax."""
    return sum(
        line.billed_with_tax_minor
        for key, line in lines.items()
        if scope in (ACCOUNT, key.stretch.subscription_id)
    )  # fmt: skip


def charged_minor(lines: Ratings, scope: str = ACCOUNT) -> int:
    """What is billed, or would be without a limit, of a subscription, or of all, with tax."""
    return sum(
        line.tariff.with_tax(line.billed_minor + line.over_limit_minor)
        for key, line in lines.items()
        if scope in (ACCOUNT, key.stretch.subscription_id)
    )


def _with(
    lines: Mapping[LineKey, Rated], key: LineKey, cell: Cell, quantity: int, month: str, control: Control
) -> Rated:
    """The line with what this cell adds to it."""
    before, at = lines.get(key, Rated()), parse_instant(cell.era)
    plan = control.plan(cell.stretch.subscription_id, at)
    tariff, used = plan.tariff if plan else NOTHING, before.used + quantity
    charge = tariff.charge_minor(cell.category, used) - tariff.charge_minor(cell.category, before.used)
    after = replace(before, used=used, charge_minor=before.charge_minor + charge, tariff=tariff)
    if control.is_barred(cell.stretch.subscription_id, cell.category, at):
        return replace(after, barred_minor=before.barred_minor + charge)
    billed = charge
    for scope in (cell.stretch.subscription_id, ACCOUNT):
        ceiling = control.ceiling_minor(scope, month, at)
        if ceiling is not None:
            others = billed_minor({name: line for name, line in lines.items() if name != key}, scope)
            billed = min(billed, tariff.most_net(ceiling - others) - before.billed_minor)
    billed = max(0, billed)
    return replace(
        after, billed_minor=before.billed_minor + billed, over_limit_minor=before.over_limit_minor + charge - billed
    )
