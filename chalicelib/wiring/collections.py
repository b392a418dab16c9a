"""Collections: what is held back, and what is asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid, utc_now

if TYPE_CHECKING:
    from chalicelib.accounts.holds_service import HoldFollower, Holds


@cache
def holds() -> Holds:
    from chalicelib.accounts.holds_policy import HOLDS_POLICY
    from chalicelib.accounts.holds_service import Holds
    from chalicelib.accounts.holds_store import HoldStore
    from chalicelib.platform.telemetry import count

    def owns(account_id: str, invoice_id: str) -> bool:
        invoice = wiring.billing_store().invoice(invoice_id)
        return invoice is not None and invoice.account_id == account_id

    return Holds(
        HoldStore(wiring.table()), lambda day: wiring.policies().on(HOLDS_POLICY, day), wiring.post(), owns,
        wiring.hold_followers(), utc_now, new_ulid, wiring.today, count,
    )  # fmt: skip


def hold_followers() -> tuple[HoldFollower, ...]:
    """Who goes on when holds change, in this order."""
    return ()
