"""Keys and queries of cases.

| item                 | pk           | sk                 | gs1                           | gs2                    |
| head, open or pending| `C#<case>`   | `#`                | owner / `O#<created>#<case>`  | queue / `<due>#<case>` |
| head, done           | `C#<case>`   | `#`                | owner / `D#<created>#<case>`  | none                   |
| opening message      | `C#<case>`   | `T#!`              |                               |                        |
| acknowledgement      | `C#<case>`   | `T#!ack`           |                               |                        |
| message, note, event | `C#<case>`   | `T#<instant>#<id>` |                               |                        |
| mark of a mail       | `MID#<hash>` | `#`                |                               |                        |

An owner is `A#<account>` or `E?#<hash of mail>`, a queue `Q#<queue>#<shard>`. What waits for the customer is not due
and sorts last (`~`).
Messages and events share one range, so that a timeline in the order of time is one query. The opening message and the
acknowledgement have fixed keys, so that a repeat meets them whenever it comes. A change of a case is one transaction of
its head (in the version that was read), the entries and the audit entry. Opening from mail is ordered single writes
instead (`mailbox.py`): half the units."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.cases.messages import CaseEvent, Entry, Message
from chalicelib.cases.model import Case, CaseRef, Queue
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Key, Put, Table, Write

OPENING, ACKNOWLEDGEMENT = "T#!", "T#!ack"
_NOT_DUE = "~"
_DONE_PREFIX, _OPEN_PREFIX = "D#", "O#"


class CaseChanged(Exception):
    """The case is not in the version that was read any more."""


class AlreadyThere(Exception):
    """A first write met `item`, which was there before."""

    def __init__(self, item: Item) -> None:
        super().__init__("already there")
        self.item = item


@dataclass(frozen=True)
class CaseStore:
    """`shards` spreads one queue over that many index partitions; it may grow at any time, reads merge them."""

    table: Table
    shards: int = 1

    def get(self, case_id: str, *, consistent: bool = False) -> Case | None:
        item = self.table.get(case_pk(case_id), "#", consistent=consistent)
        return Case.model_validate(item) if item else None

    def open(self, case: Case, opening: Message, audit: AuditEntry) -> None:
        """Head, opening message and audit entry in one transaction. Raises AlreadyThere."""
        writes = [Put(self.head_item(case), ABSENT), Put(entry_item(opening, OPENING), ABSENT), audit_put(audit)]
        try:
            self.table.transact(writes)
        except ConditionFailed as standing:
            raise AlreadyThere(standing.item or {}) from None

    def change(
        self,
        old: Case | None,
        new: Case,
        entries: Sequence[Entry],
        audit: AuditEntry | None,
        first: Sequence[Write] = (),
    ) -> None:
        """`first`, head, entries and audit entry in one transaction; without `old` the case is begun. Raises
        AlreadyThere when one of `first` stands, else CaseChanged."""
        head = Put(self.head_item(new), Attr("version").eq(old.version) if old else ABSENT)
        puts = [Put(entry_item(entry), ABSENT) for entry in entries]
        writes: list[Write] = [*first, head, *puts, *([audit_put(audit)] if audit else [])]
        try:
            self.table.transact(writes)
        except ConditionFailed as failed:
            if failed.index < len(first):
                raise AlreadyThere(failed.item or {}) from None
            raise CaseChanged(new.case_id) from None
        except Contended:
            raise CaseChanged(new.case_id) from None

    def timeline(self, case_id: str, limit: int, start: Item | None) -> tuple[list[Entry], Item | None]:
        """Messages, notes and events, oldest first. One round trip."""
        key = Key("pk").eq(case_pk(case_id)) & Key("sk").begins_with("T#")
        page = self.table.query(key, limit=limit, start=start)
        return [entry_of(item) for item in page.items], page.next_key

    def keyed_timeline(
        self, case_id: str, limit: int, start: Item | None
    ) -> tuple[list[tuple[str, Entry]], Item | None]:
        """The same as `timeline`, each line with its sort key. One round trip."""
        key = Key("pk").eq(case_pk(case_id)) & Key("sk").begins_with("T#")
        page = self.table.query(key, limit=limit, start=start)
        return [(str(item["sk"]), entry_of(item)) for item in page.items], page.next_key

    def before(self, case_id: str, sk: str, limit: int = 25, *, consistent: bool = False) -> list[Message]:
        """The messages that stand before the key `sk`, newest first. One round trip."""
        key = Key("pk").eq(case_pk(case_id)) & Key("sk").between(OPENING, sk)
        items = self.table.query(key, limit=limit, forward=False, consistent=consistent).items
        return [Message.model_validate(item) for item in items if item["kind"] == "message" and item["sk"] != sk]

    def message_at(self, pk: str, sk: str) -> Message | None:
        item = self.table.get(pk, sk, consistent=True)
        return Message.model_validate(item) if item else None

    def in_queues(self, queues: Sequence[Queue], limit: int, after: str) -> tuple[list[CaseRef], str | None]:
        """Cases that are not done in these queues, soonest due first, beyond the position `after` ("" at first).

        One round trip for each queue and shard. The second value is the position to go on from, None at the end.
        """
        found: list[Item] = []
        ended = True
        for partition in (f"Q#{queue}#{shard}" for queue in queues for shard in range(self.shards)):
            key = Key("gs2pk").eq(partition) & Key("gs2sk").gt(after or " ")
            page = self.table.query(key, index="gs2", limit=limit)
            found += page.items
            ended = ended and page.next_key is None
        found.sort(key=lambda item: str(item["gs2sk"]))
        shown = found[:limit]
        more = shown and not (ended and len(found) <= limit)
        return [CaseRef.model_validate(item) for item in shown], str(shown[-1]["gs2sk"]) if more else None

    def of_owner(self, owner: str, done: bool, limit: int, start: Item | None) -> tuple[list[CaseRef], Item | None]:
        """Cases of one owner (see `account_owner`, `mail_owner`) that are done or are not, newest first. One round
        trip."""
        key = Key("gs1pk").eq(owner) & Key("gs1sk").begins_with(_DONE_PREFIX if done else _OPEN_PREFIX)
        page = self.table.query(key, index="gs1", limit=limit, forward=False, start=start)
        return [CaseRef.model_validate(item) for item in page.items], page.next_key

    def head_item(self, case: Case) -> Item:
        """The head as it is stored: what is empty is left out, what lists need is added."""
        due = format_instant(case.due_at) if case.due_at else _NOT_DUE
        created = f"{format_instant(case.created_at)}#{case.case_id}"
        owner = owner_of(case)
        listed: Item = {}
        if owner:
            listed |= {"gs1pk": owner, "gs1sk": (_DONE_PREFIX if case.is_done else _OPEN_PREFIX) + created}
        if not case.is_done:
            listed |= {"gs2pk": f"Q#{case.queue}#{self._shard(case.case_id)}", "gs2sk": f"{due}#{case.case_id}"}
        plain = case.model_dump(mode="json", exclude_none=True)
        kept = {name: value for name, value in plain.items() if value not in ("", False) or name in _SHOWN}
        return {"pk": case_pk(case.case_id), "sk": "#", "kind": "case", **kept, **listed}

    def _shard(self, case_id: str) -> int:
        return int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:4]) % self.shards


_SHOWN = frozenset({"test", "reopened", "subject"})
"""Attributes of the head that readers of the table's stream find even when they are empty."""


def case_pk(case_id: str) -> str:
    return f"C#{case_id}"


def owner_of(case: Case) -> str | None:
    """The gs1 partition of a case: its account, else its unknown requester, else none."""
    if case.account_id:
        return account_owner(case.account_id)
    return mail_owner(case.requester) if case.requester else None


def account_owner(account_id: str) -> str:
    return f"A#{account_id}"


def mail_owner(requester: str) -> str:
    return "E?#" + hashlib.sha256(requester.lower().encode()).hexdigest()


def entry_item(entry: Entry, sk: str | None = None) -> Item:
    """A message or event as it is stored; empty fields are left out."""
    plain: dict[str, Any] = entry.model_dump(mode="json", exclude_none=True)
    kind, entry_id = ("message", entry.message_id) if isinstance(entry, Message) else ("case_event", entry.event_id)
    kept = {name: value for name, value in plain.items() if value not in ("", [], False)}
    return {"pk": case_pk(entry.case_id), "sk": sk or f"T#{format_instant(entry.at)}#{entry_id}", "kind": kind, **kept}


def entry_of(item: Item) -> Entry:
    return Message.model_validate(item) if item["kind"] == "message" else CaseEvent.model_validate(item)
