"""Use cases of approvals: ask, decide, and do what was approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.approvals.model import (
    Approval,
    ApprovalAction,
    ApprovalRules,
    ApprovalState,
    Asked,
    Deed,
)
from chalicelib.approvals.store import ApprovalStore
from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict, DeskError, NotFound, Unavailable
from chalicelib.policy.model import RulesOn


@dataclass(frozen=True)
class Approvals:
    """`deeds` are what can be asked for; `count` adds one to a metric."""

    store: ApprovalStore
    deeds: Mapping[ApprovalAction, Deed]
    rules: RulesOn[ApprovalRules]
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def ask(self, asked: Asked, actor: Actor, check: Callable[[str], None] = lambda _: None) -> Approval:
        """Ask for a deed that could be done now. What preparing it costs, and one transaction of two writes.

        `check` is called with the account that it is about and raises when the caller may not ask. Raises NotFound,
        Conflict, Unprocessable as the deed itself does."""
        prepared, now = self.deeds[asked.action].prepare(asked), self.clock()
        check(prepared.account_id)
        ruling = self.rules(now)
        approval = Approval(
            **{**asked.model_dump(), **prepared.model_dump()}, approval_id=self.new_id("apr"), policy=ruling.version,
            asked_by=actor.subject, asked_by_name=actor.name, asked_at=now,
            expires_at=now + timedelta(hours=ruling.rules.open_hours),
        )  # fmt: skip
        self.store.add(approval, self._audit("asked", None, approval, actor))
        self.count("ApprovalsAsked")
        return approval

    def get(self, approval_id: str, *, consistent: bool = False) -> Approval:
        """Raises NotFound."""
        approval = self.store.get(approval_id, consistent=consistent)
        if approval is None:
            raise NotFound
        return approval

    def approve(self, approval: Approval, actor: Actor, note: str | None = None) -> Approval:
        """Approve it and do it; the approval as it stands afterwards.

        One that was approved and broken off before it was done is gone on with. Raises OwnRequest, Conflict, and
        Unavailable when it cannot be done now; what can never be done ends as `failed` with the reason as outcome."""
        if approval.state is not ApprovalState.APPROVED:
            new = approval.decided(ApprovalState.APPROVED, actor, self.clock(), note)
            self.store.change(approval, new, self._audit("approved", approval, new, actor))
            self.count("ApprovalsApproved")
            approval = new
        return self._done(approval, actor)

    def end(self, approval: Approval, state: ApprovalState, actor: Actor, note: str | None = None) -> Approval:
        """Refuse or withdraw it: nothing is done. One transaction. Raises OwnRequest, Forbidden, Conflict."""
        new = approval.decided(state, actor, self.clock(), note)
        self.store.change(approval, new, self._audit(state.value, approval, new, actor))
        self.count(f"Approvals{state.value.capitalize()}")
        return new

    def _done(self, approval: Approval, actor: Actor) -> Approval:
        try:
            new = approval.next(state=ApprovalState.DONE, outcome=self.deeds[approval.action].do(approval, actor))
        except Unavailable:
            raise
        except DeskError as error:
            new = approval.next(state=ApprovalState.FAILED, outcome=error.detail)
        try:
            self.store.change(approval, new, self._audit(new.state.value, approval, new, actor))
        except Conflict:
            return self.get(approval.approval_id, consistent=True)
        return new

    def _audit(self, what: str, old: Approval | None, new: Approval, actor: Actor) -> AuditEntry:
        before = old.model_dump(mode="json", exclude_none=True) if old else {}
        after = new.model_dump(mode="json", exclude_none=True)
        key = f"A#{new.account_id}"
        return entry(self.new_id("aud"), key, f"approval.{what}", actor, self.clock(), before, after)
