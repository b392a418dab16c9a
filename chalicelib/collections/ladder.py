"""The ladder of an account's late bills: where each stands on it, and the one step that a day takes. Pure.

A step that was held is tried again the next day; the distance between two steps is kept however late the first was
taken. The state stands in the account's summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import Field

from chalicelib.billing.receivables import OpenInvoice
from chalicelib.collections.model import Reason, Verdict
from chalicelib.collections.policy import LadderStep
from chalicelib.payments.news import News
from chalicelib.platform.fields import Record

_DAY = timedelta(days=1)


class Place(Record):
    """Where an invoice stands: how many steps were taken or left out, the last of them with its day, the last letter,
    and what stood there before that; `held` is why the next one is kept back, as it was last recorded."""

    invoice_id: str
    taken: int = 0
    taken_on: date | None = None
    step: str | None = None
    letter_id: str | None = None
    before_taken: int | None = None
    before_on: date | None = None
    before_step: str | None = None
    held: tuple[Reason, ...] = ()

    def took(self, step: LadderStep, place: int, today: date, letter_id: str | None) -> Place:
        done = {"taken": place + 1, "taken_on": today, "step": step.name, "letter_id": letter_id, "held": ()}
        before = {"before_taken": self.taken, "before_on": self.taken_on, "before_step": self.step}
        return self.model_copy(update={**done, **before})

    def left_out(self, step: LadderStep, day: date) -> Place:
        """After a step that nothing was done for; the letter before it can still come back."""
        gone_by = {"taken": self.taken + 1, "taken_on": self.taken_on or day, "step": step.name, "held": ()}
        return self.model_copy(update=gone_by)

    def taken_back(self) -> Place:
        """As if the step of the last letter had not been taken, nor any that was left out since."""
        taken = self.taken - 1 if self.before_taken is None else self.before_taken
        before = {"taken": taken, "taken_on": self.before_on, "step": self.before_step, "letter_id": None}
        return self.model_copy(update=before)


class Ladder(Record):
    """The state of an account. `is_again` says that a later hour of `visited_on` may allow what an earlier one did not;
    `pending` is the news of the last visit, kept so that a run that broke off can tell it still; `paused` are the
    invoices that Stripe was told not to collect."""

    account_id: str
    places: tuple[Place, ...] = ()
    visited_on: date | None = None
    is_again: bool = False
    pending: tuple[News, ...] = ()
    paused: tuple[str, ...] = ()
    next_on: date | None = None
    version: int = Field(default=0, ge=0)

    def place(self, invoice_id: str) -> Place:
        found = (place for place in self.places if place.invoice_id == invoice_id)
        return next(found, Place(invoice_id=invoice_id))

    def took(self, taken: Taken, today: date, letter_id: str | None) -> Ladder:
        """After the step of the day."""
        places = tuple(
            place.took(taken.step, taken.place, today, letter_id)
            if place.invoice_id == taken.invoice.invoice_id
            else place
            for place in self.places
        )
        return self.model_copy(update={"places": places})

    def taken_back(self, letter_id: str) -> Ladder:
        """After the letter of a step was held when it was to be sent: as if the step had not been taken."""
        places = tuple(place.taken_back() if place.letter_id == letter_id else place for place in self.places)
        return self.model_copy(update={"places": places})


def step_of(place: Place, due_on: date, steps: Sequence[LadderStep]) -> tuple[LadderStep, date] | None:
    """The next step of an invoice and its day; None when all were taken."""
    if place.taken >= len(steps):
        return None
    step = steps[place.taken]
    day = due_on + step.after_days * _DAY
    if place.taken and place.taken_on:
        day = max(day, place.taken_on + (step.after_days - steps[place.taken - 1].after_days) * _DAY)
    return step, day


@dataclass(frozen=True)
class Held:
    """A step that was kept back, for reasons that were not recorded yet."""

    invoice: OpenInvoice
    step: LadderStep
    verdict: Verdict


@dataclass(frozen=True)
class Taken:
    """The step of the day; `place` is its number, the first is 0."""

    invoice: OpenInvoice
    step: LadderStep
    place: int
    verdict: Verdict


@dataclass(frozen=True)
class Day:
    """What a day does: at most one step, and what it kept back. `places` are those after it, save the step's own."""

    places: tuple[Place, ...]
    taken: Taken | None
    held: tuple[Held, ...]
    is_again: bool
    next_on: date | None


Judge = Callable[[OpenInvoice, LadderStep], Verdict]


def day_of(ladder: Ladder, late: Sequence[OpenInvoice], steps: Sequence[LadderStep], judge: Judge, today: date) -> Day:
    """Go through the late invoices, oldest first, until one step is taken. Invoices that are not late any more leave
    the ladder; what becomes late again begins anew."""
    taken, held, places = None, list[Held](), list[Place]()
    held_at_all, is_again, coming = False, False, list[date]()
    for invoice in sorted(late, key=lambda each: (each.due_on, each.invoice_id)):
        place = _passed_over(ladder.place(invoice.invoice_id), invoice, steps, today)
        found = step_of(place, invoice.due_on, steps)
        if found and found[1] <= today and taken is None:
            verdict = judge(invoice, found[0])
            if verdict.passes:
                taken = Taken(invoice, found[0], place.taken, verdict)
                place = place.model_copy(update={"held": ()})
            else:
                held_at_all, is_again = True, is_again or verdict.is_passing
                if not verdict.is_like(place.held):
                    held.append(Held(invoice, found[0], verdict))
                place = place.model_copy(update={"held": verdict.reasons})
        elif found:
            coming.append(max(found[1], today + _DAY))
        places.append(place)
    next_on = today + _DAY if held_at_all or taken else min(coming, default=None)
    return Day(tuple(places), taken, tuple(held), is_again and taken is None, next_on)


def _passed_over(place: Place, invoice: OpenInvoice, steps: Sequence[LadderStep], today: date) -> Place:
    """The place after the steps that are left out for so small an amount, once their day has come."""
    while found := step_of(place, invoice.due_on, steps):
        step, day = found
        if day > today or invoice.due_minor >= step.least_minor:
            break
        place = place.left_out(step, day)
    return place
