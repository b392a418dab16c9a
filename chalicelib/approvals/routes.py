"""HTTP of approvals."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from pydantic import Field

from chalicelib.approvals.model import Approval, ApprovalAction, ApprovalState, Asked
from chalicelib.audit.http import actor_of
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from chalicelib.platform.fields import Input, Line, Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import approvals, desk_api, refuse_unproven

api = desk_api(__name__, "approvals")


class NewApproval(Input):
    """A deed that needs a second person."""

    action: ApprovalAction = Field(description="The deed.")
    subject_id: str = Field(max_length=80, description="What it is done to: for a refund, the payment.")
    payload: dict[str, Any] = Field(
        default_factory=dict, description="How it is done, in the words of the action: for a refund `amount`, `reason`."
    )
    reason: Line = Field(description="Why it is to be done, for the one who decides.")


class Decision(Input):
    """What a second person says to it."""

    decision: Literal["approve", "refuse"] = Field(description="Whether it is to be done.")
    note: Line | None = Field(default=None, description="For the one who asked.")


class ApprovalView(View):
    """A request for approval, and what became of it."""

    approval_id: str
    account_id: str
    action: ApprovalAction = Field(description="The deed.")
    subject_id: str = Field(description="What it is done to.")
    payload: dict[str, Any] = Field(description="How it is done, as it was asked.")
    reason: str
    amount: Money | None = Field(description="What it is about, when that is money.")
    state: ApprovalState = Field(description="`approved` is being done, `failed` could not be done.")
    asked_by_name: str = Field(description="User name of who asked.")
    asked_at: Instant
    expires_at: Instant = Field(description="Until when it can be approved.")
    decided_by_name: str | None = Field(description="User name of who decided.")
    decided_at: Instant | None
    note: str | None
    outcome: str | None = Field(description="The id of what came of it, or why it could not be done.")
    policy: str = Field(description="The version of the policy that it stands by.")
    version: Version


def _view(approval: Approval) -> ApprovalView:
    plain = approval.model_dump(include=set(ApprovalView.model_fields))
    money = approval.amount_minor is not None and approval.currency is not None
    amount = Money(amount_minor=approval.amount_minor or 0, currency=approval.currency or "GBP") if money else None
    return ApprovalView(**plain, amount=amount)


def _reply(approval: Approval) -> Reply[ApprovalView]:
    return Reply(_view(approval), approval.version, f"/v1/approvals/{approval.approval_id}")


@api.operation(
    "POST", "/v1/approvals", summary="Ask for approval", permission=Permission.APPROVAL_ASK, body=NewApproval,
    returns=ApprovalView, status=201, errors=(NotFound, Conflict, Unprocessable), versioned=True,
    idempotency="optional",
)  # fmt: skip
def ask_approval(request: Request[NewApproval, Empty]) -> Reply[ApprovalView]:
    """Asks a second person for a deed that could be done now; it is done when they approve it, exactly as asked.

    Where policy asks for a verified customer before the deed, so it does here: 403 `step_up_required`.
    """
    asked, check = Asked(**request.body.model_dump()), partial(refuse_unproven, request.caller, request.body.action)
    return _reply(approvals().ask(asked, actor_of(request), check))


@api.operation(
    "GET", "/v1/approvals", summary="What waits for approval", permission=Permission.APPROVAL_READ, query=Paged,
    returns=ApprovalView,
)  # fmt: skip
def list_approvals(request: Request[Empty, Paged]) -> Items[ApprovalView]:
    """Everything that nobody has decided yet, or that was approved and broke off before it was done, oldest first.

    What stands here as `approved` is gone on with by approving it once more.
    """
    found, key = approvals().store.pending(request.query.limit, request.start)
    return Items([_view(each) for each in found], key)


@api.operation(
    "GET", "/v1/accounts/{account_id}/approvals", summary="Approvals of an account",
    permission=Permission.APPROVAL_READ, query=Paged, returns=ApprovalView,
)  # fmt: skip
def list_account_approvals(request: Request[Empty, Paged]) -> Items[ApprovalView]:
    """Requests of every state, newest first."""
    found, key = approvals().store.of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([_view(each) for each in found], key)


@api.operation(
    "GET", "/v1/approvals/{approval_id}", summary="Read an approval", permission=Permission.APPROVAL_READ,
    returns=ApprovalView, errors=(NotFound,), versioned=True,
)  # fmt: skip
def read_approval(request: Request[Empty, Empty]) -> Reply[ApprovalView]:
    """One request as it stands now."""
    return _reply(approvals().get(request.path["approval_id"]))


@api.operation(
    "POST", "/v1/approvals/{approval_id}/decisions", summary="Approve or refuse",
    permission=Permission.APPROVAL_DECIDE, body=Decision, returns=ApprovalView, errors=(NotFound, Conflict),
    versioned=True,
)  # fmt: skip
def decide_approval(request: Request[Decision, Empty]) -> Reply[ApprovalView]:
    """Approving does it at once, and needs the right to the deed itself. Nobody decides what they asked for.

    An answer of 503 leaves it approved: send the same again.
    """
    approval, actor = approvals().get(request.path["approval_id"], consistent=True), actor_of(request)
    request.caller.require(approval.permission)
    if request.body.decision == "approve":
        return _reply(approvals().approve(approval, actor, request.body.note))
    return _reply(approvals().end(approval, ApprovalState.REFUSED, actor, request.body.note))


@api.operation(
    "POST", "/v1/approvals/{approval_id}/withdrawals", summary="Withdraw a request",
    permission=Permission.APPROVAL_ASK, returns=ApprovalView, errors=(NotFound, Conflict), versioned=True,
)  # fmt: skip
def withdraw_approval(request: Request[Empty, Empty]) -> Reply[ApprovalView]:
    """Who asked takes it back before anybody decided."""
    approval = approvals().get(request.path["approval_id"], consistent=True)
    return _reply(approvals().end(approval, ApprovalState.WITHDRAWN, actor_of(request)))
