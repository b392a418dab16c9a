"""Keys of what is to be told on a day.

| item     | pk           | sk                                      | round trips, units             |
| notice   | `ADV#<day>`  | `<account>#<subscription>#<kind>#<day>` | a page of a day 1; put 1 write |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.platform.codec import Item
from chalicelib.platform.days import DayList
from chalicelib.platform.dynamo import Put, Table
from chalicelib.platform.fields import Record

KEPT: Final = timedelta(days=120)


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

    @property
    def days(self) -> DayList[Notice]:
        """The notices by the day on which to look at them."""
        return DayList(self.table, "ADV", "advice", _read)


def _read(item: Item) -> Notice:
    return Notice.model_validate({**item, "kind": item["about_kind"]})
