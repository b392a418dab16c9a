"""The post of the desk: takes the letters of other domains and queues them as mail of the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.accounts.letters import Letter
from chalicelib.cases.notices import NoticeStore, notice_of_letter, notice_put
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import Write


@dataclass(frozen=True)
class DeskPost:
    """`count` adds one to a metric."""

    notices: NoticeStore
    clock: Clock
    count: Callable[[str], None]

    def send(self, letter: Letter) -> bool:
        """Queue it, once: False for a repeat. One write. Raises Unavailable."""
        is_new = self.notices.put(notice_of_letter(letter, self.clock()))
        self.count("LettersQueued" if is_new else "LettersRepeated")
        return is_new

    def queued(self, letter: Letter) -> Write:
        """The write that queues it, for the transaction of what it is about; fails when it was queued before."""
        return notice_put(notice_of_letter(letter, self.clock()))
