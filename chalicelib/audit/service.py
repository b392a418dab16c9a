"""Reading the audit trail."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import AuditStore
from chalicelib.platform.codec import Item


@dataclass(frozen=True)
class Audit:
    store: AuditStore

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[AuditEntry], Item | None]:
        """Changes of an account, newest first."""
        return self.store.page(f"A#{account_id}", limit, start)

    def of_case(self, case_id: str, limit: int, start: Item | None) -> tuple[list[AuditEntry], Item | None]:
        """Changes of a case, newest first."""
        return self.store.page(f"C#{case_id}", limit, start)
