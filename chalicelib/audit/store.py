"""Audit entries stand in the partition of what they are about, so that they go into the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.audit.model import AuditEntry
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Key, Page, Put, Table


def audit_put(entry: AuditEntry) -> Put:
    """The write of an entry; refused when its id exists: entries are never changed."""
    key = {"pk": entry.subject_key, "sk": f"U#{format_instant(entry.at)}#{entry.entry_id}", "kind": "audit"}
    return Put({**entry.model_dump(mode="json"), **key}, ABSENT)


@dataclass(frozen=True)
class AuditStore:
    table: Table

    def page(self, subject_key: str, limit: int, start: Item | None) -> tuple[list[AuditEntry], Item | None]:
        """Entries of one resource, newest first. One round trip."""
        key = Key("pk").eq(subject_key) & Key("sk").begins_with("U#")
        page: Page = self.table.query(key, limit=limit, start=start, forward=False)
        return [AuditEntry.model_validate(item) for item in page.items], page.next_key
