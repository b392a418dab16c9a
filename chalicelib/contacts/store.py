"""Keys and queries of contacts, and the two views over all that belongs to an account.

| item    | pk            | sk  | gs1 (when the account is known)           | round trips, units            |
| contact | `X#<contact>` | `#` | `A#<account>` / `I#<initiated>#<contact>` | put 1, 1 write (2 on gs1)     |

The account index holds the head at `O!`, open cases at `O#`, done ones at `D#` and contacts at `I#`, the account's own
partition its payments at `P#` and letters at `M#`, each followed by `<instant>#<id>`; so the head and the open cases
are one query, and a timeline is one query for each prefix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chalicelib.contacts.model import Contact
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Key, Put, Table

_OWN = frozenset({"M", "P"})
_PAGE = 1000
"""More items than fit into the 1 MB of a page."""


@dataclass(frozen=True)
class ContactStore:
    table: Table

    def keep(self, contact: Contact) -> bool:
        """Store this version of the contact unless the one that stands is as new or newer. One round trip."""
        newer = ABSENT | Attr("updated_at").lt(format_instant(contact.updated_at))
        try:
            self.table.write(Put(_item(contact), newer))
        except ConditionFailed:
            return False
        return True

    def caller(self, account_id: str) -> tuple[Item | None, list[Item]]:
        """The account's head and its open cases, oldest first. One round trip."""
        key = Key("gs1pk").eq(f"A#{account_id}") & Key("gs1sk").begins_with("O")
        items = self.table.query(key, index="gs1", limit=_PAGE).items
        head = next((item for item in items if item.get("kind") == "account"), None)
        return head, [item for item in items if item.get("kind") == "case"]

    def history(self, account_id: str, prefix: str, before: str | None, limit: int) -> list[Item]:
        """Items of one kind of an account, newest first, from below the position `<instant>#<id>`. One round trip."""
        first, last = f"{prefix}#", f"{prefix}#{before or '~'}"
        index: Literal["gs1"] | None = None if prefix in _OWN else "gs1"
        pk, sk = (f"{index}pk", f"{index}sk") if index else ("pk", "sk")
        key = Key(pk).eq(f"A#{account_id}") & Key(sk).between(first, last)
        items = self.table.query(key, index=index, forward=False, limit=limit + 1).items
        return [item for item in items if item[sk] != last][:limit]


def _item(contact: Contact) -> Item:
    item = {**contact.model_dump(mode="json"), "pk": f"X#{contact.contact_id}", "sk": "#", "kind": "contact"}
    if contact.account_id:
        position = f"{format_instant(contact.initiated_at)}#{contact.contact_id}"
        item |= {"gs1pk": f"A#{contact.account_id}", "gs1sk": f"I#{position}"}
    return item
