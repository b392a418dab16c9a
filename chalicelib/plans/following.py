"""What else moves a plan: news of money, and holds. Each brings the plan of the account to where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.holds import AccountHolds
from chalicelib.payments.news import News, Topic

MOVES: Final = frozenset(
    {
        Topic.DISPUTE_CLOSED, Topic.INVOICE_PAID, Topic.PAYMENT_FAILED, Topic.PAYMENT_SUCCEEDED, Topic.REFUND_FAILED,
        Topic.REFUND_SUCCEEDED,
    }
)  # fmt: skip
"""News after which a plan may stand elsewhere."""


@dataclass(frozen=True)
class PlanFollower:
    """A listener of the newsroom, and a follower of holds. `follow` looks at the plan of an account, if it has one; it
    costs one round trip when it has none."""

    follow: Callable[[str], None]

    def tell(self, news: News) -> None:
        """Raises Unavailable; tell it again then."""
        if news.topic in MOVES and news.account_id:
            self.follow(news.account_id)

    def changed(self, holds: AccountHolds) -> None:
        """Raises Unavailable."""
        self.follow(holds.account_id)
