"""Keys and transactions of change quotes and of what they promised.

| item    | pk            | sk          | round trips, units                                       |
| quote   | `CQ#<quote>`  | `#`         | get 1, 1 to 3 read; put 1, 2 to 6 write (up to 6 KB)      |
| promise | `PLAN#<plan>` | `P#<quote>` | those of a plan 1, 0.5 read; told when a bill is issued   |
| turn    | `PLAN#<plan>` | `#`         | get 1, 1 read, before each change                        |

Agree to a quote: 1 round trip, 8 write units (quote, promise, turn, audit entry); the end of it 1 more, 4 write units.
All expire 400 days after the quote was made: by then its bill has long been compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.clock import Instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import (
    ABSENT,
    Attr,
    ConditionBase,
    ConditionFailed,
    Contended,
    Delete,
    Key,
    Put,
    Table,
    Update,
    Write,
)
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.fields import Record
from chalicelib.subscriptions.offer_store import terms_back, terms_put
from chalicelib.subscriptions.quote import ChangeQuote, Comparison, QuoteState

KEPT: Final = timedelta(days=400)
UNDER_WAY: Final = timedelta(minutes=1)
"""No call of the API lasts as long: who has had a turn for longer was cut off."""
MOST_PROMISES: Final = 200


class Promise(Record):
    """What a plan's bills have to be held against. `bill_from` and `effective_at` are seconds of the plan's time."""

    quote_id: str
    agreed_at: Instant
    bill_from: int
    effective_at: int
    is_open: bool = True


class Turn(Record):
    """Whose change of a plan was begun last: what one change looked at, no other may alter before it is made."""

    quote_id: str
    since: Instant
    is_taken: bool

    def is_under_way(self, now: datetime) -> bool:
        """Whether somebody is at it just now."""
        return self.is_taken and now < self.since + UNDER_WAY


@dataclass(frozen=True)
class QuoteStore:
    table: Table

    def get(self, quote_id: str) -> ChangeQuote:
        """The quote as it is. Raises NotFound."""
        item = self.table.get(*_key(quote_id), consistent=True)
        if item is None:
            raise NotFound
        return ChangeQuote.model_validate(item)

    def put(self, quote: ChangeQuote) -> None:
        """Keep a new quote."""
        pk, sk = _key(quote.quote_id)
        body: Item = {**quote.model_dump(mode="json"), "kind": "change_quote", "expires_at": _expiry(quote)}
        self.table.write(Put({**body, "pk": pk, "sk": sk}, ABSENT))

    def turn(self, plan_id: str) -> Turn | None:
        """Whose turn it is or was; None before the first change of a plan. One round trip."""
        item = self.table.get(*_turn_key(plan_id), consistent=True)
        return Turn.model_validate(item) if item else None

    def claim(self, quote: ChangeQuote, audited: AuditEntry, seen: Turn | None) -> None:
        """From open to being confirmed, with its promise, its turn after the one that was seen, and the audit entry.

        Raises Conflict: quote_used when it is not open, change_running when another change came first.
        """
        promise = Promise(
            quote_id=quote.quote_id, agreed_at=audited.at, bill_from=quote.bill_from, effective_at=quote.effective_at
        )
        key: Item = {"pk": f"PLAN#{quote.plan_id}", "sk": f"P#{quote.quote_id}", "kind": "promise"}
        kept = {**promise.model_dump(mode="json"), **key, "expires_at": _expiry(quote)}
        turn = Turn(quote_id=quote.quote_id, since=audited.at, is_taken=True)
        free = Attr("quote_id").eq(seen.quote_id) & Attr("is_taken").eq(False) if seen else ABSENT
        claimed = _moved(quote, QuoteState.OPEN, {"used_by": quote.used_by})
        try:
            self._transact([claimed, Put(kept, ABSENT), _turn_put(quote, turn, free), audit_put(audited)])
        except Conflict:
            if self.get(quote.quote_id).state is QuoteState.OPEN:
                raise running() from None
            raise

    def done(self, quote: ChangeQuote) -> None:
        """The change is made, with the terms that it was sold by. Raises Conflict unless it is being confirmed."""
        confirmed = {"confirmed_at": quote.model_dump(mode="json")["confirmed_at"]}
        writes: list[Write] = [_moved(quote, QuoteState.CONFIRMING, confirmed), _turn_over(quote)]
        if quote.terms_after and quote.terms_after != quote.terms_before:
            writes.append(terms_put(quote.terms_after))
        self._transact(writes)

    def drop(self, quote: ChangeQuote, was: QuoteState, audited: AuditEntry | None = None) -> None:
        """It does not come about: no bill is held against it, and the terms are as they were. Raises Conflict."""
        writes: list[Write] = [_moved(quote, was, {}), Delete(f"PLAN#{quote.plan_id}", f"P#{quote.quote_id}")]
        if audited:
            writes.append(audit_put(audited))
        if was is QuoteState.CONFIRMING:
            writes.append(_turn_over(quote))
        if was is QuoteState.CONFIRMED and quote.terms_after and quote.terms_after != quote.terms_before:
            writes.append(terms_back(quote.terms_before, quote.terms_after))
        self._transact(writes)

    def promises(self, plan_id: str) -> list[Promise]:
        """All promises of a plan, as they are, the oldest quote first. One round trip."""
        key = Key("pk").eq(f"PLAN#{plan_id}") & Key("sk").begins_with("P#")
        page = self.table.query(key, limit=MOST_PROMISES, consistent=True)
        return [Promise.model_validate(item) for item in page.items]

    def compared(self, quote: ChangeQuote, comparison: Comparison) -> None:
        """Keep what came of the promise; the first comparison stays."""
        said = Update(
            *_key(quote.quote_id),
            set={"comparison": comparison.model_dump(mode="json")},
            condition=Attr("pk").exists() & Attr("comparison").not_exists(),
        )
        key = (f"PLAN#{quote.plan_id}", f"P#{quote.quote_id}")
        closed = Update(*key, set={"is_open": False}, condition=Attr("pk").exists())
        try:
            self.table.transact([said, closed])
        except ConditionFailed:
            return

    def note(self, audited: AuditEntry) -> None:
        """Keep an audit entry of what changes no quote."""
        self.table.write(audit_put(audited))

    def _transact(self, writes: list[Write]) -> None:
        try:
            self.table.transact(writes)
        except (ConditionFailed, Contended):
            raise Conflict("This quote has been used.", reason="quote_used") from None


def running() -> Conflict:
    """The error of a change that another one came before."""
    words = "Another change of this subscription is under way. Try again in a moment."
    return Conflict(words, reason="change_running")


def _turn_over(quote: ChangeQuote) -> Update:
    own = Attr("quote_id").eq(quote.quote_id)
    return Update(*_turn_key(quote.plan_id), set={"is_taken": False}, condition=own)


def _turn_put(quote: ChangeQuote, turn: Turn, free: ConditionBase) -> Put:
    pk, sk = _turn_key(quote.plan_id)
    kept = {**turn.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": "turn", "expires_at": _expiry(quote)}
    return Put(kept, free)


def _turn_key(plan_id: str) -> tuple[str, str]:
    return f"PLAN#{plan_id}", "#"


def _moved(quote: ChangeQuote, was: QuoteState, more: Item) -> Update:
    return Update(
        *_key(quote.quote_id), set={"state": quote.state.value, **more}, condition=Attr("state").eq(was.value)
    )


def _key(quote_id: str) -> tuple[str, str]:
    return f"CQ#{quote_id}", "#"


def _expiry(quote: ChangeQuote) -> int:
    return int((quote.made_at + KEPT).timestamp())
