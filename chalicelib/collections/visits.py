"""The day of one account: one step at most, a record of what was kept back, and when to look again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol, TypeVar

from chalicelib.accounts.holds import AccountHolds
from chalicelib.accounts.letters import Letter
from chalicelib.billing.receivables import OpenInvoice
from chalicelib.collections.charging import Charging
from chalicelib.collections.facts import FactsReader, Standing
from chalicelib.collections.gate import metric_of
from chalicelib.collections.judgement import Judgement, judgement
from chalicelib.collections.ladder import Day, Held, Ladder, Taken, day_of
from chalicelib.collections.letters import hand_over_of, letter_of, overdue_news
from chalicelib.collections.model import Form, Verdict, judge
from chalicelib.collections.policy import CollectionRules, Deed, LadderStep
from chalicelib.collections.store import CollectionStore, LadderMoved, account_marker, judgement_put
from chalicelib.payments.news import Newsroom
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import Unavailable
from chalicelib.policy.model import RulesOn, Ruling

MOST: Final = 40
"""Late invoices of an account that are looked at on one day, the oldest; more would not fit a transaction."""
_ATTEMPTS: Final = 5
_DAY: Final = timedelta(days=1)
T = TypeVar("T")


class QueuesLetters(Protocol):
    """The post, where a letter stands in the transaction of what it is about."""

    def queued(self, letter: Letter) -> Write: ...


@dataclass(frozen=True)
class Visits:
    """`number_of` gives an invoice's number; `today` is the calendar day where the desk bills; `count` adds one to a
    metric."""

    store: CollectionStore
    reader: FactsReader
    rules: RulesOn[CollectionRules]
    charging: Charging
    post: QueuesLetters
    newsroom: Newsroom
    number_of: Callable[[str], str]
    clock: Clock
    today: Callable[[], date]
    count: Callable[[str], None]

    def visit(self, account_id: str, since: date) -> bool:
        """The day of one account, unless it had it on `since` or later; whether it took a step. One read when there is
        nothing to do, else those of FactsReader.standing and one transaction. Raises Unavailable."""
        ladder = self.reader.ladder(account_id)
        if ladder is None:
            self.count("CollectionWithoutAccount")
            return False
        self._tell(ladder)
        if ladder.visited_on and ladder.visited_on >= since and not ladder.is_again:
            return False
        return _until_kept(lambda: self._visited(account_id))

    def changed(self, holds: AccountHolds) -> None:
        """Holds were placed, changed or released: have Stripe wait or go on, and the account looked at tomorrow."""
        _until_kept(lambda: self._held(holds.account_id))

    def _visited(self, account_id: str) -> bool:
        today = self.today()
        known, ruling = self.reader.standing(account_id), self.rules(today)
        day = self._decide(known, ruling.rules, today)
        paused = self.charging.brought_up(known, today)
        if not (known.ladder.version or day.places or paused):
            return False
        state = self._looked_at(known, day, paused, today)
        after, writes = self._stepped(state, known, day.taken, ruling) if day.taken else (state, [])
        writes += [judgement_put(self._judged(known, each, ruling)) for each in day.held]
        days = {after.next_on} | ({today} if day.is_again else set())
        writes += [account_marker(account_id, each) for each in sorted(filter(None, days))]
        self.store.keep(known.ladder, after, writes)
        self._count(day, state)
        self._tell(after)
        return day.taken is not None

    def _held(self, account_id: str) -> None:
        known, today = self.reader.standing(account_id), self.today()
        paused = self.charging.brought_up(known, today)
        if paused or known.ladder.paused or known.owed.open_invoices:  # also unchanged: a visit meanwhile decides again
            after = known.ladder.model_copy(update={"paused": paused})
            self.store.keep(known.ladder, after, [account_marker(account_id, today + _DAY)])

    def _decide(self, known: Standing, rules: CollectionRules, today: date) -> Day:
        now = self.clock()

        def judged(invoice: OpenInvoice, step: LadderStep) -> Verdict:
            facts = self.reader.facts(known, invoice.invoice_id, step.channel, rules, now)
            return judge(Form.LETTER if step.deed is Deed.LETTER else Form.HAND_OVER, facts, rules)

        late = [each for each in known.owed.payable() if each.due_on < today][:MOST]
        return day_of(known.ladder, late if known.owed.overdue_minor(today) else [], rules.steps, judged, today)

    def _looked_at(self, known: Standing, day: Day, paused: tuple[str, ...], today: date) -> Ladder:
        """The state after the day, save its step."""
        said = {"places": day.places, "visited_on": today, "is_again": day.is_again, "paused": paused}
        coming = {
            "next_on": today + _DAY if paused else day.next_on,
            "pending": overdue_news(known, day.places, self.clock()),
        }
        return known.ladder.model_copy(update={**said, **coming})

    def _stepped(
        self, state: Ladder, known: Standing, taken: Taken, ruling: Ruling[CollectionRules]
    ) -> tuple[Ladder, list[Write]]:
        """The state after a step, and what the step writes: its letter, or the record of what was handed over."""
        today, at, number = self.today(), self.clock(), self.number_of(taken.invoice.invoice_id)
        if taken.step.deed is Deed.LETTER:
            letter = letter_of(taken, known, number, ruling.rules, today, at)
            return state.took(taken, today, letter.letter_id), [self.post.queued(letter)]
        news = hand_over_of(taken, known, number, at)
        handed = state.took(taken, today, None).model_copy(update={"pending": (*state.pending, news)})
        return handed, [judgement_put(self._judged(known, taken, ruling))]

    def _judged(self, known: Standing, step: Taken | Held, ruling: Ruling[CollectionRules]) -> Judgement:
        form = Form.LETTER if step.step.deed is Deed.LETTER else Form.HAND_OVER
        return judgement(
            known.owed.account_id, self.clock(), form, step.step.name, step.verdict, ruling.version,
            invoice_id=step.invoice.invoice_id, currency=known.owed.currency,
            channel=step.step.channel.value if form is Form.LETTER else None,
        )  # fmt: skip

    def _tell(self, ladder: Ladder) -> None:
        """Once, however often it is told."""
        for news in ladder.pending:
            self.newsroom.tell(news)

    def _count(self, day: Day, state: Ladder) -> None:
        for _ in state.pending:
            self.count("InvoicesOverdue")
        if day.taken:
            self.count(f"CollectionSteps{day.taken.step.deed.value.title().replace('_', '')}")
        for held in day.held:
            self.count("CollectionHeld")
            for reason in held.verdict.reasons:
                self.count(metric_of(reason))


def _until_kept(attempt: Callable[[], T]) -> T:
    """Decide and write until nothing came between. Raises Unavailable when the account is too busy."""
    for _ in range(_ATTEMPTS):
        try:
            return attempt()
        except LadderMoved:
            continue
    raise Unavailable("The account is too busy just now; try again.", retry_after=1)
