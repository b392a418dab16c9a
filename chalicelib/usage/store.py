"""Keys and transactions of use.

| item       | pk                               | sk                   | round trips, units                            |
| record     | `UR#<record>`                    | `#`                  | those of a call 1; 4 writes each with index   |
| in gs1     | `UR#<subscription>#<first day>`  | `<instant>#<record>` | a page of a period 1                          |
| rules      | `A#<account>`                    | `USE#CONTROL`        | get 1; checked with each count, 2 writes      |
| counters   | `A#<account>`                    | `USE#M#<month>`      | get 1, 13 newest 1; 2 writes a KB, each count |

A count is one transaction: the records, the counters of their months, and the check that the rules are still those that
it was decided by. Each has a version as its condition, so that of two at once one decides again. A counter item holds
about 150 bytes for each subscription and period, under 1 KB for a household.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import (
    ABSENT,
    Attr,
    Check,
    ConditionBase,
    ConditionFailed,
    Contended,
    Key,
    Put,
    Table,
    Write,
)
from chalicelib.usage.control import Control
from chalicelib.usage.counters import Month
from chalicelib.usage.model import UsageMoved, UsageRecord

MONTHS_READ = 13


@dataclass(frozen=True)
class UsageStore:
    table: Table

    def control(self, account_id: str) -> Control | None:
        """The rules as they are. One round trip."""
        item = self.table.get(*_control_key(account_id), consistent=True)
        return Control.model_validate(item) if item else None

    def months(self, account_id: str, months: Iterable[str]) -> dict[str, Month]:
        """The counters of these months as they are, empty ones where nothing was counted. One round trip each."""
        found = {
            month: self.table.get(*_month_key(account_id, month), consistent=True) for month in sorted(set(months))
        }
        return {
            month: Month.model_validate(item) if item else Month(account_id=account_id, month=month)
            for month, item in found.items()
        }

    def newest_months(self, account_id: str) -> list[Month]:
        """The counters of the newest thirteen months as they are, newest first. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("USE#M#")
        page = self.table.query(key, limit=MONTHS_READ, forward=False, consistent=True)
        return [Month.model_validate(item) for item in page.items]

    def records(self, record_ids: Iterable[str]) -> dict[str, UsageRecord]:
        """Those of these records that stand. One round trip for each hundred."""
        found = self.table.get_many((f"UR#{record_id}", "#") for record_id in record_ids)
        return {item["root_id"]: UsageRecord.model_validate(item) for item in found.values()}

    def records_of(
        self, subscription_id: str, starts_on: date, limit: int, start: Item | None
    ) -> tuple[list[UsageRecord], Item | None]:
        """Records of a period, newest use first. One round trip."""
        key = Key("gs1pk").eq(f"UR#{subscription_id}#{starts_on}")
        page = self.table.query(key, index="gs1", limit=limit, start=start, forward=False)
        return [UsageRecord.model_validate(item) for item in page.items], page.next_key

    def keep(self, writes: Sequence[Write]) -> None:
        """All of them in one transaction. Raises UsageMoved."""
        try:
            self.table.transact(writes)
        except (ConditionFailed, Contended):
            raise UsageMoved from None


def record_put(record: UsageRecord, standing: UsageRecord | None, kept: timedelta) -> Put:
    """The write of a record in place of the one that stood."""
    item = {
        **record.model_dump(mode="json"),
        "pk": f"UR#{record.root_id}",
        "sk": "#",
        "kind": "usage",
        "gs1pk": f"UR#{record.subscription_id}#{record.starts_on}",
        "gs1sk": f"{format_instant(record.happened_at)}#{record.root_id}",
        "expires_at": int((record.happened_at + kept).timestamp()),
    }
    return Put(item, _at(standing.version if standing else 0))


def month_put(after: Month) -> Put:
    """The write of counters that follow the version that `after` still has."""
    pk, sk = _month_key(after.account_id, after.month)
    fresh = after.model_copy(update={"version": after.version + 1})
    return Put({**fresh.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": "usage_month"}, _at(after.version))


def control_put(after: Control) -> Put:
    """The write of rules that follow the version that `after` still has."""
    pk, sk = _control_key(after.account_id)
    fresh = after.model_copy(update={"version": after.version + 1})
    return Put({**fresh.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": "usage_control"}, _at(after.version))


def control_check(seen: Control) -> Check:
    """The rules are still those of this version."""
    return Check(*_control_key(seen.account_id), _at(seen.version))


def _at(version: int) -> ConditionBase:
    return Attr("version").eq(version) if version else ABSENT


def _control_key(account_id: str) -> tuple[str, str]:
    return f"A#{account_id}", "USE#CONTROL"


def _month_key(account_id: str, month: str) -> tuple[str, str]:
    return f"A#{account_id}", f"USE#M#{month}"
