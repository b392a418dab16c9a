"""Keys of quotes, and of the notes about what a household can afford. Both are forgotten by themselves.

| item  | pk            | sk             | round trips, units                                          |
| quote | `PQ#<quote>`  | `#`            | get 1, 1 read for each 4 KB; kept 30 days beyond its expiry |
| note  | `A#<account>` | `BUDGET#<note>`| of an account 1; erased by its id 1                         |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.plans.affordability import AffordabilityNote
from chalicelib.plans.quote import Quote
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Delete, Key, Put, Table, Write
from chalicelib.platform.errors import NotFound

KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class QuoteStore:
    table: Table

    def get(self, quote_id: str) -> Quote:
        """Raises NotFound."""
        item = self.table.get(*_key(quote_id), consistent=True)
        if item is None:
            raise NotFound
        return Quote.model_validate(item)

    def add(self, quote: Quote, note: AffordabilityNote | None, note_until: datetime, entry: AuditEntry) -> None:
        """The quote with its note, which is kept until an instant, and the audit entry; one transaction."""
        pk, sk = _key(quote.quote_id)
        own = {"pk": pk, "sk": sk, "kind": "plan_quote", "expires_at": _epoch(quote.valid_until + KEPT)}
        writes: list[Write] = [Put({**quote.model_dump(mode="json", exclude_none=True), **own}, ABSENT)]
        if note:
            told = {**note.model_dump(mode="json", exclude_none=True), **_note(note.account_id, note.note_id)}
            writes.append(Put({**told, "kind": "affordability_note", "expires_at": _epoch(note_until)}))
        self.table.transact([*writes, audit_put(entry)])

    def notes(self, account_id: str, limit: int, start: Item | None) -> tuple[list[AffordabilityNote], Item | None]:
        """What an account told, newest first. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("BUDGET#")
        page = self.table.query(key, limit=limit, start=start, forward=False)
        return [AffordabilityNote.model_validate(item) for item in page.items], page.next_key

    def erase(self, account_id: str, note_id: str, entry: AuditEntry) -> None:
        """For good; the audit entry says that it was, not what it held. Raises NotFound."""
        key = _note(account_id, note_id)
        try:
            self.table.transact([Delete(key["pk"], key["sk"], Attr("pk").exists()), audit_put(entry)])
        except ConditionFailed:
            raise NotFound from None


def _key(quote_id: str) -> tuple[str, str]:
    return f"PQ#{quote_id}", "#"


def _note(account_id: str, note_id: str) -> dict[str, str]:
    return {"pk": f"A#{account_id}", "sk": f"BUDGET#{note_id}"}


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
