"""Who goes on when Stripe drafts or issues a bill. What follows is decided above payments; `wiring` says who it
is."""

from __future__ import annotations

from typing import Any, Protocol

from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.model import StandingInvoice


class BillFollower(Protocol):
    """Hears of each bill that stands in the books, any number of times and in any order."""

    def issued(self, invoice: StandingInvoice, bill: StripeBill) -> None:
        """Doing it twice has the effect of once. Raises Unavailable; it is called again then."""
        ...


class DraftFollower(Protocol):
    """Hears of each bill that can still be added to."""

    def drafted(self, account_id: str, bill: dict[str, Any]) -> None:
        """`bill` is the draft as Stripe shows it now. Doing it twice has the effect of once. Raises Unavailable."""
        ...
