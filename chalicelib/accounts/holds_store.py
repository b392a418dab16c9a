"""Keys of holds.

| item                 | pk            | sk        | round trips, units                               |
| holds of an account  | `A#<account>` | `L$HOLDS` | get 1, 0.5 read (1 consistent); change 1, 4 write |
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.accounts.heads import refuse_merged
from chalicelib.accounts.holds import AccountHolds
from chalicelib.accounts.store import head_key, summary_key
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionBase, ConditionFailed, Put, Table
from chalicelib.platform.errors import Conflict, NotFound

HOLDS = "HOLDS"


@dataclass(frozen=True)
class HoldStore:
    table: Table

    def of(self, account_id: str, *, consistent: bool = False) -> AccountHolds:
        """The holds of an account, none for an unknown one."""
        item = self.table.get(*summary_key(account_id, HOLDS), consistent=consistent)
        return AccountHolds.model_validate(item) if item else AccountHolds(account_id=account_id)

    def currency_of(self, account_id: str) -> str:
        """What the account is billed in. One round trip. Raises NotFound, AccountMerged."""
        head = self.table.get(*head_key(account_id), consistent=True)
        if head is None:
            raise NotFound("There is no account with this id.")
        refuse_merged(head.get("merged_into"))
        return str(head["currency"])

    def change(self, before: AccountHolds, after: AccountHolds, entry: AuditEntry) -> None:
        """One transaction with its audit entry. Raises Conflict when the holds were changed meanwhile."""
        pk, sk = summary_key(after.account_id, HOLDS)
        item = {**after.model_dump(mode="json", exclude_none=True), "pk": pk, "sk": sk, "kind": "holds"}
        try:
            self.table.transact([Put(item, holds_seen(before)), audit_put(entry)])
        except ConditionFailed:
            raise Conflict("The holds of this account were changed just now; read them again.") from None


def holds_seen(holds: AccountHolds) -> ConditionBase:
    """Holds while an account's holds are as they were read."""
    return Attr("version").eq(holds.version) if holds.version else ABSENT
