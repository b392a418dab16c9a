"""A line of Stripe's invoice as lines of ours: the charge, and one for each discount, each with its own tax. Pure.

Stripe shows a line's discounts and its tax after them; a bill of ours shows what each charge and each discount is
before tax, and its tax. The sums of net and tax are exactly Stripe's: the charge gets what the discounts leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import Field

from chalicelib.billing.catalogue import CataloguePrice
from chalicelib.billing.mirror_shapes import Shape, Unmirrorable, id_of
from chalicelib.billing.model import InvoiceLine, LineKind, is_tax_of
from chalicelib.platform.fields import as_line
from chalicelib.platform.money import portion, share

_WHOLE: Final = 10_000
USAGE_KEY: Final = "desk_usage"
USAGE_CATEGORY: Final = "desk_usage_category"
"""Metadata of the lines that the desk itself put on a bill for use: which charge it is, and what was used."""


class _RateRef(Shape):
    tax_rate: str | None = None


class LineTax(Shape):
    """A tax on a line or on a whole document."""

    amount: int
    tax_behavior: str = "exclusive"
    tax_rate_details: _RateRef | None = None


class _Discount(Shape):
    amount: int


class _PriceDetails(Shape):
    price: Any = None


class _Pricing(Shape):
    price_details: _PriceDetails | None = None


class _Origin(Shape):
    proration: bool = False


class _Parent(Shape):
    subscription_item_details: _Origin | None = None
    invoice_item_details: _Origin | None = None


class _Period(Shape):
    start: int


class StripeLine(Shape):
    """A line item. `amount` is before discounts, with tax that is included in its price."""

    amount: int
    description: str | None = None
    quantity: int | None = None
    discount_amounts: list[_Discount] | None = None
    taxes: list[LineTax] | None = None
    pricing: _Pricing | None = None
    parent: _Parent | None = None
    period: _Period = Field(default=_Period(start=0))
    metadata: dict[str, str] | None = None

    @property
    def price_id(self) -> str | None:
        """The price that it was reckoned by."""
        details = self.pricing.price_details if self.pricing else None
        return id_of(details.price) if details else None

    @property
    def used(self) -> str | None:
        """What was used, where the desk bills use by this line."""
        return (self.metadata or {}).get(USAGE_CATEGORY)

    @property
    def is_proration(self) -> bool:
        """Whether it corrects a period that was billed before."""
        parent = self.parent or _Parent()
        return any(each and each.proration for each in (parent.subscription_item_details, parent.invoice_item_details))

    @property
    def is_recurring(self) -> bool:
        """Whether it bills a period of a subscription."""
        return bool(self.parent and self.parent.subscription_item_details) and not self.is_proration


@dataclass(frozen=True)
class Part:
    """A line of ours to be. `rate_bp` is None where Stripe's rate is not known."""

    kind: LineKind
    code: str
    description: str
    net_minor: int
    tax_minor: int
    rate_bp: int | None
    quantity: int = 1

    def line(self, line_id: str) -> InvoiceLine:
        """The line. It has Stripe's rate where that fits the amounts, else the one that they show.

        Raises Unmirrorable when they show none.
        """
        shown = share(self.tax_minor, _WHOLE, self.net_minor) if self.net_minor else 0
        for rate in (self.rate_bp, shown):
            if rate is not None and 0 <= rate <= _WHOLE and is_tax_of(self.net_minor, self.tax_minor, rate):
                break
        else:
            raise Unmirrorable("a line has a tax that is no portion of it")
        keeps = self.quantity > 0 and self.net_minor % self.quantity == 0
        quantity = self.quantity if keeps else 1
        return InvoiceLine(
            line_id=line_id, kind=self.kind, code=self.code, description=as_line(self.description), quantity=quantity,
            unit_amount_minor=self.net_minor // quantity, net_minor=self.net_minor, tax_rate_bp=rate,
            tax_minor=self.tax_minor,
        )  # fmt: skip


def parts_of(line: StripeLine, price: CataloguePrice | None, rates: Mapping[str, int]) -> list[Part]:
    """The charge and its discounts. `rates` are the known tax rates in basis points by Stripe's id."""
    rate, taxes = _rate(line, rates), line.taxes or []
    kind, name = _kind(line, price), line.description or (price.code if price else "Charge")
    inclusive = sum(tax.amount for tax in taxes if tax.tax_behavior == "inclusive")
    tax_minor, given = sum(tax.amount for tax in taxes), [each.amount for each in line.discount_amounts or []]
    left, code = line.amount - sum(given), price.code if price else _code(line, kind)
    charge = Part(kind, code, name, left - inclusive, tax_minor, rate, line.quantity or 0)
    discounts = [
        Part(LineKind.DISCOUNT, "discount", f"Discount: {name}", *_less(amount, left, inclusive, tax_minor, rate), rate)
        for amount in given
        if amount
    ]
    return [_plus(charge, discounts), *discounts]


def levelled(parts: Sequence[Part], tax_minor: int) -> list[Part]:
    """The same with this tax in all, for a document whose tax was rounded once. Raises Unmirrorable if by too much."""
    missing = tax_minor - sum(part.tax_minor for part in parts)
    step, taxed = (1 if missing > 0 else -1), [part for part in parts if part.tax_minor]
    if abs(missing) > len(taxed):
        raise Unmirrorable("the taxes of the lines are not the tax of the whole")
    chosen = set(map(id, sorted(taxed, key=lambda part: -abs(part.net_minor))[: abs(missing)]))
    return [replace(part, tax_minor=part.tax_minor + step) if id(part) in chosen else part for part in parts]


def _less(gross: int, left: int, inclusive: int, tax_minor: int, rate: int | None) -> tuple[int, int]:
    """Net and tax of a discount of so much, each below zero; `left` is the line after all its discounts."""
    if rate is not None and not inclusive:
        return -gross, -portion(gross, rate)
    if rate is not None and inclusive == tax_minor:
        tax = share(gross, rate, _WHOLE + rate)
        return tax - gross, -tax
    if not left:
        return -gross, 0
    return share(gross, inclusive, left) - gross, -share(gross, tax_minor, left)


def _plus(charge: Part, discounts: Sequence[Part]) -> Part:
    """The charge before its discounts, which are below zero."""
    net = charge.net_minor - sum(each.net_minor for each in discounts)
    return replace(charge, net_minor=net, tax_minor=charge.tax_minor - sum(each.tax_minor for each in discounts))


def _rate(line: StripeLine, rates: Mapping[str, int]) -> int | None:
    named = [tax.tax_rate_details.tax_rate if tax.tax_rate_details else None for tax in line.taxes or []]
    known = [rates[name] for name in named if name and name in rates]
    return sum(known) if len(known) == len(named) else None


def _kind(line: StripeLine, price: CataloguePrice | None) -> LineKind:
    if line.used:
        return LineKind.USAGE
    if line.is_proration:
        return LineKind.PRORATION
    if not line.is_recurring:
        return LineKind.ONE_OFF
    return LineKind.USAGE if price and price.is_metered else LineKind.SUBSCRIPTION


def _code(line: StripeLine, kind: LineKind) -> str:
    return f"usage_{line.used}" if line.used else kind.value
