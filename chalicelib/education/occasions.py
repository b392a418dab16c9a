"""Guides that nobody asked for: what happened on an account brings one, once, by the company's rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol, TypeVar

from chalicelib.accounts.letters import Letter, Post, Purpose
from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.model import Invoice, StandingInvoice
from chalicelib.education import bill_words, signs
from chalicelib.education.guides import BY_TRIGGER, Guide, Trigger
from chalicelib.education.model import Footprint, GuideRecord, Happening, Outcome, Standing, judge
from chalicelib.education.policy import EducationRules
from chalicelib.education.store import Decided, GuideStore, Moved
from chalicelib.payments.news import News
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Unavailable
from chalicelib.policy.model import RulesOn, Ruling

ATTEMPTS: Final = 8
EARLIER: Final = 12
"""Bills that one is compared with at most."""
_COUNTS: Final = {Outcome.SENT: "GuidesSent", Outcome.HELD_OUT: "GuidesHeldOut"}
T = TypeVar("T")


class Bills(Protocol):
    """The store of billing."""

    def invoices(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Invoice], Item | None]:
        """Invoices of an account, newest period first."""
        ...


@dataclass(frozen=True)
class Occasions:
    """Hears of bills and of money, see BillFollower and Newsroom; `happened` is for whoever knows of something else.

    `count` adds one to a metric, `today` is the calendar day where the desk bills."""

    store: GuideStore
    bills: Bills
    post: Post
    rules: RulesOn[EducationRules]
    clock: Clock
    today: Callable[[], date]
    count: Callable[[str], None]

    def issued(self, invoice: StandingInvoice, bill: StripeBill) -> None:  # noqa: ARG002 - the books say enough
        """A bill stands in the books: its tour when it is the first, else why it differs, if it does. Two reads, one
        transaction and one write when there is something to tell. Raises Unavailable."""
        at = datetime.combine(invoice.issued_on, time(), UTC)
        ruling = self.rules(self.today())
        if invoice.closed_as or not self._is_fresh(at, ruling.rules):
            return
        found, _ = self.bills.invoices(invoice.account_id, EARLIER, None)
        earlier = [each for each in found if each.issued_on < invoice.issued_on]
        if happening := bill_words.of_bill(invoice, earlier, at, ruling.rules):
            self.happened(happening)

    def tell(self, news: News) -> None:
        """Hear news of money, see Newsroom. One read, one write and a mail where it says something. Raises
        Unavailable."""
        account_id = news.account_id
        if account_id is None or not signs.says_something(news):
            return
        ruling = self.rules(self.today())
        if not self._is_fresh(news.at, ruling.rules):
            return

        def hear(standing: Standing) -> Outcome | None:
            said = signs.read(news, standing.footprint, ruling.rules)
            return self._heard(standing, news.object_id, news.at, said, ruling)

        self._in_turn(account_id, hear)

    def queued(self, letter: Letter) -> None:
        """Hear of a letter of another domain, the same one any number of times. One read, one write and a mail where
        it says something. Raises Unavailable."""
        if not signs.is_heard(letter):
            return
        ruling = self.rules(self.today())
        if not self._is_fresh(letter.at, ruling.rules):
            return

        def hear(standing: Standing) -> Outcome | None:
            said = signs.read_letter(letter, standing.footprint, ruling.rules)
            return self._heard(standing, letter.object_id, letter.at, said, ruling)

        self._in_turn(letter.account_id, hear)

    def happened(self, happening: Happening) -> Outcome | None:
        """Give the guide that helps with it, once for each occasion; what became of it, None when it is too old or
        there is no such account. Raises Unavailable."""
        ruling = self.rules(self.today())
        if not self._is_fresh(happening.at, ruling.rules):
            return None
        return self._in_turn(
            happening.account_id, lambda standing: self._decide(happening, standing, standing.footprint, ruling)
        )

    def _heard(
        self, standing: Standing, object_id: str, at: datetime, said: tuple[Footprint, Trigger | None],
        ruling: Ruling[EducationRules],
    ) -> Outcome | None:  # fmt: skip
        after, trigger = said
        if trigger is None:
            if after != standing.footprint:
                self.store.note(standing.account_id, after)
            return None
        happening = Happening(account_id=standing.account_id, trigger=trigger, object_id=object_id, at=at)
        return self._decide(happening, standing, after, ruling)

    def _decide(
        self, happening: Happening, standing: Standing, footprint: Footprint, ruling: Ruling[EducationRules]
    ) -> Outcome:
        """`footprint` is what is remembered besides. The letter goes after the decision is kept, and again for a
        repeat: the post sends it once, and a crash between the two loses none."""
        guide = BY_TRIGGER[happening.trigger]
        record = self._judged(guide, happening, standing, ruling)
        if not standing.footprint.has_sent(record.guide_id):
            after = footprint.with_sent(record) if record.outcome is Outcome.SENT else footprint
            try:
                self.store.keep(record, after, counts=True)
                self.count(_COUNTS.get(record.outcome, "GuidesWithheld"))
            except Decided as earlier:
                record = earlier.record
        else:
            record = record.model_copy(update={"outcome": Outcome.SENT})
        if record.outcome is Outcome.SENT:
            self.post.send(self._letter(guide, record, happening))
        return record.outcome

    def _judged(
        self, guide: Guide, happening: Happening, standing: Standing, ruling: Ruling[EducationRules]
    ) -> GuideRecord:
        outcome, because = judge(guide, standing, happening.at, self.today(), ruling.rules)
        return GuideRecord(
            guide_id=guide_id_of(happening), account_id=happening.account_id, slug=guide.slug,
            guide_version=guide.version, trigger=guide.trigger, object_id=happening.object_id, at=happening.at,
            outcome=outcome, because=because, policy=ruling.version, by="education", by_name="education",
        )  # fmt: skip

    def _letter(self, guide: Guide, record: GuideRecord, happening: Happening) -> Letter:
        return Letter(
            name=guide.letter, object_id=record.guide_id, account_id=record.account_id, at=self.clock(),
            purpose=Purpose.EDUCATION, currency=happening.currency, facts=happening.facts, rows=happening.rows,
        )  # fmt: skip

    def _is_fresh(self, at: datetime, rules: EducationRules) -> bool:
        return self.clock() - at <= timedelta(days=rules.fresh_days)

    def _in_turn(self, account_id: str, decide: Callable[[Standing], T]) -> T | None:
        """Decide by the account as it is, and anew when it moved meanwhile. None when there is no such account."""
        for _ in range(ATTEMPTS):
            standing = self.store.standing(account_id)
            if standing is None:
                return None
            with suppress(Moved):
                return decide(standing)
        raise Unavailable("The account is too busy just now; try again.")


def guide_id_of(happening: Happening) -> str:
    """The same for the same occasion."""
    words = "\0".join((happening.account_id, happening.trigger, happening.object_id))
    return f"guide_{hashlib.sha256(words.encode()).hexdigest()[:26]}"
