"""The parts of a subscription of Stripe's, each of which is a subscription of the desk's, and how a change makes others
of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.billing.mirror_bill import basis_points
from chalicelib.billing.mirror_plan import StripeItem, StripePlan
from chalicelib.billing.mirror_shapes import Shape
from chalicelib.payments.plan_orders import ItemChange, PhaseItem
from chalicelib.platform.fields import Line, Record
from chalicelib.platform.money import Minor, portion


class Rate(Shape):
    """A tax rate in percent; an inclusive one is part of the price."""

    id: str
    percentage: Decimal = Decimal(0)
    inclusive: bool = False


class StandingItem(StripeItem):
    tax_rates: list[Rate] | None = None
    discounts: list[Any] | None = None


class _Items(Shape):
    data: list[StandingItem]


class StandingPlan(StripePlan):
    """A subscription of Stripe's with what a change has to know of it; `test_clock` is where its time comes from."""

    items: _Items  # type: ignore[assignment]
    metadata: dict[str, str] | None = None
    default_tax_rates: list[Rate] | None = None
    test_clock: str | None = None
    discounts: list[Any] | None = None

    @property
    def is_discounted(self) -> bool:
        """Whether its bills, or some of its lines, are lowered by a discount."""
        return bool(self.discounts) or any(item.discounts for item in self.items.data)

    @property
    def period(self) -> tuple[int, int]:
        """The first second of the present period and of the next one."""
        first = self.items.data[0]
        return first.current_period_start or 0, first.current_period_end or 0

    @property
    def exclusive_rates_bp(self) -> tuple[int, ...]:
        """The tax rates that come on top of its prices."""
        return tuple(basis_points(rate.percentage) for rate in self.default_tax_rates or [] if not rate.inclusive)


class Part(Record):
    """One price that is taken so many times. `unit_minor` is for a period, before tax, None where it goes by steps or
    parts of a minor unit; `rates_bp` are the taxes that come on top."""

    item_id: str | None = None
    subscription_id: str | None = None
    price_id: str
    code: str
    name: Line
    unit_minor: Minor | None = None
    quantity: int = 1
    is_metered: bool = False
    tax_rates: tuple[str, ...] = ()
    rates_bp: tuple[int, ...] = ()

    @property
    def whole_minor(self) -> int:
        """What all of them cost for a whole period, before tax."""
        return (self.unit_minor or 0) * self.quantity

    @property
    def with_tax_minor(self) -> int:
        """The same with tax."""
        return self.whole_minor + sum(portion(self.whole_minor, rate) for rate in self.rates_bp)

    def costs_otherwise(self, other: Part | None) -> bool:
        """Whether it is another price or another number of it."""
        return other is None or (self.price_id, self.quantity) != (other.price_id, other.quantity)


def parts_of(plan: StandingPlan, name_by_id: Mapping[str, str]) -> tuple[Part, ...]:
    """The parts as they stand; names by the desk's id of a subscription."""
    return tuple(_part(plan, item, name_by_id) for item in plan.items.data)


def _part(plan: StandingPlan, item: StandingItem, name_by_id: Mapping[str, str]) -> Part:
    price = item.price
    unit, code = price.unit_amount_decimal, price.lookup_key or price.id
    metered = bool(price.recurring and price.recurring.usage_type == "metered")
    own = tuple(basis_points(rate.percentage) for rate in item.tax_rates or [] if not rate.inclusive)
    return Part(
        item_id=item.id,
        subscription_id=item.subscription_id,
        price_id=price.id,
        code=code,
        name=name_by_id.get(item.subscription_id, code),
        unit_minor=int(unit) if unit is not None and unit == int(unit) and not metered else None,
        quantity=item.quantity or (0 if metered else 1),
        is_metered=metered,
        tax_rates=tuple(rate.id for rate in item.tax_rates or []),
        rates_bp=own or plan.exclusive_rates_bp,
    )


def gone(before: Sequence[Part], after: Sequence[Part]) -> list[Part]:
    """The parts that end or cost otherwise, as they were."""
    latter = {part.item_id: part for part in after if part.item_id}
    return [part for part in before if part.costs_otherwise(latter.get(part.item_id or ""))]


def come(before: Sequence[Part], after: Sequence[Part]) -> list[Part]:
    """The parts that begin or cost otherwise, as they will be."""
    former = {part.item_id: part for part in before if part.item_id}
    return [part for part in after if part.costs_otherwise(former.get(part.item_id) if part.item_id else None)]


def item_changes(before: Sequence[Part], after: Sequence[Part]) -> tuple[ItemChange, ...]:
    """What makes the latter of the former."""
    kept = {part.item_id for part in after}
    removed = [ItemChange(item_id=part.item_id, goes=True) for part in before if part.item_id not in kept]
    changed = [
        ItemChange(item_id=part.item_id, price_id=part.price_id, quantity=part.quantity) for part in come(before, after)
    ]
    return (*changed, *removed)


def phase_items(after: Iterable[Part]) -> tuple[PhaseItem, ...]:
    """All parts as a schedule is told them; each keeps what the desk calls it."""
    return tuple(
        PhaseItem(
            price_id=part.price_id,
            quantity=None if part.is_metered else part.quantity,
            subscription_id=part.subscription_id,
            tax_rates=part.tax_rates,
        )
        for part in after
    )


def monthly(parts: Iterable[Part]) -> tuple[int, int]:
    """What they cost a month in minor units: before tax, and with it."""
    taken = list(parts)
    return sum(part.whole_minor for part in taken), sum(part.with_tax_minor for part in taken)
