"""What is sold: products and their prices, as Stripe last showed them.

| item    | pk              | sk            | round trips, units          |
| product | `CAT#<product>` | `#`           | get 1, 0.5 read; keep 1, 1  |
| price   | `CATP#<price>`  | `#`           | the same                    |

Each is kept with the second in which it was read at Stripe; what was read earlier does not replace it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import Field

from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Put, Table
from chalicelib.platform.fields import Line, Record
from chalicelib.platform.money import Currency, Minor, share

_MONTHS: Final = {"day": (365, 12), "week": (52, 12), "month": (1, 1), "year": (1, 12)}
"""How many of these intervals a month has, as a fraction."""


class CatalogueProduct(Record):
    """Something that is sold; `service` is what it is a plan of, such as broadband."""

    product_id: str
    name: Line
    service: str = "other"
    is_sold: bool = True
    as_of: int = 0


class CataloguePrice(Record):
    """A price of a product; `code` is what the desk calls it. `unit_minor` is for one and for `interval_count`
    intervals, None when it goes by steps; a price without an interval is paid once."""

    price_id: str
    product_id: str
    code: str
    currency: Currency
    unit_minor: Minor | None = None
    interval: str | None = None
    interval_count: int = Field(default=1, ge=1)
    is_metered: bool = False
    service: str | None = None
    is_sold: bool = True
    as_of: int = 0

    def monthly_minor(self, quantity: int) -> int:
        """What so many cost in a month, before tax; what steps and use cost is not in it."""
        if self.unit_minor is None or self.is_metered:
            return 0
        part, whole = _MONTHS.get(self.interval or "month", (1, 1))
        return share(self.unit_minor * quantity, part, whole * self.interval_count)


R = TypeVar("R", CatalogueProduct, CataloguePrice)


@dataclass(frozen=True)
class CatalogueStore:
    table: Table

    def product(self, product_id: str) -> CatalogueProduct | None:
        item = self.table.get(*_product_key(product_id))
        return CatalogueProduct.model_validate(item) if item else None

    def price(self, price_id: str) -> CataloguePrice | None:
        item = self.table.get(*_price_key(price_id))
        return CataloguePrice.model_validate(item) if item else None

    def keep_product(self, product: CatalogueProduct) -> bool:
        """Keep it as it is now; False when it was read at a later time before."""
        return self._keep(_product_key(product.product_id), product, "product")

    def keep_price(self, price: CataloguePrice) -> bool:
        """Keep it as it is now; False when it was read at a later time before."""
        return self._keep(_price_key(price.price_id), price, "price")

    def _keep(self, key: tuple[str, str], record: CatalogueProduct | CataloguePrice, kind: str) -> bool:
        item: Item = {**record.model_dump(mode="json"), "pk": key[0], "sk": key[1], "kind": kind}
        try:
            self.table.write(Put(item, ABSENT | Attr("as_of").lte(record.as_of)))
        except ConditionFailed:
            return False
        return True


def _product_key(product_id: str) -> tuple[str, str]:
    return f"CAT#{product_id}", "#"


def _price_key(price_id: str) -> tuple[str, str]:
    return f"CATP#{price_id}", "#"
