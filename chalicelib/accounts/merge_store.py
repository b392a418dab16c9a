"""Keys of merges.

| item  | pk           | sk  | round trips, units |
| merge | `MG#<merge>` | `#` | get 1, 0.5 read    |

A merge is one transaction of both heads with their pointers, the merge, two audit entries, and three writes for each
open case; a hundred writes at most. What rests on the duplicate's ledger is checked in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.merge_model import Merge
from chalicelib.accounts.store import HeadMoved
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Put, Table, Write


@dataclass(frozen=True)
class MergeStore:
    table: Table

    def get(self, merge_id: str) -> Merge | None:
        """As it truly is. One round trip."""
        item = self.table.get(f"MG#{merge_id}", "#", consistent=True)
        return Merge.model_validate(item) if item else None

    def write(self, old: Merge | None, new: Merge, others: Sequence[Write]) -> None:
        """The merge with all that belongs to it, in one transaction. Raises HeadMoved when anything of it is not as it
        was read."""
        standing = Attr("state").eq(old.state.value) if old else ABSENT
        item = {**new.model_dump(mode="json"), "pk": f"MG#{new.merge_id}", "sk": "#", "kind": "merge"}
        try:
            self.table.transact([*others, Put(item, standing)])
        except (ConditionFailed, Contended):
            raise HeadMoved(new.merge_id) from None
