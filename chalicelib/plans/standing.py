"""Where a plan stands on a day: its instalments as they are now, what is owed, and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate

from chalicelib.plans.model import Plan
from chalicelib.plans.position import Position
from chalicelib.plans.resting import is_resting, later
from chalicelib.plans.schedule import cut
from chalicelib.platform.workdays import IsWorkingDay, next_working_day


class DueState(StrEnum):
    """Of one instalment. `late` is in its grace, `missed` beyond it; `dropped` is not to be paid any more."""

    UPCOMING = "upcoming"
    PAID = "paid"
    LATE = "late"
    MISSED = "missed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Due:
    """An instalment as it is now: its day after the rests, its amount after what the bills came down by, and how much
    has to be paid with it and all before it."""

    number: int
    due_on: date
    amount_minor: int
    up_to_minor: int
    state: DueState


@dataclass(frozen=True)
class Standing:
    """`owed_minor` is what should have been paid by now and was not; `current` the last instalment that it is for."""

    position: Position
    dues: tuple[Due, ...]
    resting: bool
    owed_minor: int
    current: Due | None

    @property
    def following(self) -> Due | None:
        """The next instalment that is to be paid, the late one first."""
        return self.current or self.coming

    @property
    def coming(self) -> Due | None:
        """The next instalment of which something is to be paid and whose day has not come."""
        return next((due for due in self.dues if due.state is DueState.UPCOMING), None)

    def short_minor(self, due: Due) -> int:
        """What is missing for an instalment and all before it."""
        return max(0, due.up_to_minor - self.position.paid_minor)


def standing(plan: Plan, found: Position, disputed_minor: int, today: date, is_working: IsWorkingDay) -> Standing:
    """The plan on a day. What is disputed of its bills shrinks the last instalments for as long as it is."""
    less = found.forgiven_minor + min(disputed_minor, found.left_minor)
    amounts = cut([each.amount_minor for each in plan.instalments], less)
    days = [_day(plan, each.due_on, is_working) for each in plan.instalments]
    rows = zip(plan.instalments, days, amounts, accumulate(amounts), strict=True)
    dues = tuple(
        Due(each.number, day, amount, up_to, _state(plan, each.number, day, amount, up_to - found.paid_minor, today))
        for each, day, amount, up_to in rows
    )
    late = [due for due in dues if due.state in (DueState.LATE, DueState.MISSED)]
    current = late[-1] if late else None
    owed = current.up_to_minor - found.paid_minor if current else 0
    return Standing(found, dues, is_resting(plan.rests, today), owed, current)


def deadline(plan: Plan, due: Due) -> date | None:
    """The last day to pay an instalment: its grace counts awake days from its day, or from when it was asked for, if
    that was later. None before it was asked for."""
    asked = plan.asks_for(due.number)
    return later(max(due.due_on, asked[0].on), plan.terms.grace_days, plan.rests) if asked else None


def _day(plan: Plan, due_on: date, is_working: IsWorkingDay) -> date:
    moved = later(plan.agreed_on, (due_on - plan.agreed_on).days, plan.rests)
    return due_on if moved == due_on else next_working_day(moved, is_working)


def _state(plan: Plan, number: int, day: date, amount_minor: int, short_minor: int, today: date) -> DueState:
    if amount_minor == 0:
        return DueState.DROPPED
    if short_minor < plan.terms.least_charge_minor:
        return DueState.PAID
    if day > today:
        return DueState.UPCOMING
    return DueState.MISSED if number in plan.missed else DueState.LATE
