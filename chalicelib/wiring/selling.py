"""What is sold, and changes of what was: offers, quotes, confirmations, and promises kept."""

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
    from chalicelib.subscriptions.changes import Changes
    from chalicelib.subscriptions.contracts import Contracts
    from chalicelib.subscriptions.offer_store import OfferStore
    from chalicelib.subscriptions.offers import Offers
    from chalicelib.subscriptions.policy import ChangeRules
    from chalicelib.subscriptions.promises import Promises
    from chalicelib.subscriptions.standings import Standings
    from chalicelib.subscriptions.taking_back import PlannedChanges


@cache
def offer_store() -> OfferStore:
    from chalicelib.subscriptions.offer_store import OfferStore

    return OfferStore(wiring.table())


@cache
def offers() -> Offers:
    from chalicelib.subscriptions.offers import Offers

    return Offers(wiring.offer_store(), utc_now, new_ulid)


@cache
def contracts() -> Contracts:
    from chalicelib.subscriptions.contracts import Contracts

    return Contracts(wiring.billing_store(), wiring.offer_store(), wiring.today)


@cache
def subscription_standings() -> Standings:
    from chalicelib.subscriptions.standings import Standings

    zone = ZoneInfo(settings().time_zone)
    return Standings(wiring.billing_store(), wiring.offer_store(), wiring.stripe_gateway(), utc_now, zone)


def change_rules(day: date) -> Ruling[ChangeRules]:
    """How subscriptions are changed on that day."""
    from chalicelib.subscriptions.policy import CHANGE_POLICY

    return wiring.policies().on(CHANGE_POLICY, day)


@cache
def subscription_changes() -> Changes:
    from chalicelib.platform.telemetry import count
    from chalicelib.subscriptions.changes import Changes
    from chalicelib.subscriptions.quoting import Quoting
    from chalicelib.subscriptions.store import QuoteStore

    stripe = wiring.stripe_gateway()
    quoting = Quoting(wiring.offer_store(), stripe, wiring.change_rules, utc_now, new_ulid, count)
    return Changes(
        wiring.subscription_standings(), quoting, QuoteStore(wiring.table()), stripe, wiring.plans(), wiring.post(),
        utc_now, count,
    )  # fmt: skip


@cache
def planned_changes() -> PlannedChanges:
    from chalicelib.platform.telemetry import count
    from chalicelib.subscriptions.store import QuoteStore
    from chalicelib.subscriptions.taking_back import PlannedChanges

    return PlannedChanges(
        wiring.subscription_standings(), QuoteStore(wiring.table()), wiring.stripe_gateway(), wiring.plans(),
        utc_now, new_ulid, count,
    )  # fmt: skip


@cache
def promises() -> Promises:
    from chalicelib.platform.telemetry import count
    from chalicelib.subscriptions.broken import BrokenPromises
    from chalicelib.subscriptions.promises import Promises
    from chalicelib.subscriptions.store import QuoteStore

    told = BrokenPromises(wiring.newsroom())
    return Promises(QuoteStore(wiring.table()), wiring.catalogue(), told, utc_now, count)
