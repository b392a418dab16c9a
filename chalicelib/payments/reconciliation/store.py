"""Keys and queries of reconciliations.

| item         | pk           | sk                  | gs2                      | round trips                     |
| run          | `RECON#<id>` | `#`                 | `RECON` / `<begun>#<id>` | get, begin, move 1 each; page 2 |
| disagreement | `RECON#<id>` | `D#<object>#<what>` |                          | put 1; page 1                   |
| ends         | `RECON`      | `#`                 |                          | get 1, put 1                    |

The ends are until where each walk has ever come.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.payments.reconciliation.model import Disagreement, Run
from chalicelib.platform.clock import format_instant, parse_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Key, Put, Table, Update

KEPT: Final = timedelta(days=400)
_RUNS: Final = "RECON"
_ENDS: Final = ("RECON", "#")


class Overtaken(Exception):
    """Another process has moved the run on meanwhile."""


@dataclass(frozen=True)
class RunStore:
    table: Table

    def begin(self, run: Run, audit: AuditEntry | None = None) -> Run:
        """Keep a new run, or return the one that stands under its id."""
        try:
            self.table.transact([Put(_item(run), ABSENT), *([audit_put(audit)] if audit else [])])
        except (ConditionFailed, Contended):
            standing = self.get(run.reconciliation_id)
            if standing is None:
                raise
            return standing
        return run

    def get(self, reconciliation_id: str) -> Run | None:
        """The run as it is."""
        item = self.table.get(f"RECON#{reconciliation_id}", "#", consistent=True)
        return Run.model_validate(item) if item else None

    def newest(self, limit: int, start: Item | None) -> tuple[list[Run], Item | None]:
        """Runs, the newest first. Two round trips: the index has the keys alone."""
        page = self.table.query(Key("gs2pk").eq(_RUNS), index="gs2", limit=limit, start=start, forward=False)
        keys = [(item["pk"], item["sk"]) for item in page.items]
        items = self.table.get_many(keys)
        return [Run.model_validate(items[key]) for key in keys if key in items], page.next_key

    def move(self, before: Run, after: Run) -> None:
        """Keep a run that got further. Raises Overtaken."""
        try:
            self.table.write(Put(_item(after), Attr("version").eq(before.version)))
        except ConditionFailed:
            raise Overtaken from None

    def note(self, run: Run, found: Disagreement) -> None:
        """Keep what a run cannot explain; the same again changes nothing."""
        key = {"pk": f"RECON#{run.reconciliation_id}", "sk": f"D#{found.object_id}#{found.what}"}
        about = {"kind": "disagreement", "expires_at": _expiry(run)}
        self.table.write(Put({**found.model_dump(mode="json"), **key, **about}))

    def noted(self, reconciliation_id: str, limit: int, start: Item | None) -> tuple[list[Disagreement], Item | None]:
        """What a run could not explain."""
        key = Key("pk").eq(f"RECON#{reconciliation_id}") & Key("sk").begins_with("D#")
        page = self.table.query(key, limit=limit, start=start)
        return [Disagreement.model_validate(item) for item in page.items], page.next_key

    def ends(self) -> dict[str, datetime]:
        """Until where each walk has ever come; nothing for one that never ended."""
        item = self.table.get(*_ENDS, consistent=True) or {}
        return {name.removeprefix("end_"): parse_instant(at) for name, at in item.items() if name.startswith("end_")}

    def end(self, walk: str, until: datetime) -> None:
        """Keep that a walk came to its end, unless another came further."""
        name, at = f"end_{walk}", format_instant(until)
        further = Attr(name).not_exists() | Attr(name).lt(at)
        with suppress(ConditionFailed):
            self.table.write(Update(*_ENDS, set={"kind": "progress", name: at}, condition=further))


def _item(run: Run) -> Item:
    listed = {"gs2pk": _RUNS, "gs2sk": f"{format_instant(run.begun_at)}#{run.reconciliation_id}"}
    key = {"pk": f"RECON#{run.reconciliation_id}", "sk": "#", "kind": "reconciliation", "expires_at": _expiry(run)}
    return {**run.model_dump(mode="json"), **key, **listed}


def _expiry(run: Run) -> int:
    return int((run.begun_at + KEPT).timestamp())
