"""The due markers that billing writes with each invoice, and how far they have been gone through.

| item            | pk              | sk                    | round trips, units     |
| due marker      | `DUE#<due day>` | `<account>#<invoice>` | a page 1               |
| progress        | `JOB#overdue`   | `#`                   | 1; 1 write a page      |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.platform.dynamo import Key, Put, Table
from chalicelib.platform.fields import Record

_PROGRESS = ("JOB#overdue", "#")


class Progress(Record):
    """All days before `day` are done, and of that day the markers up to the sort key `after` ("" for none)."""

    day: date
    after: str = ""


class DueMarker(Record):
    """An invoice that was to be paid by a day; whether it was, the ledger says."""

    sk: str
    account_id: str
    invoice_id: str


@dataclass(frozen=True)
class DueStore:
    table: Table

    def due(self, progress: Progress, limit: int) -> list[DueMarker]:
        """The next markers of the day, in the order of their keys; fewer than `limit` when it ends with them."""
        key = Key("pk").eq(f"DUE#{progress.day}") & Key("sk").gt(progress.after or " ")
        return [DueMarker.model_validate(item) for item in self.table.query(key, limit=limit).items]

    def progress(self) -> Progress | None:
        item = self.table.get(*_PROGRESS, consistent=True)
        return Progress.model_validate(item) if item else None

    def keep(self, progress: Progress) -> None:
        pk, sk = _PROGRESS
        self.table.write(Put({"pk": pk, "sk": sk, "kind": "progress", **progress.model_dump(mode="json")}))
