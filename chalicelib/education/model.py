"""What is known of an account's guides, and whether it gets one more. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from pydantic import Field

from chalicelib.accounts.holds import Hold, HoldKind, held_on
from chalicelib.accounts.letters import LetterChannel, Purpose, Row
from chalicelib.accounts.preferences_model import Preferences, consent_for
from chalicelib.education.guides import Guide, Trigger
from chalicelib.education.policy import EducationRules
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency

RECENT: Final = 8
"""Guides, links and late bills that are remembered of an account: more than any rule looks at."""


class Outcome(StrEnum):
    """What became of the occasion for a guide."""

    SENT = "sent"
    HELD_OUT = "held_out"  # would have got it, and belongs to those that are compared with
    TOO_MANY = "too_many"
    ON_HOLD = "on_hold"
    NO_CONSENT = "no_consent"


class Happening(Record):
    """Something on an account that a guide helps with. The same trigger and object are the same occasion.

    `facts` and `rows` are the words of the letter (see Letter)."""

    account_id: str
    trigger: Trigger
    object_id: str
    at: Instant
    currency: Currency | None = None
    facts: Row = Field(default_factory=dict)
    rows: tuple[Row, ...] = ()


class GuideRecord(Record):
    """One decision about a guide, never changed. `policy` is the version of the rules that it went by, `because` what
    stood against it; `case_id` the case that it was sent from."""

    guide_id: str
    account_id: str
    slug: str
    guide_version: int
    trigger: Trigger
    object_id: str
    at: Instant
    outcome: Outcome
    because: tuple[str, ...] = ()
    policy: str
    by: str
    by_name: str
    case_id: str | None = None


class Recent(Record):
    """A guide that was sent."""

    guide_id: str
    slug: str
    at: Instant


class Footprint(Record):
    """What the account's summary remembers, so that a decision takes one read. `version` is its lock.

    `links` are payments that were asked for by link, by whether they were paid; `late` are bills and when they were."""

    recent: tuple[Recent, ...] = ()
    links: dict[str, bool] = Field(default_factory=dict)
    late: dict[str, Instant] = Field(default_factory=dict)
    version: int = 0

    def with_sent(self, record: GuideRecord) -> Footprint:
        sent = Recent(guide_id=record.guide_id, slug=record.slug, at=record.at)
        return self.model_copy(update={"recent": (*self.recent, sent)[-RECENT:]})

    def with_link(self, payment_id: str, *, paid: bool) -> Footprint:
        """After a payment was asked for by link, or one was paid; one that no link asked for changes nothing."""
        if paid and payment_id not in self.links:
            return self
        known = {**self.links, payment_id: paid or self.links.get(payment_id, False)}
        return self.model_copy(update={"links": dict(list(known.items())[-RECENT:])})

    def with_late(self, invoice_id: str, at: datetime) -> Footprint:
        known = {**self.late, invoice_id: self.late.get(invoice_id, at)}
        return self.model_copy(update={"late": dict(sorted(known.items(), key=lambda late: late[1])[-RECENT:])})

    def has_sent(self, guide_id: str) -> bool:
        return any(each.guide_id == guide_id for each in self.recent)


class Standing(Record):
    """What is read of an account before it gets a guide."""

    account_id: str
    currency: Currency
    language: str = "en-GB"
    is_active: bool = True
    has_mail: bool = True
    preferences: Preferences
    holds: tuple[Hold, ...] = ()
    footprint: Footprint = Footprint()


class CaseOwners(Protocol):
    """Whoever knows whose a case is."""

    def __call__(self, case_id: str) -> str | None:
        """The account of a case; None when there is no such case or nobody's."""
        ...


def judge(
    guide: Guide, standing: Standing, at: datetime, today: date, rules: EducationRules
) -> tuple[Outcome, tuple[str, ...]]:
    """Whether an account gets a guide that it did not ask for, and what stands against it.

    Who is held out is decided last: those would have got it, so that they can be compared with those who did.
    """
    if silent := silenced(standing.holds, today, rules.silent_holds):
        return Outcome.ON_HOLD, silent
    if not standing.is_active:
        return Outcome.ON_HOLD, ("closed",)
    if not consent_for(standing.preferences, Purpose.EDUCATION, LetterChannel.MAIL):
        return Outcome.NO_CONSENT, ()
    if _too_many(guide, standing.footprint.recent, at, rules):
        return Outcome.TOO_MANY, ()
    if is_held_out(standing.account_id, guide.slug, rules.held_out_bp):
        return Outcome.HELD_OUT, ()
    return Outcome.SENT, ()


def silenced(holds: Sequence[Hold], day: date, kinds: Sequence[HoldKind]) -> tuple[str, ...]:
    """The kinds of the holds that keep us silent on a day."""
    return tuple(sorted({hold.kind.value for hold in held_on(holds, day, kinds)}))


def is_held_out(account_id: str, slug: str, share_bp: int) -> bool:
    """Whether an account belongs to the share that a guide is not sent to: the same answer each time it is asked."""
    drawn = int.from_bytes(hashlib.sha256(f"{slug}\0{account_id}".encode()).digest()[:8])
    return drawn % 10_000 < share_bp


def _too_many(guide: Guide, recent: Sequence[Recent], at: datetime, rules: EducationRules) -> bool:
    lately = [each for each in recent if abs(at - each.at) < timedelta(days=rules.most_within_days)]
    same = [each for each in recent if each.slug == guide.slug]
    again = any(abs(at - each.at) < timedelta(days=rules.same_again_days) for each in same)
    return len(lately) >= rules.most or (again and not guide.comes_again)
