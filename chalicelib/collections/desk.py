"""What people see of collection: where an account stands and what comes next, what was held and why, and whether they
may ask for something now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chalicelib.accounts.holds import Hold
from chalicelib.accounts.letters import LetterChannel
from chalicelib.accounts.store import summary_key
from chalicelib.billing.receivables import OpenInvoice
from chalicelib.collections.agenda import Marker
from chalicelib.collections.facts import FactsReader, Standing
from chalicelib.collections.judgement import Judgement, judgement
from chalicelib.collections.ladder import Ladder, Place, step_of
from chalicelib.collections.model import Form, Owing, Verdict, judge
from chalicelib.collections.policy import CollectionRules, Deed
from chalicelib.collections.store import STATE, CollectionStore, judgement_put
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import NotFound
from chalicelib.policy.model import RulesOn


@dataclass(frozen=True)
class LateInvoice:
    """One late invoice: where it stands, what comes next, and what the interlock says to that now."""

    invoice: OpenInvoice
    owing: Owing
    place: Place
    next_step: str | None
    next_on: date | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Position:
    """Where an account stands."""

    standing: Standing
    holds: tuple[Hold, ...]
    invoices: tuple[LateInvoice, ...]
    policy: str


@dataclass(frozen=True)
class CollectionDesk:
    """`today` is the calendar day where the desk bills."""

    store: CollectionStore
    reader: FactsReader
    rules: RulesOn[CollectionRules]
    clock: Clock
    today: Callable[[], date]

    def position(self, account_id: str) -> Position:
        """Where the account stands now. Costs those of FactsReader.standing. Raises NotFound."""
        known, today, ruling = self.reader.standing(account_id), self.today(), self.rules(self.today())
        late = [each for each in known.owed.payable() if each.due_on < today]
        invoices = tuple(self._late(known, each, ruling.rules, today) for each in late)
        return Position(known, known.holds.on(today), invoices, ruling.version)

    def held(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Judgement], Item | None]:
        """What was held, newest first. One round trip."""
        return self.store.held(account_id, limit, start)

    def sent(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Judgement], Item | None]:
        """What left, newest first. One round trip."""
        return self.store.sent(account_id, limit, start)

    def on_ladder(self, day: date, limit: int, start: Item | None) -> tuple[list[Ladder], Item | None]:
        """The accounts that are to be looked at on a day. One round trip, one more for their states."""
        items, key = self.store.agenda(day, limit, start)
        markers = [Marker.model_validate(item) for item in items]
        keys = [summary_key(marker.account_id, STATE) for marker in markers if marker.mail is None]
        found = self.store.table.get_many(keys)
        return [Ladder.model_validate(found[each]) for each in keys if each in found], key

    def check(
        self, account_id: str, form: Form, what: str, channel: LetterChannel, invoice_id: str | None
    ) -> Judgement:
        """Whether somebody may write of, or charge for, what is late now. What may not is recorded. Raises NotFound."""
        known, now, ruling = self.reader.standing(account_id), self.clock(), self.rules(self.today())
        if invoice_id and not known.owed.due_minor(invoice_id):
            raise NotFound("Nothing of this invoice is due on this account.")
        verdict = judge(form, self.reader.facts(known, invoice_id, channel, ruling.rules, now), ruling.rules)
        judged = judgement(
            account_id, now, form, what, verdict, ruling.version, invoice_id=invoice_id,
            channel=channel.value if form is Form.LETTER else None, currency=known.owed.currency,
        )  # fmt: skip
        if judged.is_held:
            self.store.table.write(judgement_put(judged))
        return judged

    def _late(self, known: Standing, invoice: OpenInvoice, rules: CollectionRules, today: date) -> LateInvoice:
        place = known.ladder.place(invoice.invoice_id)
        found = step_of(place, invoice.due_on, rules.steps)
        owing = known.owing(invoice.invoice_id, today)
        if found is None:
            return LateInvoice(invoice, owing, place, None, None, None)
        step, day = found
        facts = self.reader.facts(known, invoice.invoice_id, step.channel, rules, self.clock())
        verdict = judge(Form.LETTER if step.deed is Deed.LETTER else Form.HAND_OVER, facts, rules)
        return LateInvoice(invoice, owing, place, step.name, max(day, today), verdict)
