"""Keys of the bills that charges for use went on.

| item | pk            | sk                                          | round trips, units               |
| bill | `A#<account>` | `USE#B#<epoch, 10 digits>#<Stripe invoice>` | 24 newest 1; 2 writes in a transaction, then 1 |
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Key, Put, Table
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Minor
from chalicelib.usage.billing import UsageItem

BILLS_READ: Final = 24


class BillState(StrEnum):
    """Whether Stripe has been told of all its charges."""

    ADDING = "adding"
    ADDED = "added"


class UsageBill(Record):
    """A draft of a plan's next period, and the charges for use that were put on it. `created` is in epoch seconds;
    `total_minor` is what it came to, with tax, when it was last looked at whole, `plan_minor` what of it plans cost."""

    account_id: str
    bill_id: str
    plan_id: str
    created: int
    state: BillState
    items: tuple[UsageItem, ...] = ()
    total_minor: Minor | None = None
    plan_minor: Minor = 0
    version: int = Field(default=1, ge=1)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(item.key for item in self.items)


@dataclass(frozen=True)
class UsageBillStore:
    table: Table

    def newest(self, account_id: str) -> list[UsageBill]:
        """The newest bills of all plans as they are, newest first. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("USE#B#")
        page = self.table.query(key, limit=BILLS_READ, forward=False, consistent=True)
        return [UsageBill.model_validate(item) for item in page.items]

    def add(self, put: Put) -> None:
        """Keep the first version of a bill, unless somebody else did."""
        with suppress(ConditionFailed):
            self.table.write(put)

    def change(self, bill: UsageBill) -> UsageBill:
        """Keep what became of a bill, unless somebody else did: then that stands."""
        put, fresh = bill_put(bill)
        try:
            self.table.write(put)
        except ConditionFailed as failed:
            return UsageBill.model_validate(failed.item) if failed.item else bill
        return fresh


def bill_put(after: UsageBill, *, is_new: bool = False) -> tuple[Put, UsageBill]:
    """The write of a bill that follows the version that `after` still has, or is the first; and the bill as written."""
    fresh = after if is_new else after.model_copy(update={"version": after.version + 1})
    key = {"pk": f"A#{after.account_id}", "sk": f"USE#B#{after.created:010d}#{after.bill_id}", "kind": "usage_bill"}
    condition = ABSENT if is_new else Attr("version").eq(after.version)
    return Put({**fresh.model_dump(mode="json"), **key}, condition), fresh
