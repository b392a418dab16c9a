"""Use: records, rating, spending limits, and what goes on bills for it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings

if TYPE_CHECKING:
    from chalicelib.policy.model import Ruling
    from chalicelib.subscriptions.forecast import UsageSoFar
    from chalicelib.usage.advising import PlanAdvising
    from chalicelib.usage.bill_warnings import BillWarnings
    from chalicelib.usage.bills import UsageBills
    from chalicelib.usage.notices import Notices
    from chalicelib.usage.policy import UsageRules, WarningRules
    from chalicelib.usage.reminders import Reminders
    from chalicelib.usage.rulebook import Rulebook
    from chalicelib.usage.service import Usage
    from chalicelib.usage.sources import MirroredSubscriptions, PriceList
    from chalicelib.usage.spending import Spending
    from chalicelib.usage.store import UsageStore


@cache
def usage_store() -> UsageStore:
    from chalicelib.usage.store import UsageStore

    return UsageStore(wiring.table())


@cache
def subscribed() -> MirroredSubscriptions:
    from chalicelib.usage.sources import MirroredSubscriptions

    return MirroredSubscriptions(wiring.billing_store())


@cache
def price_list() -> PriceList:
    from chalicelib.usage.sources import PriceList

    return PriceList(wiring.offer_store())


def usage_policy(day: date) -> Ruling[UsageRules]:
    """How use is counted on a day."""
    from chalicelib.usage.policy import USAGE

    return wiring.policies().on(USAGE, day)


@cache
def usage_rules() -> Rulebook:
    from chalicelib.usage.rulebook import Rulebook

    def currency_of(account_id: str) -> str:
        return wiring.accounts().get(account_id).currency

    return Rulebook(
        wiring.usage_store(), wiring.subscribed(), wiring.price_list(), wiring.usage_policy, currency_of, utc_now
    )


@cache
def usage() -> Usage:
    from chalicelib.platform.telemetry import count
    from chalicelib.usage.service import Usage
    from chalicelib.usage.sources import PreferredWay
    from chalicelib.usage.telling import AlertLetters

    def phones_of(account_id: str) -> tuple[str, ...]:
        return wiring.accounts().get(account_id).phones

    zone = ZoneInfo(settings().time_zone)
    way = PreferredWay(wiring.customer_preferences().of, phones_of)
    return Usage(
        wiring.usage_store(), wiring.usage_rules(), AlertLetters(wiring.post(), way, zone), wiring.usage_policy,
        utc_now, zone, count,
    )  # fmt: skip


@cache
def spending() -> Spending:
    from chalicelib.platform.telemetry import count
    from chalicelib.usage.spending import Spending

    zone = ZoneInfo(settings().time_zone)
    return Spending(wiring.usage_store(), wiring.usage_rules(), wiring.post(), utc_now, new_ulid, zone, count)


@cache
def usage_bills() -> UsageBills:
    from chalicelib.platform.telemetry import count
    from chalicelib.usage.bill_store import UsageBillStore
    from chalicelib.usage.bills import UsageBills

    return UsageBills(
        wiring.usage_store(), UsageBillStore(wiring.table()), wiring.usage_rules(), wiring.stripe_gateway(),
        ZoneInfo(settings().time_zone), count,
    )  # fmt: skip


@cache
def usage_so_far() -> UsageSoFar:
    """Who knows what was used and not billed."""
    from chalicelib.usage.so_far import UnbilledUse

    return UnbilledUse(wiring.usage_store(), ZoneInfo(settings().time_zone))


def warning_policy(day: date) -> Ruling[WarningRules]:
    """What customers are warned of on a day."""
    from chalicelib.usage.policy import WARNINGS

    return wiring.policies().on(WARNINGS, day)


@cache
def bill_warnings() -> BillWarnings:
    from chalicelib.platform.telemetry import count
    from chalicelib.usage.bill_store import UsageBillStore
    from chalicelib.usage.bill_warnings import BillWarnings

    return BillWarnings(
        UsageBillStore(wiring.table()), wiring.billing_store(), wiring.subscribed(), wiring.post(), wiring.newsroom(),
        wiring.warning_policy, utc_now, wiring.today, count,
    )  # fmt: skip


@cache
def plan_reminders() -> Reminders:
    from chalicelib.usage.notice_store import NoticeStore
    from chalicelib.usage.reminders import Reminders

    return Reminders(
        NoticeStore(wiring.table()), wiring.subscribed(), wiring.offer_store(), wiring.warning_policy, wiring.today
    )


@cache
def plan_advising() -> PlanAdvising:
    from chalicelib.usage.advising import PlanAdvising

    return PlanAdvising(
        wiring.usage_store(), wiring.usage_rules(), wiring.offer_store(), wiring.warning_policy, wiring.today,
        ZoneInfo(settings().time_zone),
    )  # fmt: skip


@cache
def plan_notices() -> Notices:
    from chalicelib.platform.telemetry import count
    from chalicelib.usage.left_over import LeftOver
    from chalicelib.usage.notice_store import NoticeStore
    from chalicelib.usage.notices import Notices

    left_over = LeftOver(
        wiring.usage_store(), wiring.subscribed(), wiring.newsroom(), utc_now, wiring.today,
        ZoneInfo(settings().time_zone),
    )  # fmt: skip
    return Notices(
        NoticeStore(wiring.table()), wiring.subscribed(), wiring.price_list(), wiring.offer_store(),
        wiring.plan_advising(), left_over, wiring.post(), wiring.warning_policy, utc_now, wiring.today, count,
    )  # fmt: skip
