"""Whether somebody may do a deed for a customer who is identified so well.

The rules are policy: which deed asks for which level and for how many independent proofs, of customers themselves, of
staff and of the back office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.accounts.assurance import Action, Level, StepUpRequired
from chalicelib.approvals.model import ApprovalAction
from chalicelib.audit.model import Actor
from chalicelib.identity.access_log import Accessed, AccessLog, Doer
from chalicelib.identity.model import IdentityState, Standing
from chalicelib.identity.policy import IdentityRules, Need, Who, who_is
from chalicelib.identity.record import access_entry
from chalicelib.identity.store import IdentityStore
from chalicelib.platform.auth import Caller
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Unauthenticated
from chalicelib.policy.model import RulesOn

_NOTHING = Need()
OF_APPROVAL: Final = {
    ApprovalAction.REFUND: Action.REFUND, ApprovalAction.PAYMENT_PLAN: Action.MAKE_PAYMENT_PLAN,
}  # fmt: skip
"""The deed that is done when something is approved: to ask for it takes the proof that doing it does."""


@dataclass(frozen=True)
class StepUps:
    """`count` adds one to a metric."""

    store: IdentityStore
    log: AccessLog
    rules: RulesOn[IdentityRules]
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def require(self, caller: Caller, account_id: str, action: Action) -> Level:
        """The level at which this caller acts for the account. One consistent read, none where the deed asks for
        nothing; a refusal is one write more.

        Raises StepUpRequired, and Unauthenticated when a reset has ended the customer's session."""
        now, who = self.clock(), who_is(caller)
        need = self.rules(now).rules.need(action, who)
        if need == _NOTHING:
            return Level.KNOWLEDGE if who is Who.CUSTOMER else Level.NONE
        standing = self.standing(caller, self.store.state(account_id), now)
        if not standing.meets(need):
            self._refuse(caller, who, account_id, action, need, standing, now)
        return standing.level

    def standing(self, caller: Caller, state: IdentityState, now: datetime) -> Standing:
        """How well the customer is identified to the caller. Raises Unauthenticated."""
        signed_in = not caller.is_staff
        if signed_in and state.ended(caller.signed_in_at):
            raise Unauthenticated("This session was ended; sign in again.")
        return state.standing(caller.subject, now, signed_in=signed_in)

    def _refuse(
        self, caller: Caller, who: Who, account_id: str, action: Action, need: Need, standing: Standing, now: datetime
    ) -> None:
        detail = {"action": action.value, "required_level": need.level.value, "present_level": standing.level.value}
        doer = Doer(Actor(caller.subject, caller.name), who)
        self.log.add(access_entry(self.new_id, account_id, Accessed.STEP_UP_REFUSED, doer, now, detail))
        self.count("StepUpsRefused")
        raise StepUpRequired(
            "Verify the customer first; when that was done already, by another proof as well.",
            **detail, required_proofs=need.proofs, present_proofs=standing.proofs,
            how=f"POST /v1/accounts/{account_id}/verifications",
        )  # fmt: skip
