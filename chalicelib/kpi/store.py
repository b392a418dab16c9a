"""Keys and queries of facts and of the chains that make them.

| item   | pk                   | sk         | round trips, units                                |
| fact   | `K#<hour>#<shard>`   | `<entity>` | put 1, 1 write; an hour is read by shards         |
| chain  | `KC#<chain>`         | `#`        | update 1, 1 write                                 |
| dirty  | `DIRTY#0`            | `<hour>`   | put 1, 1 write, once for each hour of a batch     |
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.contacts.model import Contact
from chalicelib.kpi.calls import Chain, Leg
from chalicelib.kpi.facts import Fact
from chalicelib.kpi.fold import Row
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Attr, ConditionFailed, Delete, Key, Put, Table, Update

SHARDS: Final = 4
"""Partitions of an hour: each takes some 1,000 facts a second."""
_DIRTY: Final = "DIRTY#0"
_PAGE: Final = 10_000
"""More than 1 MB holds, so that a page is as long as it can be."""
_LEG: Final = "leg_"


@dataclass(frozen=True)
class Marker:
    """An hour whose facts changed since it was folded last; the token is new with each change."""

    hour: str
    token: str


@dataclass(frozen=True)
class FactStore:
    table: Table

    def put(self, fact: Fact) -> None:
        """Store a fact unless its version or a newer one stands there. One round trip."""
        item = {
            "pk": _partition(fact.hour, zlib.crc32(fact.entity.encode()) % SHARDS), "sk": fact.entity, "kind": "fact",
            "version": fact.version, "rows": [row.model_dump(exclude_defaults=True) for row in fact.rows],
        }  # fmt: skip
        try:
            self.table.write(Put(item, Attr("version").not_exists() | Attr("version").lt(fact.version)))
        except ConditionFailed:
            return

    def rows(self, hour: str) -> Iterator[Row]:
        """All rows of an hour as they stand now: consistent reads, page by page."""
        for shard in range(SHARDS):
            key, start = Key("pk").eq(_partition(hour, shard)), None
            while True:
                page = self.table.query(key, limit=_PAGE, start=start, consistent=True)
                for item in page.items:
                    yield from (Row.model_validate(row) for row in item["rows"])
                start = page.next_key
                if start is None:
                    break

    def join(self, chain_id: str, contact: Contact, row: Row | None) -> Chain:
        """Put this version of a leg into its chain unless a newer is there; the chain as it is then. One round trip.

        `row` None takes the leg out. The count of changes orders all states of the chain, whoever wrote them.
        """
        name, seen = f"{_LEG}{contact.contact_id}", format_instant(contact.updated_at)
        leg: Item = {"seen": seen}
        if row:
            leg |= {"at": format_instant(contact.initiated_at), "row": row.model_dump(exclude_defaults=True)}
        newer = Attr(name).not_exists() | Attr(f"{name}.seen").lt(seen)
        update = Update(f"KC#{chain_id}", "#", set={"kind": "chain", name: leg}, add={"changes": 1}, condition=newer)
        try:
            return _chain(chain_id, self.table.update(update))
        except ConditionFailed as standing:
            return _chain(chain_id, standing.item or {})

    def mark(self, hours: Iterable[str], token: str) -> None:
        """Say that facts of these hours changed; to be called after they were put. One round trip each."""
        for hour in sorted(hours):
            self.table.write(Put({"pk": _DIRTY, "sk": hour, "kind": "dirty", "token": token}))

    def dirty(self) -> list[Marker]:
        """The hours that changed, oldest first; at most 1 MB of them, the rest next time. One round trip."""
        page = self.table.query(Key("pk").eq(_DIRTY), limit=_PAGE, consistent=True)
        return [Marker(item["sk"], item["token"]) for item in page.items]

    def clean(self, marker: Marker) -> None:
        """Take a marker away, unless the hour changed again meanwhile. One round trip."""
        try:
            self.table.write(Delete(_DIRTY, marker.hour, Attr("token").eq(marker.token)))
        except ConditionFailed:
            return


def _partition(hour: str, shard: int) -> str:
    return f"K#{hour}#{shard}"


def _chain(chain_id: str, item: Item) -> Chain:
    legs = [
        Leg(contact_id=name.removeprefix(_LEG), at=leg["at"], row=leg["row"])
        for name, leg in item.items()
        if name.startswith(_LEG) and "row" in leg
    ]
    return Chain(chain_id=chain_id, changes=item["changes"], legs=tuple(legs))
