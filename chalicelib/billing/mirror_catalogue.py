"""Stripe's products and prices as the desk's catalogue. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import Field

from chalicelib.billing.catalogue import CataloguePrice, CatalogueProduct
from chalicelib.billing.mirror_shapes import Shape, id_of
from chalicelib.platform.fields import as_line


class StripeProduct(Shape):
    id: str
    name: str
    active: bool = True
    metadata: dict[str, str] | None = None

    def mirrored(self, as_of: int) -> CatalogueProduct:
        """The product as it was read at that second."""
        service = (self.metadata or {}).get("service") or "other"
        return CatalogueProduct(
            product_id=self.id, name=as_line(self.name), service=service, is_sold=self.active, as_of=as_of
        )


class _Recurring(Shape):
    interval: str
    interval_count: int = Field(default=1, ge=1)
    usage_type: str = "licensed"


class StripePrice(Shape):
    """`unit_amount_decimal` may have parts of a minor unit; it is missing from prices that go by steps."""

    id: str
    product: Any = None
    currency: str
    active: bool = True
    lookup_key: str | None = None
    unit_amount_decimal: Decimal | None = None
    recurring: _Recurring | None = None
    metadata: dict[str, str] | None = None

    @property
    def product_id(self) -> str:
        """Its product, which may stand there in full."""
        return id_of(self.product) or ""

    def mirrored(self, as_of: int) -> CataloguePrice:
        """The price as it was read at that second."""
        unit, recurring = self.unit_amount_decimal, self.recurring
        return CataloguePrice(
            price_id=self.id,
            product_id=self.product_id,
            code=self.lookup_key or self.id,
            currency=self.currency.upper(),
            unit_minor=None if unit is None else int(unit.quantize(Decimal(1), ROUND_HALF_UP)),
            interval=recurring.interval if recurring else None,
            interval_count=recurring.interval_count if recurring else 1,
            is_metered=bool(recurring and recurring.usage_type == "metered"),
            service=(self.metadata or {}).get("service"),
            is_sold=self.active,
            as_of=as_of,
        )
