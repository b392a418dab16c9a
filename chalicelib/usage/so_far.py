"""What was used and is on no bill yet, for the forecast of the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chalicelib.platform.money import portion
from chalicelib.subscriptions.forecast import UsageCharge
from chalicelib.usage.billing import unbilled
from chalicelib.usage.store import UsageStore


@dataclass(frozen=True)
class UnbilledUse:
    """A UsageSoFar. `zone` is where the desk bills."""

    store: UsageStore
    zone: ZoneInfo

    def unbilled(self, account_id: str) -> Sequence[UsageCharge]:
        """Charges for use so far, each with the tax of its plan. Two round trips, one when no use is counted."""
        control = self.store.control(account_id)
        if control is None:
            return []
        items = unbilled(self.store.newest_months(account_id), control, self.zone, lambda *_: True)
        return [
            UsageCharge(
                description=item.description, code=f"usage_{item.category}", net_minor=item.net_minor,
                tax_minor=portion(item.net_minor, item.tax_rate_bp), currency=control.currency,
            )
            for item in items
        ]  # fmt: skip
