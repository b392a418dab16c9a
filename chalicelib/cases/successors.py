"""Where a case goes on after it has ended: its head may name the case that took it up, and mail follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.cases.changes import happened
from chalicelib.cases.messages import DESK, EventType
from chalicelib.cases.model import Case
from chalicelib.cases.store import CaseChanged, CaseStore
from chalicelib.platform.clock import NewId
from chalicelib.platform.errors import Unavailable

MOST_STEPS: Final = 16
"""Cases that are passed through, a read each: years of a thread, for each of them had to end first."""
_TRIES: Final = 4


@dataclass(frozen=True)
class Successors:
    cases: CaseStore
    new_id: NewId

    def newest(self, case_id: str, may_enter: Callable[[Case], bool]) -> Case | None:
        """The case that goes on with this one, itself when none does; None when it is not there. From one account's to
        another's only as `may_enter` says: accounts that were merged may have been parted again. One consistent read,
        one more for each case in between. Raises Unavailable."""
        found = self.cases.get(case_id, consistent=True)
        for _ in range(MOST_STEPS):
            following = found and found.continued_in and self.cases.get(found.continued_in, consistent=True)
            if not (found and following):
                break
            if following.account_id != found.account_id and not may_enter(following):
                break
            found = following
        return found

    def link(self, case_id: str, to: str, at: datetime) -> None:
        """Name the case that took this one up, with an event on its timeline; the first name stays. One read and one
        transaction. Raises Unavailable."""
        for _ in range(_TRIES):
            old = self.cases.get(case_id, consistent=True)
            if old is None or old.continued_in or old.case_id == to:
                return
            new = old.model_copy(update={"continued_in": to, "version": old.version + 1})
            event = happened(self.new_id("evt"), old, EventType.CHANGED, DESK, at, continued_in=[None, to])
            try:
                self.cases.change(old, new, [event], None)
            except CaseChanged:
                continue
            return
        raise Unavailable("This case is being changed by others; try again.")
