"""Guides by hand: the catalogue with its words, one sent to an account by somebody, and which an account got."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chalicelib.accounts.letters import Letter, Post, Purpose
from chalicelib.audit.model import Actor, entry
from chalicelib.billing.bridge import before_of
from chalicelib.education import bill_words
from chalicelib.education.guides import GUIDES, Guide, Trigger
from chalicelib.education.model import CaseOwners, GuideRecord, Happening, Outcome, Standing, silenced
from chalicelib.education.occasions import ATTEMPTS, EARLIER, Bills
from chalicelib.education.policy import EducationRules
from chalicelib.education.store import GuideStore, Moved
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, FieldError, NotFound, Unavailable, Unprocessable
from chalicelib.policy.model import RulesOn


class Spoken(Protocol):
    """What a letter says."""

    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...


class Words(Protocol):
    """Whoever puts letters into words."""

    def of(self, letter: Letter, language: str) -> Spoken:
        """The letter in this language (BCP 47), in English where it is not spoken."""
        ...


@dataclass(frozen=True)
class Guides:
    """`account_of_case` says whose a case is, `today` is the calendar day where the desk bills, `count` adds one to a
    metric."""

    store: GuideStore
    bills: Bills
    post: Post
    words: Words
    rules: RulesOn[EducationRules]
    account_of_case: CaseOwners
    clock: Clock
    new_id: NewId
    today: Callable[[], date]
    count: Callable[[str], None]

    def catalogue(self) -> list[Guide]:
        """All guides, in their order."""
        return list(GUIDES.values())

    def named(self, slug: str) -> Guide:
        """Raises NotFound."""
        if slug not in GUIDES:
            raise NotFound("There is no guide of this name.", names=list(GUIDES))
        return GUIDES[slug]

    def read(self, slug: str, language: str) -> tuple[Guide, Spoken]:
        """A guide with its words as they are for everybody, without an account's figures. Raises NotFound."""
        guide = self.named(slug)
        letter = Letter(name=guide.letter, object_id=slug, account_id="", at=self.clock())
        return guide, self.words.of(letter, language)

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[GuideRecord], Item | None]:
        """Decisions about guides of an account, newest first. One read, two when there is none. Raises NotFound."""
        found, key = self.store.of_account(account_id, limit, start)
        if not found and start is None and self.store.standing(account_id) is None:
            raise NotFound("There is no account with this id.")
        return found, key

    def send(self, account_id: str, slug: str, actor: Actor, case_id: str | None = None) -> GuideRecord:
        """Mail a guide to an account because somebody of ours chose to, perhaps from one of its cases. Audited.

        One read, two with a case or a bill, one transaction and one write. Raises NotFound without the account or
        guide, Unprocessable for another's case, Conflict while a hold keeps us from speaking of money, when there is
        no mail address, and when the account has no bill to speak of.
        """
        guide, now = self.named(slug), self.clock()
        if case_id and self.account_of_case(case_id) != account_id:
            wrong = FieldError("/case_id", "not a case of this account")
            raise Unprocessable("The case is not one of this account.", [wrong])
        written = self._written(guide, account_id, now)
        for _ in range(ATTEMPTS):
            with suppress(Moved):
                record = self._kept(guide, account_id, actor, now, case_id)
                self.post.send(_letter(guide, record, written))
                self.count("GuidesSentByHand")
                return record
        raise Unavailable("The account is too busy just now; try again.")

    def _kept(self, guide: Guide, account_id: str, actor: Actor, now: datetime, case_id: str | None) -> GuideRecord:
        standing, ruling = self.store.standing(account_id), self.rules(self.today())
        if standing is None:
            raise NotFound("There is no account with this id.")
        self._check(guide, standing, ruling.rules)
        guide_id = self.new_id("guide")
        record = GuideRecord(
            guide_id=guide_id, account_id=account_id, slug=guide.slug, guide_version=guide.version,
            trigger=Trigger.ON_REQUEST, object_id=case_id or guide_id, at=now, outcome=Outcome.SENT,
            policy=ruling.version, by=actor.subject, by_name=actor.name, case_id=case_id,
        )  # fmt: skip
        told = {"slug": guide.slug, "guide_id": guide_id, "case_id": case_id}
        done = entry(self.new_id("aud"), f"A#{account_id}", "guide.sent", actor, now, {}, told)
        self.store.keep(record, standing.footprint.with_sent(record), counts=False, audit=done)
        return record

    def _check(self, guide: Guide, standing: Standing, rules: EducationRules) -> None:
        holding = silenced(standing.holds, self.today(), rules.silent_holds) if guide.about_money else ()
        if holding:
            raise Conflict("A hold keeps us from writing about money.", reason="on_hold", holds=list(holding))
        if not standing.has_mail:
            raise Conflict("The account has no mail address.", reason="no_mail_address")

    def _written(self, guide: Guide, account_id: str, now: datetime) -> Happening | None:
        """What the guide says of the account's newest bill; None for a guide that speaks of none."""
        if not guide.about_bill:
            return None
        found, _ = self.bills.invoices(account_id, EARLIER, None)
        if not found:
            raise Conflict("The account has no bill yet.", reason="no_bill")
        if guide.trigger is Trigger.FIRST_BILL:
            return bill_words.first(found[0], now)
        before = before_of(found[0], found[1:])
        if before is None:
            raise Conflict("There is no bill before to compare with.", reason="no_bill_before")
        return bill_words.changed(before, found[0], now)


def _letter(guide: Guide, record: GuideRecord, written: Happening | None) -> Letter:
    """Somebody asked for it, so it is service and goes whatever was agreed about letters that nobody asked for."""
    return Letter(
        name=guide.letter, object_id=record.guide_id, account_id=record.account_id, at=record.at,
        purpose=Purpose.SERVICE, currency=written.currency if written else None,
        facts=written.facts if written else {}, rows=written.rows if written else (),
    )  # fmt: skip
