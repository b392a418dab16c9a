"""A charge for use as Stripe is told of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class UsageCharge:
    """`net_minor` is before tax, below zero what is taken back; `key` names the charge for good; the period is in epoch
    seconds. `tax_rates` are Stripe's; without any those of the bill count."""

    key: str
    category: str
    customer_id: str
    currency: str
    net_minor: int
    description: str
    starts_at: int
    ends_at: int
    tax_rates: tuple[str, ...] = ()


class BillsUsage(Protocol):
    """Stripe, where it bills use."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """The object as it is now, None when Stripe has none. Raises Refused, Unavailable."""
        ...

    def add_usage(self, bill_id: str, charge: UsageCharge) -> None:
        """Put a charge on a draft, once for its key within 24 hours. Raises Refused, Unavailable."""
        ...
