"""Use cases of access: say which step of signing in fails, and let customers in again without anybody seeing a secret.

The wish is written down before the user pool is asked: one that failed stands in the trail, none goes without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.accounts.contact import Role
from chalicelib.accounts.letters import Letter, Post, Purpose
from chalicelib.accounts.model import Account
from chalicelib.accounts.service import Accounts
from chalicelib.identity.access_log import Accessed, Doer
from chalicelib.identity.model import IdentityState
from chalicelib.identity.proofs import ProofKind, address_digest
from chalicelib.identity.record import recorded
from chalicelib.identity.sign_in import Failing, SignIn, SignIns, SignInStatus, failing_step
from chalicelib.identity.store import IdentityStore, StateMoved
from chalicelib.identity.verification import masked
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict, FieldError, Unavailable, Unprocessable

_ROUNDS = 10


class ResetKind(StrEnum):
    """What is made new."""

    PASSWORD = "password"  # noqa: S105 - a kind, not a password
    SIGN_IN_ADDRESS = "sign_in_address"
    ALL_SESSIONS = "all_sessions"


@dataclass(frozen=True)
class Reset:
    """What was done. `invited` when there was no sign-in, or its invitation was still open; `sent_to` is masked."""

    reset_id: str
    kind: ResetKind
    at: datetime
    invited: bool
    sent_to: str | None


@dataclass(frozen=True)
class AccessResets:
    """`count` adds one to a metric."""

    store: IdentityStore
    accounts: Accounts
    sign_ins: SignIns
    post: Post
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def failing(self, account_id: str) -> Failing:
        """Which step of signing in fails. Two reads, one call for each sign-in. Raises NotFound, Refused,
        Unavailable."""
        self.accounts.get(account_id)
        return failing_step(self._own(account_id, self.store.state(account_id)))

    def reset(self, account_id: str, kind: ResetKind, email: str | None, doer: Doer) -> Reset:
        """Make it new, end every session, and tell the customer. Two reads, a transaction, up to three calls for each
        sign-in, a letter.

        Who has no sign-in yet is invited. Raises NotFound, Conflict, Unprocessable, Refused, Unavailable."""
        account = self.accounts.get(account_id)
        state = self.store.state(account_id)
        own = self._own(account_id, state)
        target = self._address(account, kind, email, own, state, doer) if _needs_address(kind, own) else None
        _refuse(kind, own)
        reset = Reset(
            self.new_id("rst"), kind, self.clock(), invited=not own or _waits(kind, own),
            sent_to=masked(target) if target else next((masked(each.email) for each in own if each.email), None),
        )  # fmt: skip
        self._write_down(account_id, reset, doer, None if own else _user_name(account_id))
        self._carry_out(account_id, reset.kind, own, target)
        self._tell(account, reset, own)
        self.count("AccessResets")
        return reset

    def _own(self, account_id: str, state: IdentityState) -> list[SignIn]:
        """The sign-ins that are bound to the account, as the pool says."""
        found = [self.sign_ins.find(name) for name in state.users]
        return [each for each in found if each and each.account_id == account_id]

    def _address(
        self,
        account: Account,
        kind: ResetKind,
        email: str | None,
        own: Sequence[SignIn],
        state: IdentityState,
        doer: Doer,
    ) -> str:
        """The mail that a sign-in is to have: one of the account, and just proven to whoever asks by a code to it."""
        if kind is ResetKind.SIGN_IN_ADDRESS and email is None:
            raise Unprocessable("Say which mail address.", [FieldError("/email", "is needed for this kind")])
        target = email or next(iter(account.emails), None)
        if target is None:
            raise Conflict("The account has no mail address to invite.", reason="no_address")
        if target not in account.emails:
            raise Unprocessable("This is no mail of the account.", [FieldError("/email", "is not on the account")])
        self._refuse_unproven(state, doer, target)
        if len(own) > 1:
            raise Conflict(
                "The account has several sign-ins; their owners change their own.", reason="several_sign_ins"
            )
        return target

    def _refuse_unproven(self, state: IdentityState, doer: Doer, address: str) -> None:
        now, shown = self.clock(), (doer.actor.subject, ProofKind.MAIL_CODE, address_digest(address))
        held = {(proof.by, proof.kind, proof.contact) for proof in state.proofs if proof.until > now}
        if shown not in held:
            raise Conflict("Send a code to this address first; its owner has to read it.", reason="address_unproven")

    def _write_down(self, account_id: str, reset: Reset, doer: Doer, invited: str | None) -> None:
        detail = {"reset_id": reset.reset_id, "kind": reset.kind.value, "sent_to": reset.sent_to}
        noted = recorded(self.new_id, account_id, Accessed.ACCESS_RESET, doer, reset.at, detail)
        for _ in range(_ROUNDS):
            state = self.store.state(account_id)
            moved = state.reset(doer.actor.subject, reset.at)
            if invited:
                moved = moved.bound(invited).model_copy(update={"version": moved.version})
            try:
                self.store.move(state, moved, *noted)
            except StateMoved:
                continue
            return
        raise Unavailable("The account is being changed by others; try again.")

    def _carry_out(self, account_id: str, kind: ResetKind, own: Sequence[SignIn], target: str | None) -> None:
        if not own and target:
            self.sign_ins.invite(_user_name(account_id), account_id, target)
        for sign_in in own:
            if target:
                self.sign_ins.set_address(sign_in.user_name, target)
            if kind is not ResetKind.ALL_SESSIONS:
                self._renew_password(account_id, sign_in, target or sign_in.email or "")
            self.sign_ins.end_sessions(sign_in.user_name)

    def _renew_password(self, account_id: str, sign_in: SignIn, email: str) -> None:
        """With another address too: whoever read the old one may have chosen the password, or hold the invitation."""
        if sign_in.status is SignInStatus.INVITED:
            self.sign_ins.invite(sign_in.user_name, account_id, email)
        elif sign_in.is_enabled:
            self.sign_ins.reset_password(sign_in.user_name)

    def _tell(self, account: Account, reset: Reset, own: Sequence[SignIn]) -> None:
        """To the account's mail for security and to the addresses that were signed in with until now."""
        first = account.mail_for(Role.SECURITY)
        told = list(dict.fromkeys(each for each in (first, *(sign_in.email for sign_in in own)) if each))
        if told:
            self.post.send(
                Letter(
                    name="identity/access_reset", object_id=reset.reset_id, account_id=account.account_id, at=reset.at,
                    purpose=Purpose.SECURITY, to=told[0], also=tuple(told[1:]),
                    facts={"kind": reset.kind.value, "invited": int(reset.invited)},
                )
            )  # fmt: skip


def _needs_address(kind: ResetKind, own: Sequence[SignIn]) -> bool:
    return kind is ResetKind.SIGN_IN_ADDRESS or (kind is ResetKind.PASSWORD and not own)


def _refuse(kind: ResetKind, own: Sequence[SignIn]) -> None:
    """Raises Conflict for what cannot be done to these sign-ins."""
    if not own and kind is ResetKind.ALL_SESSIONS:
        raise Conflict("The customer has no sign-in.", reason="no_sign_in")
    if own and not any(each.is_enabled for each in own):
        raise Conflict("The sign-in is switched off; a supervisor has to look at why.", reason="disabled")


def _waits(kind: ResetKind, own: Sequence[SignIn]) -> bool:
    """Whether an invitation is sent again, for none of them was used."""
    return kind is not ResetKind.ALL_SESSIONS and all(each.status is SignInStatus.INVITED for each in own)


def _user_name(account_id: str) -> str:
    """Of the first sign-in of an account. No mail address: in the pool those are aliases."""
    return f"customer.{account_id.lower()}"
