"""Keys of policies.

| item           | pk           | sk                       | round trips, units                |
| policy version | `POL#<name>` | `<effective from>#<seq>` | all of one policy 1, 0.5 read     |

Their audit entries (`U#`) stand behind them.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.dynamo import ABSENT, ConditionFailed, Key, Put, Table
from chalicelib.platform.errors import Conflict
from chalicelib.policy.model import PolicyVersion


@dataclass(frozen=True)
class PolicyStore:
    table: Table

    def versions(self, name: str) -> list[PolicyVersion]:
        """The newest hundred versions of a policy, those that begin last first. One round trip."""
        key = Key("pk").eq(f"POL#{name}") & Key("sk").lt("U#")
        page = self.table.query(key, limit=100, forward=False)
        return [PolicyVersion.model_validate(item) for item in page.items]

    def add(self, version: PolicyVersion, entry: AuditEntry) -> None:
        """One transaction with its audit entry. Raises Conflict when another was set meanwhile."""
        key = {"pk": f"POL#{version.name}", "sk": f"{version.effective_from}#{version.seq:04d}", "kind": "policy"}
        try:
            self.table.transact([Put({**version.model_dump(mode="json"), **key}, ABSENT), audit_put(entry)])
        except ConditionFailed:
            raise Conflict("This policy was set by somebody else just now; read it again.") from None
