"""HTTP of the audit trail."""

from __future__ import annotations

from typing import Any

from chalicelib.audit.model import AuditEntry
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Items, Paged, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import audit, desk_api

api = desk_api(__name__, "audit")


class AuditView(View):
    """One change: the fields that differ, before and after."""

    entry_id: str
    action: str
    actor: str
    actor_name: str
    request_id: str
    at: Instant
    before: dict[str, Any]
    after: dict[str, Any]


def _view(entry: AuditEntry) -> AuditView:
    return AuditView.model_validate(entry.model_dump(exclude={"subject_key"}))


@api.operation(
    "GET", "/v1/accounts/{account_id}/audit", summary="Changes of an account", permission=Permission.AUDIT_READ,
    query=Paged, returns=AuditView,
)  # fmt: skip
def list_account_audit(request: Request[Empty, Paged]) -> Items[AuditView]:
    """Every change of the account with the fields before and after, newest first.

    Entries are never changed or removed.
    """
    entries, key = audit().of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([_view(entry) for entry in entries], key)


@api.operation(
    "GET", "/v1/cases/{case_id}/audit", summary="Changes of a case", permission=Permission.AUDIT_READ,
    query=Paged, returns=AuditView,
)  # fmt: skip
def list_case_audit(request: Request[Empty, Paged]) -> Items[AuditView]:
    """Every change of the case with the fields before and after, newest first."""
    entries, key = audit().of_case(request.path["case_id"], request.query.limit, request.start)
    return Items([_view(entry) for entry in entries], key)
