"""What decides charges for use, with the instant from which each holds: plans, spending limits, consents, bars. Pure.

Nothing in it is ever changed, only added to: use of an earlier instant is rated by what held then, however late it is
told of. A spending limit is a promise about the customer's money, so it and consents above it count tax.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import Field

from chalicelib.platform.clock import Instant, format_instant, parse_instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Minor
from chalicelib.subscriptions.calendar import Period, period_of
from chalicelib.usage.categories import Category
from chalicelib.usage.tariff import NOTHING, Tariff

ACCOUNT: Final = "account"
"""The scope of what holds for all subscriptions of the account together; other scopes are ids of subscriptions."""
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


class _Scoped(Protocol):
    @property
    def scope(self) -> str: ...

    @property
    def at(self) -> datetime: ...


class Limit(Record):
    """The most that use may cost for the bills of a month, with tax; None: no limit any more."""

    scope: str
    at: Instant
    limit_minor: Minor | None = Field(default=None, ge=0)
    set_by: str


class Consent(Record):
    """The customer's express word that charges may go beyond the limit until the running periods end: by an amount with
    tax, or by any (None). It holds for the months in `months`, whose periods were running."""

    consent_id: str
    scope: str
    at: Instant
    amount_minor: Minor | None = Field(default=None, gt=0)
    months: tuple[str, ...]
    source: str
    given_to: str


class Bar(Record):
    """Use of a category is not to be charged from now on, or may be again."""

    scope: str
    at: Instant
    category: Category
    is_barred: bool
    set_by: str


class Plan(Record):
    """What a subscription is rated by from now on, and the day on which its periods begin."""

    subscription_id: str
    at: Instant
    plan_code: str
    plan_name: str
    provider_id: str | None = None
    anchor_day: int = Field(ge=1, le=31)
    tariff: Tariff = NOTHING


class Control(Record):
    """All of it, of one account; `version` grows with each addition."""

    account_id: str
    currency: str
    version: int = 0
    limits: tuple[Limit, ...] = ()
    consents: tuple[Consent, ...] = ()
    bars: tuple[Bar, ...] = ()
    plans: tuple[Plan, ...] = ()

    def era(self, subscription_id: str, at: datetime) -> str:
        """The rules of a subscription at that time, by the instant of the newest change that counts for it."""
        scoped: tuple[_Scoped, ...] = (*self.limits, *self.consents, *self.bars)
        instants = [each.at for each in scoped if each.scope in (subscription_id, ACCOUNT)]
        instants += [plan.at for plan in self._plans(subscription_id)]
        return format_instant(max((each for each in instants if each <= at), default=BEGINNING))

    def plan(self, subscription_id: str, at: datetime) -> Plan | None:
        """What it was rated by at that time; what came first, before that."""
        own = list(self._plans(subscription_id))
        return next((plan for plan in reversed(own) if plan.at <= at), own[0] if own else None)

    def limit(self, scope: str, at: datetime) -> Limit | None:
        """The limit of the scope at that time, None without one."""
        set_by_then = [limit for limit in self.limits if limit.scope == scope and limit.at <= at]
        standing = set_by_then[-1] if set_by_then else None
        return standing if standing and standing.limit_minor is not None else None

    def ceiling_minor(self, scope: str, month: str, at: datetime) -> int | None:
        """How far charges for the bills of a month may go at that time, with tax; None: as far as they come.

        A consent adds to the limit that stood when it was given; a limit that is set later begins anew.
        """
        limit = self.limit(scope, at)
        if limit is None or limit.limit_minor is None:
            return None
        given = [
            consent
            for consent in self.consents
            if consent.scope == scope and month in consent.months and limit.at <= consent.at <= at
        ]
        if any(consent.amount_minor is None for consent in given):
            return None
        return limit.limit_minor + sum(consent.amount_minor or 0 for consent in given)

    def is_barred(self, subscription_id: str, category: Category, at: datetime) -> bool:
        """Whether the category is barred for the subscription, or for the whole account."""
        last: dict[str, bool] = {}
        for bar in self.bars:
            if bar.category is category and bar.at <= at:
                last[bar.scope] = bar.is_barred
        return last.get(subscription_id, False) or last.get(ACCOUNT, False)

    def period(self, subscription_id: str, day: date, zone: ZoneInfo) -> Period:
        """The period of use that the day lies in. Another billing day ends the running one and begins the next.

        Raises KeyError for a subscription without a plan.
        """
        anchors: list[tuple[date | None, int]] = []
        for plan in self._plans(subscription_id):
            if not anchors or anchors[-1][1] != plan.anchor_day:
                anchors.append((plan.at.astimezone(zone).date() if anchors else None, plan.anchor_day))
        if not anchors:
            raise KeyError(subscription_id)
        index = max(n for n, (since, _) in enumerate(anchors) if since is None or since <= day)
        since, anchor_day = anchors[index]
        whole = period_of(day, anchor_day)
        until = anchors[index + 1][0] if index + 1 < len(anchors) else None
        return Period(max(whole.starts_on, since or whole.starts_on), min(whole.next_on, until or whole.next_on))

    def month(self, subscription_id: str, at: datetime, zone: ZoneInfo) -> str:
        """The month whose bills use of that instant belongs to: the one in which the subscription's period began."""
        return self.period(subscription_id, at.astimezone(zone).date(), zone).starts_on.strftime("%Y-%m")

    @property
    def subscription_ids(self) -> list[str]:
        """The subscriptions that ever had a plan, in the order in which they came."""
        return list(dict.fromkeys(plan.subscription_id for plan in self.plans))

    def _plans(self, subscription_id: str) -> Iterator[Plan]:
        return (plan for plan in self.plans if plan.subscription_id == subscription_id)


def to_the_millisecond(at: datetime) -> datetime:
    """An instant as it is stored."""
    return parse_instant(format_instant(at))
