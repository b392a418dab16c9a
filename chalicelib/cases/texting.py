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
from chalicelib.platform.errors import Unavailable

MOST_A_DAY: Final = 10
"""Text messages that one number gets in a day (UTC). Each costs money, and whoever can make the desk send them to a
number of their choice can be paid for it."""
MOST_WARNINGS: Final = 5
"""More of them for warnings alone: who has a number sent all that it gets could change the account unheard."""
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

    def take(self, number: str, now: datetime, most: int) -> bool:
        """Whether the number may get one more today beside less than `most`; counted as if it were sent. One write."""
        update = Update(
            *self._key(number, now), set={"expires_at": int((now + _KEPT).timestamp()), "kind": "texts"},
            add={"sent": 1}, condition=Attr("sent").not_exists() | Attr("sent").lt(most),
        )  # fmt: skip
        try:
            self.table.write(update)
        except ConditionFailed:
            return False
        return True

    def give_back(self, number: str, now: datetime) -> None:
        """One that was taken was not sent. One write."""
        self.table.write(Update(*self._key(number, now), add={"sent": -1}))

    def _key(self, number: str, now: datetime) -> tuple[str, str]:
        digest = hmac.new(self.key(), f"sms\0{number}".encode(), hashlib.sha256).hexdigest()[:32]
        return f"SMS#{digest}", f"{now:%Y-%m-%d}"


@dataclass(frozen=True)
class Texting:
    """Text messages within the limit of their number."""

    sender: TextSender
    limit: TextLimit

    def send(self, text: str, number: str, now: datetime, *, warns: bool = False) -> str | None:
        """Why it can never get there, None when it is on its way. One write and the sender's call. Raises Unavailable,
        Refused.

        What was not sent is not counted, or the repeats of one message would use up what the number gets."""
        if not self.limit.take(number, now, MOST_A_DAY + MOST_WARNINGS if warns else MOST_A_DAY):
            return "too_many_texts"
        try:
            self.sender.send(text.strip()[:MOST_CHARACTERS], number)
        except Unavailable:
            self.limit.give_back(number, now)
            raise
        return None
