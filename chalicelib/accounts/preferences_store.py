"""Keys of preferences.

| item             | pk            | sk                       | round trips, units                        |
| preferences      | `A#<account>` | `L$PREFS`                | get 1, 0.5 read                           |
| change of consent| `A#<account>` | `CONSENT#<instant>#<id>` | page 1, newest first                      |

A change: 2 reads and 1 transaction of preferences, head, audit entry and each consent that changed; 6 write units or
more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.preferences_model import ConsentEvent, Preferences
from chalicelib.accounts.store import summary_key
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionBase, Key, Put, Table, Write

PREFERENCES = "PREFS"


@dataclass(frozen=True)
class PreferenceStore:
    table: Table

    def of(self, account_id: str, *, consistent: bool = False) -> Preferences:
        """What the account's customer asked for; of an account that was never told anything, version 0."""
        item = self.table.get(*summary_key(account_id, PREFERENCES), consistent=consistent)
        return Preferences.model_validate(item) if item else Preferences(account_id=account_id)

    def writes(self, old: Preferences, new: Preferences, events: Sequence[ConsentEvent]) -> list[Write]:
        """The writes of a change, on condition that `old` still stands."""
        pk, sk = summary_key(new.account_id, PREFERENCES)
        item = {**new.model_dump(mode="json", exclude_none=True), "pk": pk, "sk": sk, "kind": "preferences"}
        return [Put(item, preferences_seen(old)), *(Put(_event_item(event), ABSENT) for event in events)]

    def history(self, account_id: str, limit: int, start: Item | None) -> tuple[list[ConsentEvent], Item | None]:
        """What was said about consents, newest first. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("CONSENT#")
        page = self.table.query(key, limit=limit, start=start, forward=False)
        return [ConsentEvent.model_validate(item) for item in page.items], page.next_key


def preferences_seen(preferences: Preferences) -> ConditionBase:
    """Holds while an account's preferences are as they were read."""
    return Attr("version").eq(preferences.version) if preferences.version else ABSENT


def _event_item(event: ConsentEvent) -> Item:
    key = {"pk": f"A#{event.account_id}", "sk": f"CONSENT#{format_instant(event.at)}#{event.event_id}"}
    return {**event.model_dump(mode="json"), **key, "kind": "consent"}
