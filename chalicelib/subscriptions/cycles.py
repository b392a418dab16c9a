"""When an account is billed and what the next bill will say, one cycle for each bill that it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from chalicelib.billing.catalogue import CataloguePrice
from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.mirror_shapes import Unmirrorable
from chalicelib.billing.model import Subscription, SubscriptionStatus
from chalicelib.billing.store import BillingStore
from chalicelib.payments.events import Unreadable
from chalicelib.payments.mirror.reading import read_as
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import DeskError
from chalicelib.subscriptions.calendar import Move, Period, move, periods_from
from chalicelib.subscriptions.forecast import Forecast, Total, UsageSoFar, foreseen, totals, with_usage

PERIODS: Final = 6
"""How many coming periods the calendar shows."""
_BILLED: Final = frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE, SubscriptionStatus.PAUSED})


class Previews(Protocol):
    """Stripe, asked for the next invoice."""

    def preview_plan(self, plan_id: str) -> dict[str, Any] | None:
        """The next invoice of a subscription; None when none would come. Raises Refused, Unavailable."""


class Prices(Protocol):
    """The catalogue."""

    def price(self, price_id: str) -> CataloguePrice | None:
        """A price by Stripe's id."""


@dataclass(frozen=True)
class Cycle:
    """Subscriptions that are billed together. `periods` begin with the present one. Without a forecast, `missing` says
    why in plain words. `move` is what the billing day that was asked about would bring."""

    anchor_day: int
    subscriptions: tuple[Subscription, ...]
    periods: tuple[Period, ...]
    forecast: Forecast | None
    missing: str | None
    move: Move | None = None

    @property
    def price_minor(self) -> int:
        """What a whole period costs, before tax."""
        return sum(each.price_minor for each in self.subscriptions)

    @property
    def next_bill_on(self) -> date | None:
        """The day of the next bill; None when none will come."""
        if self.forecast:
            return self.forecast.bill_on
        return self.periods[1].starts_on if len(self.periods) > 1 else None


@dataclass(frozen=True)
class BillingCycle:
    """All cycles of an account, and what its next bills come to."""

    account_id: str
    cycles: tuple[Cycle, ...]
    totals: tuple[Total, ...]


@dataclass(frozen=True)
class BillingCycles:
    """`today` is the calendar day and `zone` the place where the desk bills; `count` adds one to a figure."""

    billing: BillingStore
    stripe: Previews
    prices: Prices
    usage: UsageSoFar
    today: Callable[[], date]
    zone: ZoneInfo
    count: Callable[[str], None]

    def of_account(self, account_id: str, billing_day: int | None = None) -> BillingCycle:
        """The calendar and the forecast. Two round trips (three before the first bill), those for the use so far, one
        for each price, and one to Stripe for each bill. Raises NotFound.

        While Stripe does not answer, the calendar stands without a forecast.
        """
        owed = self.billing.receivables(account_id)
        usage = self.usage.unbilled(account_id)
        cycles = [self._cycle(list(group), billing_day) for group in self._together(account_id)]
        first = next((number for number, cycle in enumerate(cycles) if cycle.forecast), None)
        if first is not None and (forecast := cycles[first].forecast):
            cycles[first] = replace(cycles[first], forecast=with_usage(forecast, usage))
        expected = [cycle.forecast for cycle in cycles if cycle.forecast]
        return BillingCycle(account_id, tuple(cycles), tuple(totals(expected, owed.credit_minor, owed.currency)))

    def _together(self, account_id: str) -> Iterator[Iterator[Subscription]]:
        """The subscriptions that are billed, by the bill that they are on."""
        found = [each for each in self._each(account_id) if each.status in _BILLED]
        found.sort(key=lambda each: (each.provider_id or "", each.anchor_day))
        return (group for _, group in groupby(found, key=lambda each: each.provider_id or each.anchor_day))

    def _each(self, account_id: str) -> Iterator[Subscription]:
        start: Item | None = None
        while True:
            page, start = self.billing.subscriptions(account_id, 100, start)
            yield from page
            if start is None:
                return

    def _cycle(self, subscriptions: Sequence[Subscription], billing_day: int | None) -> Cycle:
        one = subscriptions[0]
        forecast, missing = self._forecast(one)
        self.count("BillsForeseen" if forecast else "BillsNotForeseen")
        periods = self._periods(subscriptions)
        today = max(self.today(), periods[0].starts_on)
        moved = move(today, one.anchor_day, billing_day) if billing_day else None
        return Cycle(one.anchor_day, tuple(subscriptions), periods, forecast, missing, moved)

    def _periods(self, subscriptions: Sequence[Subscription]) -> tuple[Period, ...]:
        """The present period, as Stripe has it where it is known, and those that follow until the last of them ends."""
        one, ends = subscriptions[0], [each.ends_at for each in subscriptions]
        periods = periods_from(self._day(one.period_starts_at) or self.today(), one.anchor_day, PERIODS + 1)
        last = max((day for each in ends if (day := self._day(each))), default=None) if all(ends) else None
        return tuple(period for period in periods if last is None or period is periods[0] or period.starts_on < last)

    def _forecast(self, one: Subscription) -> tuple[Forecast | None, str | None]:
        if one.provider_id is None:
            return None, "This is not billed through Stripe, so its next bill cannot be foreseen here."
        if one.status is SubscriptionStatus.PAUSED:
            return None, "This is paused: nothing is billed until it goes on."
        try:
            found = self.stripe.preview_plan(one.provider_id)
            if found is None:
                return None, "No further bill will come."
            bill = read_as(StripeBill, found)
            prices = {price_id: price for price_id in bill.price_ids if (price := self.prices.price(price_id))}
            return foreseen(bill, one.account_id, prices, self.zone), None
        except (Unmirrorable, Unreadable):
            return None, "The next bill has charges that cannot be shown before it is issued."
        except DeskError:
            return None, "The next bill cannot be foreseen just now; the days stand."

    def _day(self, at: datetime | None) -> date | None:
        return at.astimezone(self.zone).date() if at else None
