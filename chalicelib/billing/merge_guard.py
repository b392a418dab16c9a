"""What of an account's books stands against its merge into another: money, bills and subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.merge_model import Obstacle, Standing
from chalicelib.billing.model import SubscriptionStatus
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore
from chalicelib.platform.dynamo import ABSENT, Check

_RUNNING: Final = frozenset(SubscriptionStatus) - {SubscriptionStatus.CANCELLED}
_PAGE: Final = 100


@dataclass(frozen=True)
class BooksGuard:
    store: BillingStore

    def standing(self, account_id: str) -> Standing:
        """Two round trips, and one for each hundred subscriptions; the check holds while nothing more is booked."""
        owed = self.store.receivables(account_id, consistent=True)
        found = [*_money(owed)]
        if self._is_served(account_id):
            said = "Subscriptions are running: end them, or take them again on the account that goes on."
            found.append(Obstacle(kind="active_subscriptions", detail=said))
        return Standing(tuple(found), (_unmoved(owed),))

    def _is_served(self, account_id: str) -> bool:
        start = None
        while True:
            page, start = self.store.subscriptions(account_id, _PAGE, start, consistent=True)
            if any(subscription.status in _RUNNING for subscription in page):
                return True
            if start is None:
                return False


def _money(owed: Receivables) -> list[Obstacle]:
    found = []
    if owed.open_invoices:
        found.append(Obstacle(kind="open_invoices", detail="Bills are open: have them paid or written off first."))
    if owed.credit_minor > 0:
        found.append(Obstacle(kind="credit", detail="The customer has credit here: pay it back first."))
    if owed.balance_minor and not found:
        found.append(Obstacle(kind="balance", detail="The balance is not zero: settle it first."))
    return found


def _unmoved(owed: Receivables) -> Check:
    """Holds as long as there is no ledger entry after the one that these were read from."""
    return Check(f"A#{owed.account_id}", f"L#{owed.seq + 1:010d}", ABSENT)
