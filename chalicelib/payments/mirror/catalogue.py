"""Stripe's products and prices in the desk's catalogue: read there once, again when they change."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.billing.catalogue import CataloguePrice, CatalogueProduct, CatalogueStore
from chalicelib.billing.mirror_catalogue import StripePrice, StripeProduct
from chalicelib.payments.handling import Fact, Objects
from chalicelib.payments.markers import Outcome
from chalicelib.payments.mirror.reading import id_in, read_as
from chalicelib.platform.clock import Clock


@dataclass(frozen=True)
class Catalogue:
    store: CatalogueStore
    stripe: Objects
    clock: Clock

    def apply(self, fact: Fact) -> Outcome:
        """Handle `product.*` and `price.*`. Raises Unreadable, Unavailable."""
        follow = self._follow_product if fact.type.startswith("product.") else self._follow_price
        return Outcome.APPLIED if follow(id_in(fact)) else Outcome.NOTED

    def price(self, price_id: str) -> CataloguePrice | None:
        """A price, read at Stripe when it is new to us. None for one that is gone."""
        return self.store.price(price_id) or self._follow_price(price_id)

    def product(self, product_id: str) -> CatalogueProduct | None:
        """A product, read at Stripe when it is new to us. None for one that is gone."""
        return self.store.product(product_id) or self._follow_product(product_id)

    def _follow_product(self, product_id: str) -> CatalogueProduct | None:
        as_of, found = self._read("product", product_id)
        if found:
            product: CatalogueProduct | None = read_as(StripeProduct, found).mirrored(as_of)
        else:
            standing = self.store.product(product_id)
            product = standing and standing.model_copy(update={"is_sold": False, "as_of": as_of})
        if product:
            self.store.keep_product(product)
        return product

    def _follow_price(self, price_id: str) -> CataloguePrice | None:
        as_of, found = self._read("price", price_id)
        if found:
            price: CataloguePrice | None = read_as(StripePrice, found).mirrored(as_of)
        else:
            standing = self.store.price(price_id)
            price = standing and standing.model_copy(update={"is_sold": False, "as_of": as_of})
        if price:
            self.store.keep_price(price)
        return price

    def _read(self, kind: str, object_id: str) -> tuple[int, dict[str, object] | None]:
        """When it was read, in epoch seconds, and what stood there; None when it was deleted."""
        as_of, found = int(self.clock().timestamp()), self.stripe.read(kind, object_id)
        return as_of, None if found is None or found.get("deleted") else found
