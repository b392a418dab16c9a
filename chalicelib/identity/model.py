"""What the desk knows of how well a customer is identified: proofs that still hold, wrong answers, locks, and what was
changed too lately to be trusted. Pure.

A proof belongs to whoever was given it: what the customer told one advisor lets no other one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.accounts.assurance import Level
from chalicelib.accounts.letters import LetterChannel
from chalicelib.identity.policy import IdentityRules, Need
from chalicelib.identity.proofs import CODE_BY, Proof, ProofKind, address_digest
from chalicelib.platform.clock import Instant, format_instant
from chalicelib.platform.errors import TooMany, Unprocessable
from chalicelib.platform.fields import Record

_MOST_PROOFS: Final = 4
"""The state is part of the account's summary, which is read whole."""
_MOST_USERS: Final = 10
_MOST_WAYS: Final = 2
"""No single right answer makes up for wrong ones by two ways, so more need not be known."""
_FRESH_KEPT: Final = timedelta(days=30)
"""The longest cooling that can be set."""


class Method(StrEnum):
    """How a customer is verified."""

    ONE_TIME_CODE = "one_time_code"
    SECURITY_ANSWERS = "security_answers"


class VerificationLocked(TooMany):
    """Too many wrong answers: nobody can be verified for this account until `locked_until`."""

    code, title = "verification_locked", "Verification is locked for a while"


class VerificationFailed(Unprocessable):
    """The answer is wrong; `tries_left` says how many more the account has."""

    code, title = "verification_failed", "This is not the right answer"


@dataclass(frozen=True)
class Standing:
    """How well the customer is identified to somebody: the best level, and how many independent proofs there are."""

    level: Level = Level.NONE
    proofs: int = 0
    until: datetime | None = None

    def meets(self, need: Need) -> bool:
        return self.level.rank >= need.level.rank and self.proofs >= need.proofs


class IdentityState(Record):
    """Of one account. `fresh` holds the digests of addresses added by a change, and when; `users` the user names of
    its sign-ins; tokens of sessions begun before `revoked_at` are refused where something is protected; `tried` are the
    ways of proof that the wrong answers were given to."""

    account_id: str
    proofs: tuple[Proof, ...] = ()
    starts: tuple[Instant, ...] = ()
    tries: int = 0
    tried_at: Instant | None = None
    tried: tuple[str, ...] = ()
    locks: int = 0
    locked_until: Instant | None = None
    contact_changed_at: Instant | None = None
    sim_swapped_at: Instant | None = None
    answers_set_at: Instant | None = None
    revoked_at: Instant | None = None
    users: tuple[str, ...] = ()
    fresh: dict[str, Instant] = Field(default_factory=dict)
    version: int = 0

    def standing(self, subject: str, now: datetime, *, signed_in: bool) -> Standing:
        """How well the customer is identified to this caller."""
        held = [proof for proof in self.proofs if proof.by == subject and proof.until > now]
        kinds = {proof.kind for proof in held if proof.counts} | ({ProofKind.SIGN_IN} if signed_in else set())
        levels = [proof.level for proof in held] + ([Level.KNOWLEDGE] if signed_in else [])
        best = max(levels, key=lambda level: level.rank, default=Level.NONE)
        return Standing(best, len(kinds), max((proof.until for proof in held), default=None))

    def ended(self, signed_in_at: int | None) -> bool:
        """Whether a session begun then (epoch seconds) was ended by a reset since. One that does not say is."""
        if self.revoked_at is None:
            return False
        return signed_in_at is None or signed_in_at < int(self.revoked_at.timestamp())

    def lock(self, now: datetime) -> datetime | None:
        """The end of the lock that stands."""
        return self.locked_until if self.locked_until and self.locked_until > now else None

    def cooling_until(self, rules: IdentityRules, now: datetime) -> datetime | None:
        """The end of the time in which money needs a second person, because the contact was changed lately."""
        return _still(self.contact_changed_at, rules.cooling_hours, now)

    def sim_swap_until(self, rules: IdentityRules, now: datetime) -> datetime | None:
        return _still(self.sim_swapped_at, rules.sim_swap_hours, now)

    def code_proof(self, by: str, channel: LetterChannel, address: str, rules: IdentityRules, now: datetime) -> Proof:
        """What a right code proves: strong, unless its address is new or its SIM card was changed."""
        digest, until = address_digest(address), now + timedelta(minutes=rules.proof_minutes)
        swapped = channel is LetterChannel.SMS and self.sim_swap_until(rules, now) is not None
        trusted = not swapped and _still(self.fresh.get(digest), rules.cooling_hours, now) is None
        level = Level.STRONG if trusted else Level.CHANNEL
        return Proof(by=by, kind=CODE_BY[channel], level=level, counts=trusted, contact=digest, until=until)

    def answers_proof(self, by: str, rules: IdentityRules, now: datetime) -> Proof:
        """What right answers prove. Those set just now count for nothing beside the code that let them be set."""
        settled = _still(self.answers_set_at, rules.cooling_hours, now) is None
        until = now + timedelta(minutes=rules.proof_minutes)
        return Proof(by=by, kind=ProofKind.ANSWERS, level=Level.KNOWLEDGE, counts=settled, until=until)

    def started(self, rules: IdentityRules, now: datetime) -> IdentityState:
        """After another verification was started. Raises VerificationLocked, TooMany."""
        self.refuse_locked(now)
        recent = tuple(at for at in self.starts if at > now - timedelta(hours=1))
        if len(recent) >= rules.starts_an_hour:
            wait = int((recent[0] + timedelta(hours=1) - now).total_seconds()) + 1
            raise TooMany("This account was verified too often within an hour.", retry_after=wait)
        fresh = {digest: at for digest, at in self.fresh.items() if at > now - _FRESH_KEPT}
        return self.next(starts=(*recent, now), fresh=fresh)

    def passed(self, proof: Proof, now: datetime) -> IdentityState:
        """After a right answer: wrong ones by the same way, and their locks, are forgotten.

        Wrong ones by another way are not, or whoever holds one proof could guess at the second without end."""
        others = [held for held in self.proofs if held.until > now and (held.by, held.way) != (proof.by, proof.way)]
        proofs = (*others[-_MOST_PROOFS + 1 :], proof)
        if set(self.tried) - {proof.way}:
            return self.next(proofs=proofs)
        return self.next(proofs=proofs, tries=0, tried_at=None, tried=(), locks=0, locked_until=None)

    def failed(self, way: str, rules: IdentityRules, now: datetime) -> IdentityState:
        """After a wrong answer by a way of proof; the last one allowed locks the account, longer each time."""
        remembered = self.tried_at is not None and self.tried_at > now - timedelta(hours=rules.forget_hours)
        tries, locks, before = (self.tries + 1, self.locks, self.tried) if remembered else (1, 0, ())
        tried = before if way in before else (*before, way)[:_MOST_WAYS]
        if tries < rules.tries:
            return self.next(tries=tries, tried_at=now, tried=tried, locks=locks)
        until = rules.locked_until(locks, now)
        return self.next(tries=0, tried_at=now, tried=tried, locks=locks + 1, locked_until=until)

    def refuse_locked(self, now: datetime) -> None:
        """Raises VerificationLocked while a lock stands."""
        until = self.lock(now)
        if until:
            wait = int((until - now).total_seconds()) + 1
            raise VerificationLocked("Too many wrong answers.", retry_after=wait, locked_until=format_instant(until))

    def reset(self, subject: str, now: datetime) -> IdentityState:
        """After access was reset: all sessions are over, and so is what was shown to anybody else."""
        return self.next(revoked_at=now, proofs=tuple(proof for proof in self.proofs if proof.by == subject))

    def secured(self, now: datetime) -> IdentityState:
        """After the security answers were set anew."""
        return self.next(answers_set_at=now)

    def swapped(self, now: datetime) -> IdentityState:
        """After the SIM card was changed: what a text message has proven is void."""
        kept = tuple(proof for proof in self.proofs if proof.kind is not ProofKind.SMS_CODE)
        return self.next(sim_swapped_at=now, proofs=kept)

    def bound(self, user_name: str) -> IdentityState:
        """With this sign-in among the account's own."""
        others = tuple(name for name in self.users if name != user_name)
        return self.next(users=(*others[-_MOST_USERS + 1 :], user_name))

    def next(self, **changes: object) -> IdentityState:
        """The next version."""
        return self.model_copy(update={**changes, "version": self.version + 1})


def _still(since: datetime | None, hours: int, now: datetime) -> datetime | None:
    """The end of a span that began then, while it lasts."""
    end = since + timedelta(hours=hours) if since else None
    return end if end and end > now else None
