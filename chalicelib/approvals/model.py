"""Maker and checker: a deed that one person may not do alone is asked for by one and decided by another. Pure.

What is asked for is kept as it was asked, so that what is approved is what is done."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from pydantic import Field

from chalicelib.audit.model import Actor
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, Forbidden
from chalicelib.platform.fields import Line, Record, Version
from chalicelib.platform.money import Currency, Minor
from chalicelib.policy.model import PolicyKind, Rules


class ApprovalAction(StrEnum):
    """The deeds that can be asked for."""

    REFUND = "refund"
    PAYMENT_PLAN = "payment_plan"


class ApprovalState(StrEnum):
    """`approved` was decided and is being done, `done` was done, `failed` was approved and could not be done."""

    PENDING = "pending"
    APPROVED = "approved"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApprovalRules(Rules):
    """How long a request for approval stands."""

    open_hours: int = Field(default=72, ge=1, le=720, description="Hours after which nobody can approve it any more.")


APPROVAL_POLICY = PolicyKind("approvals", "How long a request for approval stands.", ApprovalRules())


class OwnRequest(Forbidden):
    """Who asked for something cannot be the one who approves it."""

    code, title = "own_request", "Somebody else has to decide this"


class ApprovalRequired(Forbidden):
    """The deed has to be asked for first: `POST /v1/approvals` with the `action` and `subject_id` it carries."""

    code, title = "approval_required", "This needs the approval of a second person"


class Asked(Record):
    """What somebody wants done: the action, the thing it is done to, and the action's own words."""

    action: ApprovalAction
    subject_id: str
    payload: dict[str, Any] = Field(default_factory=dict)
    reason: Line


class Prepared(Record):
    """What a deed is about, as the deed itself says: whose account, how much, and the payload as it will be done."""

    account_id: str
    payload: dict[str, Any]
    amount_minor: Minor | None = None
    currency: Currency | None = None
    permission: str = Field(description="What the one who approves must be allowed to do.")


class Approval(Record):
    """A request, and what was decided of it. `policy` is the version of the rule that the expiry goes by."""

    approval_id: str
    account_id: str
    action: ApprovalAction
    subject_id: str
    payload: dict[str, Any]
    reason: Line
    amount_minor: Minor | None = None
    currency: Currency | None = None
    permission: str
    policy: str
    asked_by: str
    asked_by_name: str
    asked_at: Instant
    expires_at: Instant
    state: ApprovalState = ApprovalState.PENDING
    decided_by: str | None = None
    decided_by_name: str | None = None
    decided_at: Instant | None = None
    note: Line | None = None
    outcome: str | None = None
    version: Version = 1

    def decided(self, decision: ApprovalState, actor: Actor, now: datetime, note: str | None) -> Approval:
        """After somebody approved, refused or withdrew it. Raises OwnRequest, Conflict when it was decided before or
        stood too long."""
        if self.state is not ApprovalState.PENDING:
            raise Conflict("This request has been decided.", state=self.state)
        if decision is ApprovalState.APPROVED and now >= self.expires_at:
            raise Conflict("This request stood too long; ask again.", reason="approval_expired")
        if decision is not ApprovalState.WITHDRAWN and actor.subject == self.asked_by:
            raise OwnRequest("You asked for this; another person decides it.")
        if decision is ApprovalState.WITHDRAWN and actor.subject != self.asked_by:
            raise Forbidden("Only who asked can withdraw a request.")
        by = {"decided_by": actor.subject, "decided_by_name": actor.name, "decided_at": now, "note": note}
        return self.next(state=decision, **by)

    def next(self, **changes: Any) -> Approval:
        """The next version."""
        return self.model_copy(update={**changes, "version": self.version + 1})


class Deed(Protocol):
    """Something that can be asked for; its domain says how it is prepared and done."""

    def prepare(self, asked: Asked) -> Prepared:
        """Whether it could be done now. Raises NotFound, Conflict, Unprocessable."""
        ...

    def do(self, approval: Approval, actor: Actor) -> str:
        """Do it, once for each approval id however often it is called; the id of what came of it. Raises DeskError."""
        ...
