"""What is to be done for a plan on a day. Pure: the same plan, ledger and holds always give the same steps.

Each step, once done and noted in the plan, is not decided again; so a second run of a day does nothing, and a run
after days without one does what is due now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.plans.model import Ask, AskState, PayBy, Plan
from chalicelib.plans.resting import later
from chalicelib.plans.standing import Due, Standing, deadline


@dataclass(frozen=True)
class Complete:
    """Everything is paid."""


@dataclass(frozen=True)
class Break:
    """The grace of this instalment has run out, and no more may be missed."""

    due: Due


@dataclass(frozen=True)
class Miss:
    """The grace of this instalment has run out, and the plan goes on."""

    due: Due


@dataclass(frozen=True)
class Collect:
    """Ask for what is owed by this instalment, for the how manieth time, by a charge or a link."""

    due: Due
    attempt: int
    by: PayBy


@dataclass(frozen=True)
class Warn:
    """It was not paid on its day: say until when it can be, and when a declined charge is tried again, if it is."""

    due: Due
    until: date
    again_on: date | None = None


@dataclass(frozen=True)
class Remind:
    """It is due soon."""

    due: Due


Step = Complete | Break | Miss | Collect | Warn | Remind


def next_step(plan: Plan, now: Standing, today: date, *, on_its_way: bool) -> Step | None:
    """The next thing to do; None when nothing is left for this day. `on_its_way`: money that was asked for has been
    taken and is not booked yet, so nothing is late. While the plan rests only its end can come."""
    if now.position.left_minor < plan.terms.least_charge_minor:
        return Complete()
    if now.resting:
        return None
    if now.current and not on_its_way:
        return _over(plan, now, today) or _collecting(plan, now.current, today)
    coming = now.coming
    if coming and coming.number > plan.reminded and not now.current and _is_near(plan, coming, today):
        return Remind(coming)
    return None


def _over(plan: Plan, now: Standing, today: date) -> Step | None:
    """The first instalment whose grace has run out since the last time."""
    for due in now.dues:
        until = deadline(plan, due)
        if until and until < today and due.number not in plan.missed and _is_short(plan, now, due):
            # The last one has none after it that what was missed could be paid with.
            allowed = len(plan.missed) < plan.terms.missed_allowed and now.coming is not None
            return Miss(due) if allowed else Break(due)
    return None


def _is_short(plan: Plan, now: Standing, due: Due) -> bool:
    return due.amount_minor > 0 and now.short_minor(due) >= plan.terms.least_charge_minor


def _collecting(plan: Plan, due: Due, today: date) -> Step | None:
    asked = plan.asks_for(due.number)
    if not asked:
        return Collect(due, 1, plan.pay_by)
    until = deadline(plan, due)
    if until is None or due.number in plan.missed:
        return None
    if asked[-1].state is AskState.FAILED and asked[-1].by is PayBy.SAVED_METHOD:
        return Collect(due, len(asked) + 1, PayBy.LINK)
    again_on = _again_on(plan, asked)
    if again_on and again_on <= today:
        return Collect(due, len(asked) + 1, PayBy.SAVED_METHOD)
    if asked[0].on < today and plan.warned < due.number:
        return Warn(due, until, again_on)
    return None


def _again_on(plan: Plan, asked: Sequence[Ask]) -> date | None:
    """When a declined charge is tried again, if it is: never two tries on a day, also when days were missed."""
    waits = plan.terms.retry_after_days
    if asked[-1].state is not AskState.DECLINED or len(asked) > len(waits):
        return None
    return max(later(asked[0].on, waits[len(asked) - 1], plan.rests), asked[-1].on + timedelta(days=1))


def _is_near(plan: Plan, due: Due, today: date) -> bool:
    return (due.due_on - today).days <= plan.terms.reminder_days
