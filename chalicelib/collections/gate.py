"""The interlock at the last moment: what is about to be sent is judged once more by what is true now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from chalicelib.accounts.holds import SILENT
from chalicelib.accounts.letters import Letter, LetterChannel, Purpose
from chalicelib.collections.facts import FactsReader, Standing
from chalicelib.collections.judgement import judgement
from chalicelib.collections.model import Form, Reason, Verdict, judge
from chalicelib.collections.policy import CollectionRules
from chalicelib.collections.store import account_marker, judgement_put, letter_marker, state_put
from chalicelib.payments.news import News, Topic
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import NotFound
from chalicelib.policy.model import RulesOn

OWN: Final = "collections/"
"""How the names of the ladder's letters begin."""
ASKING: Final = frozenset({Topic.INVOICE_PAYMENT_FAILED})
"""News whose mail has a part that asks for money which is late."""
ALL_ASKING: Final = frozenset({Topic.PAYMENT_FAILED, Topic.ACTION_REQUIRED})
"""News whose mail does nothing but ask to try a payment again."""


@dataclass(frozen=True)
class Passage:
    """Whether it leaves, and as what. `held` says why not, `is_again` that the same letter is tried again when its hour
    comes; `writes` belong into the transaction that marks it as sent or as held. `asks` is False where a mail leaves
    without the words that ask."""

    held: str | None = None
    is_again: bool = False
    writes: Sequence[Write] = ()
    letter: Letter | None = None
    asks: bool = True


class AsksAgain(Protocol):
    """Whoever knows what a letter of another domain asks for now."""

    def as_of_now(self, letter: Letter) -> Letter | None:
        """The letter with what is owed now; None when nothing is. Raises Unavailable."""
        ...


@dataclass(frozen=True)
class Gate:
    """`plans` knows what its letters ask for now; `count` adds one to a metric."""

    reader: FactsReader
    rules: RulesOn[CollectionRules]
    clock: Clock
    count: Callable[[str], None]
    plans: AsksAgain | None = None

    def letter(self, letter: Letter, message_id: str, mail: str) -> Passage:
        """Judge a queued letter; `mail` is its sort key. What asks for nothing passes without a read, all else costs
        those of FactsReader.standing. Raises Unavailable."""
        if letter.purpose is not Purpose.COLLECTION:
            return Passage(letter=letter)
        now = self.clock()
        try:
            known = self.reader.standing(letter.account_id)
        except NotFound:
            return Passage(letter=letter)
        is_own = letter.name.startswith(OWN)
        invoice_id = letter.object_id if is_own or known.owed.due_minor(letter.object_id) else None
        ruling = self.rules(self._today(now))
        facts = self.reader.facts(known, invoice_id, letter.channel, ruling.rules, now, letter.to)
        verdict, now_asked = judge(Form.LETTER, facts, ruling.rules), self._asked(letter)
        if now_asked is None:
            verdict = replace(verdict, reasons=tuple(sorted({*verdict.reasons, Reason.PAID})))
        judged = judgement(
            letter.account_id, now, Form.LETTER, letter.name, verdict, ruling.version, invoice_id=invoice_id,
            channel=letter.channel.value, currency=known.owed.currency, message_id=message_id,
        )  # fmt: skip
        self._count(verdict)
        if verdict.passes:
            return Passage(writes=[judgement_put(judged)], letter=as_of_now(now_asked or letter, verdict, known))
        again = self._again(letter, mail, verdict, known, is_own, now)
        writes = [judgement_put(judged), *again]
        return Passage(" ".join(verdict.reasons), verdict.is_passing, writes, letter)

    def news(self, news: News, message_id: str) -> Passage:
        """Judge the asking part of a mail about news. It is held whole in a hold that wants silence; that is all that
        holds one which has no other part. Raises Unavailable."""
        if news.topic not in ASKING | ALL_ASKING or news.account_id is None:
            return Passage()
        now = self.clock()
        try:
            known = self.reader.standing(news.account_id)
        except NotFound:
            return Passage()
        ruling = self.rules(self._today(now))
        invoice_id = news.object_id if news.topic in ASKING else None
        facts = self.reader.facts(known, invoice_id, LetterChannel.MAIL, ruling.rules, now)
        verdict, is_silent = judge(Form.NOTE, facts, ruling.rules), bool(facts.held(SILENT))
        if verdict.passes or (news.topic in ALL_ASKING and not is_silent):
            return Passage()
        judged = judgement(
            news.account_id, now, Form.NOTE, news.topic.value, verdict, ruling.version, invoice_id=invoice_id,
            channel=LetterChannel.MAIL.value, currency=known.owed.currency, message_id=message_id,
        )  # fmt: skip
        self._count(verdict)
        held = " ".join(verdict.reasons) if is_silent else None
        return Passage(held, writes=[judgement_put(judged)], asks=False)

    def _asked(self, letter: Letter) -> Letter | None:
        return self.plans.as_of_now(letter) if self.plans else letter

    def _again(
        self, letter: Letter, mail: str, verdict: Verdict, known: Standing, is_own: bool, now: datetime
    ) -> list[Write]:
        """What has a held letter looked at again: itself when its hour comes, else the step that it was for."""
        today = self._today(now)
        if verdict.is_passing:
            day = today if verdict.reasons == (Reason.QUIET_HOURS,) else today + timedelta(days=1)
            return [letter_marker(letter.account_id, mail, day)]
        if not is_own:
            return []
        back = known.ladder.taken_back(letter.letter_id)
        day = today + timedelta(days=1) if known.ladder.visited_on == today else today
        return [state_put(known.ladder, back), account_marker(letter.account_id, day)]

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.reader.zone).date()

    def _count(self, verdict: Verdict) -> None:
        self.count("CollectionSent" if verdict.passes else "CollectionHeld")
        for reason in verdict.reasons:
            self.count(metric_of(reason))


def metric_of(reason: Reason) -> str:
    """The counter of what was held for this reason."""
    return "CollectionHeld" + "".join(word.capitalize() for word in reason.split("_"))


def as_of_now(letter: Letter, verdict: Verdict, known: Standing) -> Letter:
    """The letter with what may be asked for now, whatever it was when the letter was written."""
    if verdict.amount_minor is None or "due_minor" not in letter.facts:
        return letter
    left_out = known.owed.due_minor(letter.object_id) - verdict.amount_minor
    facts = {name: value for name, value in letter.facts.items() if name != "left_out_minor"}
    facts |= {"due_minor": verdict.amount_minor, **({"left_out_minor": left_out} if left_out > 0 else {})}
    return letter.model_copy(update={"facts": facts})
