"""A payment that nobody is known for, whose it may be, and whose it turned out to be. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from chalicelib.payments.model import Payment
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

MOST_HINTS: Final = 10
HINT_CHARS: Final = 140


class Confidence(StrEnum):
    """How sure a proposal is: two signs that agree are high, one good sign is medium."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Candidate(Record):
    """An account that the money may be for, and why, in plain words; `invoice_ids` are open bills that it may pay."""

    account_id: str
    invoice_ids: tuple[str, ...] = ()
    reasons: tuple[str, ...]
    confidence: Confidence


class Proposal(Record):
    """Whose money it may be, as it looked when the money came: the best candidates, the best one first.

    `account_id` is the one proposed; None when there is none, or when several are equally good.
    """

    account_id: str | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The candidate that is proposed."""
        return self.candidates[0] if self.account_id else None


class Match(Record):
    """Who said whose money it is, and when. `match_id` is made from the request, so that a repeat is known as one."""

    match_id: str
    at: Instant
    by: str
    by_name: str


class SuspensePayment(Payment):
    """A payment in suspense; with `match` it has left, and what was kept to find its payer is gone.

    `hints` are texts that came with it, cut and without card numbers; `payer_mail` is where its receipt was to go.
    """

    hints: tuple[str, ...] = ()
    payer_mail: str | None = None
    proposal: Proposal = Proposal()
    match: Match | None = None


def kept_hints(hints: tuple[str, ...]) -> tuple[str, ...]:
    """What is kept of the texts: the first ones, each once and cut, card numbers hidden before anything is cut."""
    return tuple(dict.fromkeys(hide_cards(hint)[:HINT_CHARS] for hint in hints[:MOST_HINTS]))
