"""Holds each bill against what was quoted for it, and tells when a promise was not kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from chalicelib.billing.catalogue import CataloguePrice
from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.model import StandingInvoice
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.subscriptions import comparing
from chalicelib.subscriptions.plan_desk import Differences
from chalicelib.subscriptions.quote import Comparison
from chalicelib.subscriptions.store import Promise, QuoteStore


class Prices(Protocol):
    """The catalogue."""

    def price(self, price_id: str) -> CataloguePrice | None:
        """A price; None for one that is gone."""


@dataclass(frozen=True)
class Promises:
    """A BillFollower. `count` adds one to a named business counter."""

    store: QuoteStore
    prices: Prices
    differences: Differences
    clock: Clock
    count: Callable[[str], None]

    def issued(self, invoice: StandingInvoice, bill: StripeBill) -> None:
        """Hold a bill against the quotes that spoke of it; each is held against its first bill. One round trip for a
        bill that no quote spoke of. Raises Unavailable."""
        if bill.plan_id is None or bill.invoice_id != invoice.invoice_id:
            return
        promises = self.store.promises(bill.plan_id)
        for promise in promises:
            if promise.is_open and promise.bill_from <= bill.created:
                with suppress(NotFound):  # Both expire on one day, but not at one moment.
                    self.compare(promise, bill, promises)

    def compare(self, promise: Promise, bill: StripeBill, others: list[Promise]) -> Comparison:
        """Hold a bill against one quote, tell what needs a look, and keep what came of it. Doing it twice has the
        effect of once: the first comparison stays."""
        quote = self.store.get(promise.quote_id)
        if quote.comparison:
            return quote.comparison
        since = [each for each in others if each != promise and each.agreed_at >= promise.agreed_at]
        later = any(each.bill_from <= bill.created for each in since)
        found = comparing.compare(quote, bill, self.clock(), self._is_metered, changed_since=later)
        if found.needs_a_look:
            self.differences.tell(quote, found)
        self.store.compared(quote, found)
        self.count("QuotesKept" if found.is_kept else "QuotesBroken" if found.needs_a_look else "QuotesOvertaken")
        return found

    def _is_metered(self, price_id: str) -> bool:
        price = self.prices.price(price_id)
        return bool(price and price.is_metered)
