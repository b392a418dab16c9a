"""What stands against giving money back while somebody may be taking the account over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.approvals.model import Approval, ApprovalAction, ApprovalRequired, Asked, Deed, Prepared
from chalicelib.audit.model import Actor
from chalicelib.identity.model import IdentityState
from chalicelib.identity.policy import IdentityRules
from chalicelib.identity.store import IdentityStore
from chalicelib.platform.clock import Clock, format_instant
from chalicelib.platform.errors import Conflict
from chalicelib.policy.model import RulesOn


class RefundHeld(Conflict):
    """The customer's SIM card was changed lately, so a thief may be speaking; carries `until`."""

    code, title = "refund_held", "Nothing is refunded just after a SIM card was changed"


@dataclass(frozen=True)
class RefundGuard:
    """What stands against giving money back while somebody may be taking the account over."""

    store: IdentityStore
    rules: RulesOn[IdentityRules]
    clock: Clock

    def check(self, account_id: str, payment_id: str) -> None:
        """For one person alone. One consistent read. Raises RefundHeld, ApprovalRequired."""
        now, state = self.clock(), self.store.state(account_id)
        rules = self.rules(now).rules
        _refuse_held(state, rules, now)
        cooling = state.cooling_until(rules, now)
        if cooling:
            raise ApprovalRequired(
                "The customer's mail or phone was changed lately, so a second person has to approve this.",
                action=ApprovalAction.REFUND.value, subject_id=payment_id, until=format_instant(cooling),
                how="POST /v1/approvals",
            )  # fmt: skip

    def refuse_held(self, account_id: str) -> None:
        """For any number of people. One consistent read. Raises RefundHeld."""
        now = self.clock()
        _refuse_held(self.store.state(account_id), self.rules(now).rules, now)


@dataclass(frozen=True)
class GuardedRefund:
    """A refund that two people agree on is held after a change of SIM card as well: both may have heard the thief."""

    refund: Deed
    guard: RefundGuard

    def prepare(self, asked: Asked) -> Prepared:
        prepared = self.refund.prepare(asked)
        self.guard.refuse_held(prepared.account_id)
        return prepared

    def do(self, approval: Approval, actor: Actor) -> str:
        self.guard.refuse_held(approval.account_id)
        return self.refund.do(approval, actor)


def _refuse_held(state: IdentityState, rules: IdentityRules, now: datetime) -> None:
    until = state.sim_swap_until(rules, now)
    if until:
        raise RefundHeld("The customer's SIM card was changed lately.", until=format_instant(until))
