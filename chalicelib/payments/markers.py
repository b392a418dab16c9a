"""The traces of Stripe's events: their repeats do nothing, and those that could not be applied can be replayed.

| item           | pk                 | sk  | gs2 (parked ones only)          | round trips, units            |
| event's marker | `W#stripe#<event>` | `#` | `PARKED#stripe` / `<at>#<event>`| stands 1, 0.5 read; keep 1, 1 |

Stripe repeats for three days and keeps events for thirty; markers expire after forty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.platform.clock import Instant, format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Key, Put, Table
from chalicelib.platform.fields import Record

KEPT_DAYS = 40
_PARKED = "PARKED#stripe"
_WAS_PARKED = Attr("outcome").eq("parked")


class Outcome(StrEnum):
    """What became of an event; kept with its marker. `noted` changed nothing because others say all that counts."""

    APPLIED = "applied"
    OLDER = "older"
    NOTED = "noted"
    UNMATCHED = "unmatched"
    IGNORED = "ignored"
    PARKED = "parked"


class Marker(Record):
    """The trace of an event that was dealt with."""

    event_id: str
    event_type: str
    api_version: str | None
    object_id: str | None
    outcome: Outcome
    at: Instant

    def expires_at(self) -> int:
        """Epoch seconds."""
        return int(self.at.timestamp()) + KEPT_DAYS * 86_400


@dataclass(frozen=True)
class MarkerStore:
    table: Table

    def stands(self, event_id: str) -> bool:
        """Whether the event was dealt with; a parked one was not."""
        item = self.table.get(f"W#stripe#{event_id}", "#")
        return item is not None and item["outcome"] != Outcome.PARKED

    def standing(self, event_ids: Iterable[str]) -> set[str]:
        """Those of many events that were dealt with. One round trip for each hundred."""
        items = self.table.get_many((f"W#stripe#{event_id}", "#") for event_id in event_ids)
        return {pk.removeprefix("W#stripe#") for (pk, _), item in items.items() if item["outcome"] != Outcome.PARKED}

    def keep(self, marker: Marker) -> bool:
        """Keep the trace; False when it was kept before. A parked event's trace gives way to a better one."""
        listed = {}
        if marker.outcome is Outcome.PARKED:
            listed = {"gs2pk": _PARKED, "gs2sk": f"{format_instant(marker.at)}#{marker.event_id}"}
        key = {"pk": f"W#stripe#{marker.event_id}", "sk": "#", "kind": "webhook", "expires_at": marker.expires_at()}
        news = ABSENT | _WAS_PARKED if marker.outcome is not Outcome.PARKED else ABSENT
        try:
            self.table.write(Put({**marker.model_dump(mode="json"), **key, **listed}, news))
        except ConditionFailed:
            return False
        return True

    def parked(self, limit: int, start: Item | None = None) -> tuple[list[str], Item | None]:
        """Ids of parked events, the oldest first. One round trip."""
        page = self.table.query(Key("gs2pk").eq(_PARKED), index="gs2", limit=limit, start=start)
        return [str(item["pk"]).removeprefix("W#stripe#") for item in page.items], page.next_key
