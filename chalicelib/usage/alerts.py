"""Which shares of an allowance or a spending limit have been reached. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Control
from chalicelib.usage.counters import Month, Stretch
from chalicelib.usage.rating import LineKey, Ratings, charged_minor


@dataclass(frozen=True)
class Reached:
    """A share of an allowance (of a stretch and category, in its unit) or of a limit (of a scope, in minor units)."""

    scope: str
    percent: int
    used: int
    whole: int
    key: LineKey | None = None

    @property
    def subject(self) -> str:
        """What of which so much is reached: a new limit is another one."""
        if self.key:
            return f"{self.key.stretch.key}|{self.key.category}"
        return f"limit|{self.scope}|{self.whole}"

    @property
    def name(self) -> str:
        """What makes the alert the one of its period."""
        return f"{self.subject}|{self.percent}"


def reached(
    month: Month, lines: Ratings, control: Control, percents: Sequence[int], now: datetime, zone: ZoneInfo
) -> list[Reached]:
    """All that is reached in the periods that are running, the lower shares first."""
    today = now.astimezone(zone).date()
    running = {
        stretch
        for stretch in month.stretches()
        if today in control.period(stretch.subscription_id, stretch.starts_on, zone)
    }
    found = [*_allowances(lines, running), *_limits(lines, control, running, now)]
    return [
        Reached(each.scope, percent, each.used, each.whole, each.key)
        for each in found
        for percent in sorted(percents)
        if each.used and each.used * 100 >= each.whole * percent
    ]


def _allowances(lines: Ratings, running: set[Stretch]) -> Iterator[Reached]:
    for key, line in lines.items():
        allowance = line.tariff.allowance(key.category)
        if key.stretch in running and allowance:
            yield Reached(key.stretch.subscription_id, 0, line.used, allowance, key)


def _limits(lines: Ratings, control: Control, running: set[Stretch], now: datetime) -> Iterator[Reached]:
    scopes = sorted({stretch.subscription_id for stretch in running})
    for scope in (*scopes, ACCOUNT) if running else ():
        limit = control.limit(scope, now)
        if limit and limit.limit_minor is not None:
            yield Reached(scope, 0, charged_minor(lines, scope), limit.limit_minor)


def noted(month: Month, found: Sequence[Reached], at: str) -> Month:
    """The month with what is newly reached; of several shares of the same thing only the highest is to be told."""
    new = [each for each in found if each.name not in month.alerts]
    highest = {each.subject: each.name for each in new}
    if not new:
        return month
    return month.model_copy(
        update={
            "alerts": month.alerts | {each.name: at for each in new},
            "untold": (*month.untold, *highest.values()),
        }
    )


def limit_scope(name: str) -> str | None:
    """The scope of a limit's alert; None for that of an allowance."""
    kind, _, rest = name.partition("|")
    return rest.split("|")[0] if kind == "limit" else None


def line_of(name: str) -> LineKey:
    """The line of an allowance's alert."""
    stretch, category, _ = name.rsplit("|", 2)
    return LineKey(Stretch.of(stretch), Category(category))


def percent_of(name: str) -> int:
    """The share that an alert is about."""
    return int(name.rpartition("|")[2])
