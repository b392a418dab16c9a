"""What every domain stands on: the table, the keys, the Apis, accounts and audit."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings
from chalicelib.platform.dynamo import Table
from chalicelib.platform.idempotency import Answers
from chalicelib.policy.permissions import ROLES

if TYPE_CHECKING:
    from chalicelib.approvals.model import ApprovalAction, ApprovalRules, Deed
    from chalicelib.approvals.service import Approvals
    from chalicelib.audit.service import Audit
    from chalicelib.platform.api import Api
    from chalicelib.policy.model import PolicyKind, Ruling
    from chalicelib.policy.service import Policies
    from chalicelib.reference.service import Reference


_apis: list[Api] = []


@cache
def table() -> Table:
    return Table(aws.dynamodb(), settings().table_name)


def cursor_key() -> bytes:
    return str(aws.secret(settings().desk_secret_id)["cursor_key"]).encode()


def mail_key() -> bytes:
    return str(aws.secret(settings().desk_secret_id)["mail_key"]).encode()


def answers() -> Answers:
    return Answers(wiring.table(), utc_now)


def desk_api(module: str, tag: str) -> Api:
    """The Api of one domain's routes."""
    from chalicelib.platform.api import Api

    def goes_on_in(account_id: str) -> str | None:
        return wiring.accounts().goes_on_in(account_id)

    _apis.append(Api(module, tag, ROLES, wiring.answers, wiring.cursor_key, goes_on_in))
    return _apis[-1]


def apis() -> tuple[Api, ...]:
    """The Apis made so far, by module: all of them once app.py is imported, whatever was imported before it."""
    return tuple(sorted(_apis, key=lambda api: api.module))


@cache
def reference() -> Reference:
    from chalicelib.reference.service import Reference

    return Reference(wiring.apis(), wiring.table(), settings().desk_stage)


@cache
def audit() -> Audit:
    from chalicelib.audit.service import Audit
    from chalicelib.audit.store import AuditStore

    return Audit(AuditStore(wiring.table()))


def policy_kinds() -> dict[str, PolicyKind[Any]]:
    """Every policy of the desk by name; each is declared by the domain that goes by it."""
    from chalicelib.accounts.holds_policy import HOLDS_POLICY
    from chalicelib.accounts.policy import DUPLICATES_POLICY, QUALITY_POLICY
    from chalicelib.approvals.model import APPROVAL_POLICY
    from chalicelib.cases.mail_policy import MAIL_POLICY
    from chalicelib.cases.routing import MAIL_ROUTING
    from chalicelib.collections.policy import COLLECTION_POLICY
    from chalicelib.education.policy import EDUCATION_POLICY
    from chalicelib.identity.policy import IDENTITY_POLICY
    from chalicelib.plans.policy import PLAN_POLICY
    from chalicelib.subscriptions.policy import CHANGE_POLICY
    from chalicelib.usage.policy import USAGE, WARNINGS

    kinds: list[PolicyKind[Any]] = [
        APPROVAL_POLICY,
        CHANGE_POLICY,
        DUPLICATES_POLICY,
        EDUCATION_POLICY,
        HOLDS_POLICY,
        COLLECTION_POLICY,
        MAIL_ROUTING,
        MAIL_POLICY,
        PLAN_POLICY,
        IDENTITY_POLICY,
        QUALITY_POLICY,
        USAGE,
        WARNINGS,
    ]
    return {kind.name: kind for kind in kinds}


@cache
def policies() -> Policies:
    from chalicelib.policy.service import Policies
    from chalicelib.policy.store import PolicyStore

    zone = ZoneInfo(settings().time_zone)
    return Policies(PolicyStore(wiring.table()), wiring.policy_kinds(), utc_now, new_ulid, wiring.today, zone)


def approval_deeds() -> dict[ApprovalAction, Deed]:
    """What can be asked for, and who does it."""
    from chalicelib.approvals.model import ApprovalAction
    from chalicelib.identity.refund_guard import GuardedRefund
    from chalicelib.payments.refund_deed import RefundDeed

    refund = GuardedRefund(RefundDeed(wiring.refunds()), wiring.refund_guard())
    return {ApprovalAction.REFUND: refund, ApprovalAction.PAYMENT_PLAN: wiring.plan_deed()}


@cache
def approvals() -> Approvals:
    from chalicelib.approvals.model import APPROVAL_POLICY
    from chalicelib.approvals.service import Approvals
    from chalicelib.approvals.store import ApprovalStore
    from chalicelib.platform.telemetry import count

    def rules(day: date) -> Ruling[ApprovalRules]:
        return wiring.policies().on(APPROVAL_POLICY, day)

    store = ApprovalStore(wiring.table())
    return Approvals(store, wiring.approval_deeds(), rules, utc_now, new_ulid, count)


def today() -> date:
    """The calendar day where the desk bills."""
    return utc_now().astimezone(ZoneInfo(settings().time_zone)).date()
