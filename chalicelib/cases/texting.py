"""Text messages: who hands them over, and how many one number may get.

| item                        | pk                | sk          | units                    |
| text messages of one number | `SMS#<digest>`    | `<day>`     | 1 a message; for a week  |
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from chalicelib.platform.dynamo import Attr, ConditionFailed, Table, Update

MOST_A_DAY: Final = 10
"""Text messages that one number gets in a day (UTC). Each costs money, and whoever can make the desk send them to a
number of their choice can be paid for it."""
MOST_CHARACTERS: Final = 600
"""Of one message: longer ones are cut into parts that each cost as much."""
_KEPT: Final = timedelta(days=7)


class TextSender(Protocol):
    """Hands a text message over for delivery to one number."""

    def send(self, text: str, number: str) -> None:
        """`number` is E.164. Raises Refused with a `reason` (for good) or Unavailable."""
        ...


@dataclass(frozen=True)
class TextLimit:
    """Counts by number, whatever the account; `key` keeps the numbers from being read out of the table."""

    table: Table
    key: Callable[[], bytes]

    def take(self, number: str, now: datetime) -> bool:
        """Whether the number may get one more today; counted as if it were sent. One write."""
        digest = hmac.new(self.key(), f"sms\0{number}".encode(), hashlib.sha256).hexdigest()[:32]
        update = Update(
            f"SMS#{digest}", f"{now:%Y-%m-%d}", set={"expires_at": int((now + _KEPT).timestamp()), "kind": "texts"},
            add={"sent": 1}, condition=Attr("sent").not_exists() | Attr("sent").lt(MOST_A_DAY),
        )  # fmt: skip
        try:
            self.table.write(update)
        except ConditionFailed:
            return False
        return True


@dataclass(frozen=True)
class Texting:
    """Text messages within the limit of their number."""

    sender: TextSender
    limit: TextLimit

    def send(self, text: str, number: str, now: datetime) -> str | None:
        """Why it can never get there, None when it is on its way. One write and the sender's call. Raises Unavailable,
        Refused."""
        if not self.limit.take(number, now):
            return "too_many_texts"
        self.sender.send(text.strip()[:MOST_CHARACTERS], number)
        return None
