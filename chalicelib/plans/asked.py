"""What a letter about late instalments asks for when it leaves: it may have waited for its hour over a weekend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chalicelib.accounts.letters import Letter
from chalicelib.plans.looking import Looks
from chalicelib.plans.store import PlanStore

_LATE, _BROKEN = "plans/late", "plans/broken"


@dataclass(frozen=True)
class AskedNow:
    """`today` is the calendar day where the desk bills."""

    plans: PlanStore
    looks: Looks
    today: Callable[[], date]

    def as_of_now(self, letter: Letter) -> Letter | None:
        """The letter with what is owed now; None when it asks for nothing any more. What is no letter of a plan that
        asks stays as it is, without a read. One read, and those of Looks.at. Raises Unavailable."""
        plan = self.plans.find(letter.object_id) if letter.name in (_LATE, _BROKEN) else None
        if plan is None:
            return letter
        look = self.looks.at(plan, self.today())
        if letter.name == _BROKEN:
            name, minor = "left_minor", look.now.position.left_minor
        else:
            is_asked = plan.is_under_way and not look.on_its_way
            name, minor = "amount_minor", look.now.owed_minor if is_asked else 0
        return letter.model_copy(update={"facts": {**letter.facts, name: minor}}) if minor > 0 else None
