"""Use cases that make an account safer: the customer's security answers, and the mark of a changed SIM card."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.accounts.letters import Letter, Purpose
from chalicelib.accounts.service import Accounts
from chalicelib.identity.access_log import Accessed, Doer
from chalicelib.identity.answers import ASKED, KeptAnswers, keep
from chalicelib.identity.contact import Outgoing
from chalicelib.identity.model import IdentityState
from chalicelib.identity.record import recorded
from chalicelib.identity.store import IdentityStore, StateMoved, answers_put
from chalicelib.platform.clock import Clock, NewId, format_instant
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import Unavailable

_ROUNDS = 10
_SALT_BYTES = 16


@dataclass(frozen=True)
class Securing:
    """`key` keys the answers; `choose` draws so many of the questions; `salt` gives that many random bytes."""

    store: IdentityStore
    accounts: Accounts
    post: Outgoing
    clock: Clock
    new_id: NewId
    key: Callable[[], bytes]
    choose: Callable[[Sequence[str], int], list[str]]
    salt: Callable[[int], bytes] = secrets.token_bytes

    def set_answers(self, account_id: str, answers: Mapping[str, str], doer: Doer) -> KeptAnswers:
        """Keep new answers in place of all former ones, and tell the customer. Two reads, a transaction.

        Raises NotFound, Unavailable."""
        self.accounts.get(account_id)
        now = self.clock()
        kept = tuple(keep(question, text, self.salt(_SALT_BYTES), self.key()) for question, text in answers.items())
        asked = tuple(self.choose(list(answers), ASKED))
        new = KeptAnswers(account_id=account_id, answers=kept, asked=asked, set_at=now)
        detail = {"questions": sorted(answers)}
        letter = Letter(
            name="identity/security_answers_set", object_id=account_id, occasion=self.new_id("ans"),
            account_id=account_id, at=now, purpose=Purpose.SECURITY, facts={"set_at": format_instant(now)},
        )  # fmt: skip
        writes = [answers_put(new), self.post.queued(letter)]
        self._moved(account_id, Accessed.SECURITY_ANSWERS_SET, doer, now, detail, IdentityState.secured, *writes)
        return new

    def sim_swapped(self, account_id: str, at: datetime, doer: Doer) -> None:
        """Remember that the customer's SIM card was changed then. Two reads, a transaction. Raises NotFound,
        Unavailable."""
        self.accounts.get(account_id)
        self._moved(account_id, Accessed.SIM_SWAPPED, doer, at, {}, IdentityState.swapped)

    def _moved(
        self, account_id: str, what: Accessed, doer: Doer, at: datetime, detail: Mapping[str, object],
        after: Callable[[IdentityState, datetime], IdentityState], *writes: Write,
    ) -> None:  # fmt: skip
        """Move the state on by what happened then, with the lines that tell of it and what else belongs to it."""
        noted = recorded(self.new_id, account_id, what, doer, self.clock(), detail)
        for _ in range(_ROUNDS):
            state = self.store.state(account_id)
            try:
                self.store.move(state, after(state, at), *noted, *writes)
            except StateMoved:
                continue
            return
        raise Unavailable("The account is being changed by others; try again.")
