"""Collections: what is held back, and what is asked for."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings

if TYPE_CHECKING:
    from chalicelib.accounts.holds_service import HoldFollower, Holds
    from chalicelib.collections.desk import CollectionDesk
    from chalicelib.collections.facts import FactsReader, Shield
    from chalicelib.collections.gate import Gate
    from chalicelib.collections.policy import CollectionRules
    from chalicelib.collections.returned import ReturnedReminders
    from chalicelib.collections.service import Collections
    from chalicelib.collections.store import CollectionStore
    from chalicelib.collections.visits import Visits
    from chalicelib.policy.model import Ruling


@cache
def holds() -> Holds:
    from chalicelib.accounts.holds_policy import HOLDS_POLICY
    from chalicelib.accounts.holds_service import Holds
    from chalicelib.accounts.holds_store import HoldStore
    from chalicelib.platform.telemetry import count

    def owns(account_id: str, invoice_id: str) -> bool:
        invoice = wiring.billing_store().invoice(invoice_id)
        return invoice is not None and invoice.account_id == account_id

    return Holds(
        HoldStore(wiring.table()), lambda day: wiring.policies().on(HOLDS_POLICY, day), wiring.post(), owns,
        wiring.hold_followers(), utc_now, new_ulid, wiring.today, count,
    )  # fmt: skip


def hold_followers() -> tuple[HoldFollower, ...]:
    """Who goes on when holds change, in this order."""
    return (wiring.plan_follower(), wiring.collection_visits())


def plan_shields() -> tuple[Shield, ...]:
    """Who knows which late bills are on a plan that is kept."""
    return (wiring.plan_shield(),)


@cache
def collection_store() -> CollectionStore:
    from chalicelib.collections.store import CollectionStore

    return CollectionStore(wiring.table())


def _rules(day: date) -> Ruling[CollectionRules]:
    from chalicelib.collections.policy import COLLECTION_POLICY

    return wiring.policies().on(COLLECTION_POLICY, day)


@cache
def collection_facts() -> FactsReader:
    from chalicelib.collections.disputed import ChargebackDisputes
    from chalicelib.collections.facts import FactsReader

    disputes = (ChargebackDisputes(wiring.payment_store()),)
    zone = ZoneInfo(settings().time_zone)
    return FactsReader(
        wiring.collection_store(), wiring.billing_store(), disputes, wiring.plan_shields(), zone,
        wiring.payment_store(), wiring.recipients(),
    )  # fmt: skip


@cache
def returned_reminders() -> ReturnedReminders:
    from chalicelib.collections.returned import ReturnedReminders
    from chalicelib.platform.telemetry import count

    return ReturnedReminders(wiring.collection_store(), wiring.collection_facts(), wiring.today, count)


@cache
def collection_gate() -> Gate:
    from chalicelib.collections.gate import Gate
    from chalicelib.plans.asked import AskedNow
    from chalicelib.platform.telemetry import count

    asked = AskedNow(wiring.plan_store(), wiring.plan_looks(), wiring.today)
    return Gate(wiring.collection_facts(), _rules, utc_now, count, asked)


@cache
def collection_visits() -> Visits:
    from chalicelib.collections.charging import Charging
    from chalicelib.collections.visits import Visits
    from chalicelib.platform.telemetry import count

    def number_of(invoice_id: str) -> str:
        invoice = wiring.billing_store().invoice(invoice_id)
        return invoice.number if invoice else invoice_id

    return Visits(
        wiring.collection_store(), wiring.collection_facts(), _rules,
        Charging(wiring.stripe_gateway(), wiring.plan_shields()), wiring.post(), wiring.newsroom(), number_of, utc_now,
        wiring.today, count,
    )  # fmt: skip


@cache
def debt_collection() -> Collections:
    from chalicelib.collections.agenda import agenda
    from chalicelib.collections.service import Collections

    table = wiring.table()
    return Collections(
        wiring.collection_visits(), wiring.collection_store(), agenda(table, "DUE", "overdue"),
        agenda(table, "COLLECT", "collect"),
    )  # fmt: skip


@cache
def collection_desk() -> CollectionDesk:
    from chalicelib.collections.desk import CollectionDesk

    return CollectionDesk(wiring.collection_store(), wiring.collection_facts(), _rules, utc_now, wiring.today)
