"""Payment plans: quoted, agreed to, collected and settled."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid, utc_now

if TYPE_CHECKING:
    from chalicelib.plans.collecting import Collecting
    from chalicelib.plans.daily import DailyRun
    from chalicelib.plans.deed import PlanDeed
    from chalicelib.plans.following import PlanFollower
    from chalicelib.plans.looking import Looks
    from chalicelib.plans.policy import PlanRules
    from chalicelib.plans.quoting import PlanQuotes
    from chalicelib.plans.service import PaymentPlans
    from chalicelib.plans.settling import Settling
    from chalicelib.plans.shield import PlanShield
    from chalicelib.plans.stopping import Stopping
    from chalicelib.plans.store import PlanStore
    from chalicelib.platform.errors import DeskError
    from chalicelib.policy.model import Ruling


@cache
def plan_store() -> PlanStore:
    from chalicelib.plans.store import PlanStore

    return PlanStore(wiring.table())


def _rules(day: date) -> Ruling[PlanRules]:
    from chalicelib.plans.policy import PLAN_POLICY

    return wiring.policies().on(PLAN_POLICY, day)


@cache
def plan_shield() -> PlanShield:
    from chalicelib.plans.shield import PlanShield

    return PlanShield(wiring.plan_store())


@cache
def plan_looks() -> Looks:
    from chalicelib.accounts.holds_store import HoldStore
    from chalicelib.plans.looking import Looks

    return Looks(wiring.billing_store(), HoldStore(wiring.table()), wiring.payments())


@cache
def plan_stopping() -> Stopping:
    from chalicelib.plans.stopping import Stopping

    return Stopping(wiring.stripe_gateway(), wiring.incidents(), utc_now)


@cache
def plan_quotes() -> PlanQuotes:
    from chalicelib.plans.quote_store import QuoteStore
    from chalicelib.plans.quoting import PlanQuotes
    from chalicelib.platform.telemetry import count

    return PlanQuotes(
        QuoteStore(wiring.table()), wiring.plan_store(), wiring.billing_store(), wiring.accounts(), _rules, utc_now,
        new_ulid, wiring.today, count,
    )  # fmt: skip


@cache
def payment_plans() -> PaymentPlans:
    from chalicelib.accounts.holds_store import HoldStore
    from chalicelib.plans.quote_store import QuoteStore
    from chalicelib.plans.service import PaymentPlans
    from chalicelib.platform.telemetry import count

    return PaymentPlans(
        wiring.plan_store(), QuoteStore(wiring.table()), wiring.billing_store(), HoldStore(wiring.table()),
        wiring.plan_looks(), wiring.payment_methods(), wiring.plan_stopping(), wiring.post(), _rules, utc_now, new_ulid,
        wiring.today, count,
    )  # fmt: skip


@cache
def plan_settling() -> Settling:
    from chalicelib.plans.settling import Settling

    return Settling(wiring.payment_plans(), wiring.payments(), wiring.pay_links())


def plan_deed() -> PlanDeed:
    from chalicelib.plans.deed import PlanDeed

    return PlanDeed(wiring.payment_plans())


@cache
def plan_collecting() -> Collecting:
    from chalicelib.plans.asking import Asking
    from chalicelib.plans.collecting import Collecting
    from chalicelib.platform.telemetry import count

    asking = Asking(wiring.payments(), wiring.pay_links(), wiring.payment_methods(), wiring.post(), utc_now)
    return Collecting(
        wiring.plan_store(), wiring.plan_looks(), asking, wiring.plan_stopping(), wiring.post(),
        wiring.incidents(), utc_now, new_ulid, wiring.today, count,
    )  # fmt: skip


@cache
def plan_follower() -> PlanFollower:
    """Looks the service up when it is needed: what it stands on tells the newsroom that it listens to."""
    from chalicelib.plans.following import PlanFollower

    return PlanFollower(lambda account_id: wiring.plan_collecting().follow(account_id))


@cache
def plan_run() -> DailyRun:
    from chalicelib.plans.daily import DailyRun, ProgressStore
    from chalicelib.platform.telemetry import count, logger

    def failed(plan_id: str, error: DeskError) -> None:
        logger.warning("a plan could not be gone through", plan_id=plan_id, code=error.code)
        count("PlansNotCollected")

    return DailyRun(
        wiring.plan_store(), ProgressStore(wiring.table()), wiring.plan_collecting(), wiring.today, failed
    )  # fmt: skip
