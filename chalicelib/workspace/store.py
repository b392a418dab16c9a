"""Queries of the workspace: two that do not wait for each other, whatever the account has.

| query      | pk                | sk            | round trips, units                                                |
| summary    | `A#<account>`     | `L#` to `L$~` | 1, 0.5 read for each 4 KB: the summary, the newest ledger entry   |
|            |                   |               | and as many older ones as a page has room for                     |
| open cases | gs1 `A#<account>` | `O#`          | 1, 0.5 read for each 4 KB                                         |

The summary is read backwards: `L$<NAME>` of each domain that has something to say at a glance, then the ledger. Should
there ever be more items than a page has room for, the next page is read rather than a balance left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.store import SUMMARY
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Key, Table
from chalicelib.workspace.glance import LEDGER

ROOM: Final = 16
"""Items of a page of the summary: some more than there are domains that have something to say."""
MOST_CASES: Final = 25


@dataclass(frozen=True)
class WorkspaceStore:
    table: Table

    def summary(self, account_id: str) -> Mapping[str, Item]:
        """What each domain says of the account at a glance, by the name of its item; the newest entry of the ledger is
        LEDGER. Empty without an account. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").between(LEDGER, f"{SUMMARY}~")
        found: dict[str, Item] = {}
        start: Item | None = None
        while True:
            page = self.table.query(key, limit=ROOM, forward=False, start=start)
            for item in page.items:
                found.setdefault(_name(item), item)
            if LEDGER in found or (start := page.next_key) is None:
                return found

    def open_cases(self, account_id: str) -> list[Item]:
        """Heads of the account's cases that are not done, the newest 25 of them, newest first. One round trip."""
        key = Key("gs1pk").eq(f"A#{account_id}") & Key("gs1sk").begins_with("O#")
        return self.table.query(key, index="gs1", limit=MOST_CASES, forward=False).items


def _name(item: Item) -> str:
    sk = str(item["sk"])
    return sk.removeprefix(SUMMARY) if sk.startswith(SUMMARY) else LEDGER
