"""A reminder that came back or could not leave was not given: its step of the ladder counts as not taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.accounts.letters import Letter
from chalicelib.collections.facts import FactsReader
from chalicelib.collections.gate import OWN
from chalicelib.collections.store import CollectionStore, LadderMoved, account_marker
from chalicelib.platform.errors import Unavailable

_TRIES: Final = 5


@dataclass(frozen=True)
class ReturnedReminders:
    """`today` is the calendar day where the desk bills; `count` adds one to a metric."""

    store: CollectionStore
    reader: FactsReader
    today: Callable[[], date]
    count: Callable[[str], None]

    def not_given(self, letter: Letter) -> None:
        """Take the step back, and look at the account tomorrow. Where mail to the address was stopped, the interlock
        then holds the step until a person acts. Nothing for other letters, nor once a later step was taken. One read,
        one transaction. Raises Unavailable."""
        if not letter.name.startswith(OWN):
            return
        for _ in range(_TRIES):
            ladder = self.reader.ladder(letter.account_id)
            back = ladder and ladder.taken_back(letter.letter_id)
            if ladder is None or back is None or back == ladder:
                return
            try:
                self.store.keep(ladder, back, [account_marker(letter.account_id, self.today() + timedelta(days=1))])
            except LadderMoved:
                continue
            self.count("CollectionStepsTakenBack")
            return
        raise Unavailable("The account is too busy just now; try again.", retry_after=1)
