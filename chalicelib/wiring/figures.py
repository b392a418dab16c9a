"""Calls, and the figures of the desk."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings
from chalicelib.platform.dynamo import Table

if TYPE_CHECKING:
    from chalicelib.contacts.callers import Callers
    from chalicelib.contacts.gateway import FailureQueue
    from chalicelib.contacts.service import Contacts
    from chalicelib.kpi.folding import Folding
    from chalicelib.kpi.projection import Projection
    from chalicelib.kpi.rollups import RollupStore
    from chalicelib.kpi.service import Kpis


@cache
def contacts() -> Contacts:
    from chalicelib.contacts.service import Contacts
    from chalicelib.contacts.store import ContactStore

    return Contacts(ContactStore(wiring.table()), wiring.accounts())


@cache
def contact_failures() -> FailureQueue:
    from chalicelib.contacts.gateway import FailureQueue

    return FailureQueue(aws.sqs(), settings().contact_failure_queue_url)


@cache
def callers() -> Callers:
    from chalicelib.accounts.service import Accounts
    from chalicelib.accounts.store import AccountStore
    from chalicelib.billing.service import Ledger
    from chalicelib.billing.store import BillingStore
    from chalicelib.contacts.callers import Callers
    from chalicelib.contacts.store import ContactStore

    quick = Table(aws.dynamodb_in_a_call(), settings().table_name)
    known = Accounts(AccountStore(quick), utc_now, new_ulid)
    return Callers(ContactStore(quick), known, Ledger(BillingStore(quick)), wiring.today)


@cache
def projection() -> Projection:
    from chalicelib.kpi.projection import Projection
    from chalicelib.kpi.store import FactStore

    return Projection(FactStore(wiring.table()), new_ulid)


@cache
def rollups() -> RollupStore:
    from chalicelib.kpi.periods import Calendar
    from chalicelib.kpi.rollups import RollupStore

    return RollupStore(wiring.table(), Calendar(ZoneInfo(settings().time_zone)))


@cache
def folding() -> Folding:
    from chalicelib.kpi.folding import Folding
    from chalicelib.kpi.store import FactStore

    return Folding(FactStore(wiring.table()), wiring.rollups(), utc_now)


@cache
def kpis() -> Kpis:
    from chalicelib.kpi.service import Kpis

    return Kpis(wiring.rollups(), utc_now)
