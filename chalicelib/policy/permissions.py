"""Which role may do what. A role is a Cognito group; the tables below are the only place that grants anything."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from chalicelib.platform.auth import Roles


class Permission(StrEnum):
    """One thing that a caller may do. For customers each is bounded to the own account."""

    ACCOUNT_CREATE = "account:create"
    ACCOUNT_READ = "account:read"
    ACCOUNT_SEARCH = "account:search"
    ACCOUNT_UPDATE = "account:update"
    AUDIT_READ = "audit:read"
    CASE_CREATE = "case:create"
    CASE_READ = "case:read"
    CASE_REOPEN = "case:reopen"
    CASE_REPLY = "case:reply"
    CASE_WORK = "case:work"
    INVOICE_READ = "invoice:read"
    KPI_READ = "kpi:read"
    LEDGER_CHECK = "ledger:check"
    PAYMENT_CREATE = "payment:create"
    PAYMENT_METHOD_MANAGE = "payment_method:manage"
    PAYMENT_METHOD_READ = "payment_method:read"
    PAYMENT_READ = "payment:read"
    RECONCILIATION_RUN = "reconciliation:run"
    REFUND_CREATE = "refund:create"
    SUSPENSE_MATCH = "suspense:match"
    SUSPENSE_READ = "suspense:read"


_P = Permission
_CUSTOMER = frozenset(
    {
        _P.ACCOUNT_READ, _P.ACCOUNT_UPDATE, _P.CASE_CREATE, _P.CASE_READ, _P.CASE_REOPEN, _P.CASE_REPLY,
        _P.INVOICE_READ, _P.PAYMENT_CREATE, _P.PAYMENT_METHOD_MANAGE, _P.PAYMENT_METHOD_READ, _P.PAYMENT_READ,
    }
)  # fmt: skip
_ADVISOR = _CUSTOMER | {_P.ACCOUNT_CREATE, _P.ACCOUNT_SEARCH, _P.CASE_WORK, _P.KPI_READ}
_SUPERVISOR = _ADVISOR | {_P.AUDIT_READ, _P.LEDGER_CHECK, _P.REFUND_CREATE, _P.SUSPENSE_READ}
_FINANCE = frozenset(
    {
        _P.ACCOUNT_READ, _P.ACCOUNT_SEARCH, _P.AUDIT_READ, _P.CASE_READ, _P.INVOICE_READ, _P.KPI_READ, _P.LEDGER_CHECK,
        _P.PAYMENT_METHOD_READ, _P.PAYMENT_READ, _P.RECONCILIATION_RUN, _P.REFUND_CREATE, _P.SUSPENSE_MATCH,
        _P.SUSPENSE_READ,
    }
)  # fmt: skip

ROLES: Final[Roles] = {
    "customer": frozenset(map(str, _CUSTOMER)),
    "advisor": frozenset(map(str, _ADVISOR)),
    "supervisor": frozenset(map(str, _SUPERVISOR)),
    "finance": frozenset(map(str, _FINANCE)),
    "admin": frozenset(map(str, Permission)),
}
