"""Keys and queries of requests for approval.

| item     | pk              | sk  | GS1                          | GS2, until it is over             | write units    |
| approval | `AP#<approval>` | `#` | `A#<account>` / `AP#<asked>` | `Q#approvals` / `<asked>#<id>`    | 8 with audit  |

A page of those that wait costs a query and one batch of reads, for that index holds few fields; one of an account's a
query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.approvals.model import Approval, ApprovalState
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Key, Put, Table
from chalicelib.platform.errors import Conflict

_PENDING: Final = "Q#approvals"
_WAITING: Final = frozenset({ApprovalState.PENDING, ApprovalState.APPROVED})


@dataclass(frozen=True)
class ApprovalStore:
    table: Table

    def get(self, approval_id: str, *, consistent: bool = False) -> Approval | None:
        item = self.table.get(*_key(approval_id), consistent=consistent)
        return Approval.model_validate(item) if item else None

    def add(self, approval: Approval, entry: AuditEntry) -> None:
        """With its audit entry. Raises Conflict for an id that was used."""
        self._put(approval, ABSENT, entry)

    def change(self, old: Approval, new: Approval, entry: AuditEntry) -> None:
        """With its audit entry. Raises Conflict when somebody else decided meanwhile."""
        self._put(new, Attr("version").eq(old.version), entry)

    def pending(self, limit: int, start: Item | None) -> tuple[list[Approval], Item | None]:
        """Those that wait for a decision, or were approved and are still to be done, oldest first."""
        page = self.table.query(Key("gs2pk").eq(_PENDING), index="gs2", limit=limit, start=start)
        keys = [(item["pk"], item["sk"]) for item in page.items]
        found = self.table.get_many(keys) if keys else {}
        return [Approval.model_validate(found[key]) for key in keys if key in found], page.next_key

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Approval], Item | None]:
        """Those of an account, newest first."""
        key = Key("gs1pk").eq(f"A#{account_id}") & Key("gs1sk").begins_with("AP#")
        page = self.table.query(key, index="gs1", limit=limit, start=start, forward=False)
        return [Approval.model_validate(item) for item in page.items], page.next_key

    def _put(self, approval: Approval, condition: Any, entry: AuditEntry) -> None:
        try:
            self.table.transact([Put(_item(approval), condition), audit_put(entry)])
        except ConditionFailed:
            raise Conflict("This request has been decided by somebody else just now.") from None


def _key(approval_id: str) -> tuple[str, str]:
    return f"AP#{approval_id}", "#"


def _item(approval: Approval) -> Item:
    pk, sk = _key(approval.approval_id)
    asked = format_instant(approval.asked_at)
    listed: Sequence[tuple[str, str]] = (
        [("gs2pk", _PENDING), ("gs2sk", f"{asked}#{approval.approval_id}")] if approval.state in _WAITING else []
    )
    own = {"pk": pk, "sk": sk, "kind": "approval", "gs1pk": f"A#{approval.account_id}", "gs1sk": f"AP#{asked}"}
    return {**approval.model_dump(mode="json"), **own, **dict(listed)}
