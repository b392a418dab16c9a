"""Which role may do what. A role is a Cognito group; the tables below are the only place that grants anything."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from chalicelib.platform.auth import Roles


class Permission(StrEnum):
    """One thing that a caller may do. For customers each is bounded to the own account."""

    ACCESS_LOG_READ = "access_log:read"
    ACCESS_RESET = "access:reset"
    ACCOUNT_CREATE = "account:create"
    ACCOUNT_MERGE = "account:merge"
    ACCOUNT_READ = "account:read"
    ACCOUNT_SEARCH = "account:search"
    ACCOUNT_UPDATE = "account:update"
    APPROVAL_ASK = "approval:ask"
    APPROVAL_DECIDE = "approval:decide"
    APPROVAL_READ = "approval:read"
    ATTACHMENT_RELEASE = "attachment:release"
    AUDIT_READ = "audit:read"
    CASE_CREATE = "case:create"
    CASE_READ = "case:read"
    CASE_REOPEN = "case:reopen"
    CASE_REPLY = "case:reply"
    CASE_WORK = "case:work"
    COLLECTION_READ = "collection:read"
    GUIDE_READ = "guide:read"
    GUIDE_SEND = "guide:send"
    HOLD_MANAGE = "hold:manage"
    HOLD_READ = "hold:read"
    INVOICE_READ = "invoice:read"
    KPI_READ = "kpi:read"
    LEDGER_CHECK = "ledger:check"
    OFFER_READ = "offer:read"
    OFFER_WRITE = "offer:write"
    PAYMENT_CREATE = "payment:create"
    PAYMENT_METHOD_MANAGE = "payment_method:manage"
    PAYMENT_METHOD_READ = "payment_method:read"
    PAYMENT_PLAN_MANAGE = "payment_plan:manage"
    PAYMENT_PLAN_READ = "payment_plan:read"
    PAYMENT_READ = "payment:read"
    POLICY_READ = "policy:read"
    POLICY_WRITE = "policy:write"
    PORTAL_OPEN = "portal:open"
    PREFERENCES_MANAGE = "preferences:manage"
    PREFERENCES_READ = "preferences:read"
    RECONCILIATION_RUN = "reconciliation:run"
    REFUND_CREATE = "refund:create"
    SUBSCRIPTION_CHANGE = "subscription:change"
    SUSPENSE_MATCH = "suspense:match"
    SUSPENSE_READ = "suspense:read"
    USAGE_READ = "usage:read"
    USAGE_RECORD = "usage:record"
    VERIFICATION_RUN = "verification:run"
    WORKSPACE_READ = "workspace:read"


_P = Permission
_CUSTOMER = frozenset(
    {
        _P.ACCESS_LOG_READ, _P.ACCOUNT_READ, _P.ACCOUNT_UPDATE, _P.CASE_CREATE, _P.CASE_READ, _P.CASE_REOPEN,
        _P.CASE_REPLY, _P.GUIDE_READ, _P.INVOICE_READ, _P.OFFER_READ, _P.PAYMENT_CREATE, _P.PAYMENT_METHOD_MANAGE,
        _P.PAYMENT_METHOD_READ, _P.PAYMENT_PLAN_MANAGE, _P.PAYMENT_PLAN_READ, _P.PAYMENT_READ, _P.PORTAL_OPEN,
        _P.PREFERENCES_MANAGE, _P.PREFERENCES_READ, _P.SUBSCRIPTION_CHANGE, _P.USAGE_READ, _P.VERIFICATION_RUN,
    }
)  # fmt: skip
_ADVISOR = _CUSTOMER | {
    _P.ACCESS_RESET, _P.ACCOUNT_CREATE, _P.ACCOUNT_SEARCH, _P.APPROVAL_ASK, _P.APPROVAL_READ, _P.CASE_WORK,
    _P.COLLECTION_READ, _P.GUIDE_SEND, _P.HOLD_MANAGE, _P.HOLD_READ, _P.KPI_READ, _P.POLICY_READ, _P.WORKSPACE_READ,
}  # fmt: skip
_SUPERVISOR = _ADVISOR | {
    _P.ACCOUNT_MERGE, _P.APPROVAL_DECIDE, _P.ATTACHMENT_RELEASE, _P.AUDIT_READ, _P.LEDGER_CHECK, _P.REFUND_CREATE,
    _P.SUSPENSE_READ,
}  # fmt: skip
_FINANCE = frozenset(
    {
        _P.ACCOUNT_READ, _P.ACCOUNT_SEARCH, _P.APPROVAL_ASK, _P.APPROVAL_DECIDE, _P.APPROVAL_READ, _P.AUDIT_READ,
        _P.CASE_READ, _P.COLLECTION_READ, _P.HOLD_READ, _P.INVOICE_READ, _P.KPI_READ, _P.LEDGER_CHECK, _P.OFFER_READ,
        _P.PAYMENT_METHOD_READ, _P.PAYMENT_PLAN_READ, _P.PAYMENT_READ, _P.POLICY_READ, _P.PREFERENCES_READ,
        _P.RECONCILIATION_RUN, _P.REFUND_CREATE, _P.SUSPENSE_MATCH, _P.SUSPENSE_READ, _P.USAGE_READ, _P.WORKSPACE_READ,
    }
)  # fmt: skip

ROLES: Final[Roles] = {
    "customer": frozenset(map(str, _CUSTOMER)),
    "advisor": frozenset(map(str, _ADVISOR)),
    "supervisor": frozenset(map(str, _SUPERVISOR)),
    "finance": frozenset(map(str, _FINANCE)),
    "admin": frozenset(map(str, Permission)),
}
