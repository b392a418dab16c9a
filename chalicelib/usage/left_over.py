"""Use of subscriptions that have ended: where no other bill of the account will take it, finance is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.billing.model import SubscriptionStatus
from chalicelib.payments.news import Fact, News, Newsroom, Topic
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import Put
from chalicelib.platform.money import portion
from chalicelib.usage.billing import unbilled
from chalicelib.usage.control import Control
from chalicelib.usage.counters import Month
from chalicelib.usage.model import Subscribed
from chalicelib.usage.notice_store import Notice, NoticeKind, notice_put
from chalicelib.usage.store import UsageStore

AFTER: Final = timedelta(days=3)
"""How long after a period its bill must have come."""


@dataclass(frozen=True)
class LeftOver:
    """`today` and `zone` are those where the desk bills."""

    store: UsageStore
    subscribed: Subscribed
    newsroom: Newsroom
    clock: Clock
    today: Callable[[], date]
    zone: ZoneInfo

    def look(self, account_id: str, subscription_id: str) -> bool:
        """Tell finance what is left over, once for each amount; whether anything was. Three round trips."""
        taken = {each.subscription_id: each for each in self.subscribed.of_account(account_id)}
        running = [each for each in taken.values() if each.status is not SubscriptionStatus.CANCELLED]
        control = self.store.control(account_id)
        if control is None or subscription_id not in taken or any(each.provider_id for each in running):
            return False
        items = [
            item
            for item in unbilled(
                self.store.newest_months(account_id), control, self.zone, lambda _, next_on: next_on <= self.today()
            )
            if item.subscription_id == subscription_id
        ]
        amount = sum(item.net_minor + portion(item.net_minor, item.tax_rate_bp) for item in items)
        if not amount:
            return False
        self.newsroom.tell(
            News(
                topic=Topic.USE_LEFT_OVER, object_id=subscription_id, at=self.clock(), occasion=str(amount),
                account_id=account_id, amount_minor=amount, currency=control.currency,
                facts={Fact.FOUND: "; ".join(item.description for item in items)[:1000]},
            )
        )  # fmt: skip
        return True


def to_look_at(before: Month, after: Month, control: Control, today: date, zone: ZoneInfo) -> list[Put]:
    """What to note when use of a period is counted for the first time, or after its bill."""
    noted = []
    for stretch in after.stretches():
        key = stretch.key
        is_late = any(
            day for name, day in after.late.items() if name.startswith(f"{key}|") and day != before.late.get(name)
        )
        if key not in before.used or is_late:
            ends = control.period(stretch.subscription_id, stretch.starts_on, zone).next_on
            notice = Notice(
                account_id=after.account_id, subscription_id=stretch.subscription_id, kind=NoticeKind.LEFT_OVER,
                about=stretch.starts_on,
            )  # fmt: skip
            noted.append(notice_put(notice, max(ends, today) + AFTER))
    return noted
