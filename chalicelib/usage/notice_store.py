"""Keys of what is to be told on a day, and how far the days have been gone through.

| item     | pk           | sk                                      | round trips, units             |
| notice   | `ADV#<day>`  | `<account>#<subscription>#<kind>#<day>` | a page of a day 1; put 1 write |
| progress | `JOB#advice` | `#`                                     | 1; 1 write a page              |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.platform.dynamo import Key, Put, Table
from chalicelib.platform.fields import Record

KEPT: Final = timedelta(days=120)
_PROGRESS: Final = ("JOB#advice", "#")


class NoticeKind(StrEnum):
    """What is to be looked at on the day."""

    CONTRACT_END = "contract_end"  # `about` is the last day of the minimum term
    PRICE_RISE = "price_rise"  # `about` is its first day
    BETTER_PLAN = "better_plan"  # `about` is the day of the bill after which use is looked at
    LEFT_OVER = "left_over"  # `about` is the first day of a period that no bill may have followed


class Notice(Record):
    """Something to look at: whether it is told then, what stands on that day decides."""

    account_id: str
    subscription_id: str
    kind: NoticeKind
    about: date

    @property
    def sk(self) -> str:
        return f"{self.account_id}#{self.subscription_id}#{self.kind}#{self.about}"


class Progress(Record):
    """All days before `day` are done, and of that day the notices up to the sort key `after` ("" for none)."""

    day: date
    after: str = ""


def notice_put(notice: Notice, on: date) -> Put:
    """The write of a notice; the same one again changes nothing."""
    gone = int((datetime.combine(on, time(), UTC) + KEPT).timestamp())
    key = {"pk": f"ADV#{on}", "sk": notice.sk, "kind": "notice", "expires_at": gone}
    return Put({**notice.model_dump(mode="json"), "about_kind": notice.kind.value, **key})


@dataclass(frozen=True)
class NoticeStore:
    table: Table

    def put(self, notice: Notice, on: date) -> None:
        """Look at it on that day."""
        self.table.write(notice_put(notice, on))

    def due(self, progress: Progress, limit: int) -> list[Notice]:
        """The next notices of the day in the order of their keys; fewer than `limit` when it ends with them."""
        key = Key("pk").eq(f"ADV#{progress.day}") & Key("sk").gt(progress.after or " ")
        found = self.table.query(key, limit=limit).items
        return [Notice.model_validate({**item, "kind": item["about_kind"]}) for item in found]

    def progress(self) -> Progress | None:
        item = self.table.get(*_PROGRESS, consistent=True)
        return Progress.model_validate(item) if item else None

    def keep(self, progress: Progress) -> None:
        pk, sk = _PROGRESS
        self.table.write(Put({"pk": pk, "sk": sk, "kind": "progress", **progress.model_dump(mode="json")}))
