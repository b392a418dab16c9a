"""Use cases of verification: send a code or ask questions, and hear the answer.

An answer is told only when it was written down in the version of the state that was read, so that of any number of
guesses at once no more are looked at than the policy allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.accounts.letters import Letter, LetterChannel, Post, Purpose
from chalicelib.accounts.service import Accounts
from chalicelib.audit.model import Actor
from chalicelib.identity.access_log import Accessed, Doer
from chalicelib.identity.answers import KeptAnswers
from chalicelib.identity.model import IdentityState, Method, VerificationFailed
from chalicelib.identity.policy import IdentityRules, Who
from chalicelib.identity.proofs import Proof
from chalicelib.identity.record import recorded
from chalicelib.identity.store import IdentityStore, StateMoved, asked_update, passed_update, verification_put
from chalicelib.identity.verification import CODE_LETTER, Verification, addressed, is_code
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import Conflict, NotFound, Unavailable
from chalicelib.policy.model import RulesOn

_ROUNDS: Final = 30
"""How often a decision is made anew when others came first; more than all tries that an account can have."""


@dataclass(frozen=True)
class Given:
    """What the customer answered: the digits of a code, or answers by question."""

    code: str | None = None
    answers: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Verifications:
    """`key` makes the codes and keys the answers; `choose` draws so many of the questions; `proven` is told the
    account, the address and how, when a code came back from it; `count` adds one to a metric."""

    store: IdentityStore
    accounts: Accounts
    post: Post
    rules: RulesOn[IdentityRules]
    clock: Clock
    new_id: NewId
    key: Callable[[], bytes]
    choose: Callable[[Sequence[str], int], list[str]]
    proven: Callable[[str, str, str, Actor], object]
    count: Callable[[str], None]

    def state(self, account_id: str) -> tuple[IdentityState, IdentityRules]:
        """What is known of the account now, and the rules of today. One consistent read."""
        return self.store.state(account_id), self.rules(self.clock()).rules

    def send_code(self, account_id: str, channel: LetterChannel, contact: str | None, doer: Doer) -> Verification:
        """Send a code to an address of the account, its first one when none is named. Two reads, a transaction, a
        letter.

        To an address that is not the account's nothing is sent, and the answer is the same. Raises NotFound, Conflict
        without an address of this kind, VerificationLocked, TooMany, Unavailable."""
        address, known = addressed(self.accounts.get(account_id), channel, contact)
        begun = self._begin(account_id, Method.ONE_TIME_CODE, doer, channel=channel, address=address, known=known)
        if known:
            minutes = int((begun.ends_at - begun.started_at).total_seconds()) // 60
            self.post.send(
                Letter(
                    name=CODE_LETTER, object_id=begun.verification_id, account_id=account_id, at=begun.started_at,
                    purpose=Purpose.SECURITY, channel=channel, to=address, facts={"minutes": minutes}, secret=True,
                )
            )  # fmt: skip
        return begun

    def ask(self, account_id: str, doer: Doer) -> Verification:
        """Ask the security questions. Two reads, a transaction. Raises Conflict when no answers are set,
        VerificationLocked, TooMany."""
        kept = self.store.answers(account_id)
        if kept is None:
            raise Conflict("The customer has set no security answers.", reason="no_answers")
        return self._begin(account_id, Method.SECURITY_ANSWERS, doer, questions=kept.asked)

    def answer(self, account_id: str, verification_id: str, given: Given, doer: Doer) -> tuple[Verification, Proof]:
        """Hear the answer: the verification as it was answered, and what that proves. At least two reads, a
        transaction.

        Raises NotFound (also for whom it was not started), Conflict when it is over or another kind was asked,
        VerificationFailed, VerificationLocked, Unavailable."""
        begun = self._open(account_id, verification_id, doer)
        kept = self.store.answers(account_id) if begun.method is Method.SECURITY_ANSWERS else None
        right = self._is_right(begun, kept, given)
        for _ in range(_ROUNDS):
            state, now = self.store.state(account_id), self.clock()
            begun.refuse_done(now)
            state.refuse_locked(now)
            try:
                proof = self._told(begun, state, kept, doer, now, right=right)
            except StateMoved:
                begun = self._open(account_id, verification_id, doer)
                continue
            self._mark(begun, doer)
            return begun, proof
        raise Unavailable("Others are being verified for this account; try again.")

    def _begin(self, account_id: str, method: Method, doer: Doer, **asked: object) -> Verification:
        for _ in range(_ROUNDS):
            now, state = self.clock(), self.store.state(account_id)
            ruling = self.rules(now)
            started = state.started(ruling.rules, now)
            if doer.who is Who.CUSTOMER:
                started = started.bound(doer.actor.name).model_copy(update={"version": started.version})
            begun = Verification(
                verification_id=self.new_id("ver"), account_id=account_id, method=method,
                started_by=doer.actor.subject, started_at=now, policy=ruling.version,
                ends_at=now + timedelta(minutes=ruling.rules.code_minutes), **asked,
            )  # fmt: skip
            try:
                self.store.move(state, started, verification_put(begun), *self._noted(begun, doer, now, "started"))
            except StateMoved:
                continue
            self.count("VerificationsStarted")
            return begun
        raise Unavailable("Others are being verified for this account; try again.")

    def _open(self, account_id: str, verification_id: str, doer: Doer) -> Verification:
        begun = self.store.verification(account_id, verification_id)
        if begun is None or begun.started_by != doer.actor.subject:
            raise NotFound
        begun.refuse_done(self.clock())
        return begun

    def _is_right(self, begun: Verification, kept: KeptAnswers | None, given: Given) -> bool:
        if begun.method is Method.ONE_TIME_CODE and given.code is not None:
            return is_code(self.key(), begun, given.code)
        if begun.method is Method.SECURITY_ANSWERS and given.answers is not None:
            asked = kept is not None and kept.asked == begun.questions
            return asked and kept is not None and kept.are_right(given.answers, self.key())
        raise Conflict("This verification asks for something else.", reason="other_method")

    def _told(
        self,
        begun: Verification,
        state: IdentityState,
        kept: KeptAnswers | None,
        doer: Doer,
        now: datetime,
        *,
        right: bool,
    ) -> Proof:
        """Write down what the answer was, then say it. Raises StateMoved, VerificationFailed, VerificationLocked."""
        rules = self.rules(now).rules
        proof = self._proof(begun, state, rules, now)
        if not right:
            raise self._wrong(begun, state, state.failed(proof.way, rules, now), rules, doer, now)
        writes: list[Write] = [passed_update(begun), *self._noted(begun, doer, now, "passed")]
        if kept:
            asked = self.choose([answer.question for answer in kept.answers], len(kept.asked))
            writes.append(asked_update(begun.account_id, asked, kept.set_at))
        self.store.move(state, state.passed(proof, now), *writes)
        self.count("VerificationsPassed")
        return proof

    def _wrong(
        self, begun: Verification, state: IdentityState, failed: IdentityState, rules: IdentityRules, doer: Doer,
        now: datetime,
    ) -> VerificationFailed:  # fmt: skip
        """Count a wrong answer. Raises StateMoved, VerificationLocked when it was the last one allowed."""
        outcome = "locked" if failed.lock(now) else "failed"
        self.store.move(state, failed, *self._noted(begun, doer, now, outcome))
        self.count(f"Verifications{outcome.capitalize()}")
        failed.refuse_locked(now)
        return VerificationFailed("That is not the right answer.", tries_left=rules.tries - failed.tries)

    def _proof(self, begun: Verification, state: IdentityState, rules: IdentityRules, now: datetime) -> Proof:
        if begun.channel and begun.address:
            return state.code_proof(begun.started_by, begun.channel, begun.address, rules, now)
        return state.answers_proof(begun.started_by, rules, now)

    def _mark(self, begun: Verification, doer: Doer) -> None:
        """Whoever read the code holds the address. What is proven stays so when this cannot be noted just now."""
        if begun.address:
            with suppress(NotFound, Conflict, Unavailable):
                self.proven(begun.account_id, begun.address, begun.method.value, doer.actor)

    def _noted(self, begun: Verification, doer: Doer, now: datetime, outcome: str) -> list[Write]:
        detail = {
            "verification_id": begun.verification_id, "method": begun.method.value,
            "channel": begun.channel.value if begun.channel else None, "destination": begun.destination,
            "policy": begun.policy,
        }  # fmt: skip
        what = Accessed(f"verification_{outcome}")
        return recorded(self.new_id, begun.account_id, what, doer, now, detail)
