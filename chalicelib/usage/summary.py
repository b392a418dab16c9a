"""What a customer sees of a period: used, left, charges so far, the limit, and what was not billed and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Control, Plan
from chalicelib.usage.counters import Month, Stretch
from chalicelib.usage.rating import LineKey, Rated, Ratings, billed_minor, rate


@dataclass(frozen=True)
class Spending:
    """How far charges may go, with tax, in minor units: `ceiling_minor` is the limit with the consents above it, None
    when they lift it."""

    scope: str
    limit_minor: int
    ceiling_minor: int | None
    billed_minor: int


@dataclass(frozen=True)
class UsageOfPeriod:
    """Use of one subscription from `starts_on` to `ends_on`."""

    subscription_id: str
    plan: Plan
    currency: str
    starts_on: date
    ends_on: date
    is_running: bool
    lines: tuple[tuple[Category, Rated], ...]
    barred: tuple[Category, ...]
    spending: tuple[Spending, ...]


def summary(
    subscription_id: str, month: Month, control: Control, now: datetime, zone: ZoneInfo, *, with_running: bool
) -> Iterator[UsageOfPeriod]:
    """The periods of the subscription that began in the month and were used in; the running one in any case, when
    asked for. Categories without use are there when the plan includes or charges them."""
    today, lines = now.astimezone(zone).date(), rate(month, control)
    used = {stretch for stretch in month.stretches() if stretch.subscription_id == subscription_id}
    if with_running:
        used = {Stretch(subscription_id, control.period(subscription_id, today, zone).starts_on)}
    for stretch in sorted(used):
        period = control.period(subscription_id, stretch.starts_on, zone)
        plan = control.plan(subscription_id, now)
        if plan is None:
            continue
        yield UsageOfPeriod(
            subscription_id, plan, control.currency, period.starts_on, period.ends_on, today in period,
            tuple(_lines(stretch, lines, plan)),
            tuple(each for each in Category if control.is_barred(subscription_id, each, now)),
            tuple(_spending(subscription_id, month, lines, control, now)),
        )  # fmt: skip


def _lines(stretch: Stretch, lines: Ratings, plan: Plan) -> Iterator[tuple[Category, Rated]]:
    for category in Category:
        line = lines.get(LineKey(stretch, category))
        if line:
            yield category, line
        elif plan.tariff.allowance(category) != 0 or category in plan.tariff.rates:
            yield category, Rated(tariff=plan.tariff)


def _spending(
    subscription_id: str, month: Month, lines: Ratings, control: Control, now: datetime
) -> Iterator[Spending]:
    for scope in (subscription_id, ACCOUNT):
        limit = control.limit(scope, now)
        if limit and limit.limit_minor is not None:
            ceiling = control.ceiling_minor(scope, month.month, now)
            yield Spending(scope, limit.limit_minor, ceiling, billed_minor(lines, scope))
