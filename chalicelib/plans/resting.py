"""Days on which a plan rests: a hold stands, nothing is asked for, and every later day moves on by its length. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from chalicelib.accounts.holds import Hold, HoldKind
from chalicelib.platform.fields import Record

_DAY = timedelta(days=1)


class Rest(Record):
    """From a day until a day, both included."""

    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days + 1


def joined(rests: Iterable[Rest]) -> tuple[Rest, ...]:
    """The same days as rests that neither meet nor overlap, in their order."""
    whole: list[Rest] = []
    for rest in sorted(rests, key=lambda each: each.from_on):
        if whole and rest.from_on <= whole[-1].until_on + _DAY:
            until_on = max(rest.until_on, whole[-1].until_on)
            whole[-1] = Rest(from_on=whole[-1].from_on, until_on=until_on)
        else:
            whole.append(rest)
    return tuple(whole)


def later(day: date, days: int, rests: Sequence[Rest]) -> date:
    """The day so many awake days after one; `rests` neither meet nor overlap and stand in their order."""
    end = day + days * _DAY
    for rest in rests:
        begins = max(rest.from_on, day + _DAY)
        if begins <= min(end, rest.until_on):
            end += rest.until_on - begins + _DAY
    return end


def rested(
    rests: Sequence[Rest], holds: Iterable[Hold], kinds: Iterable[HoldKind], since: date, today: date
) -> tuple[Rest, ...]:
    """The rests known so far, with those of the holds that have begun, up to and with today.

    Not further: a hold may be released early."""
    wanted = frozenset(kinds)
    begun = [hold for hold in holds if hold.kind in wanted and hold.from_on <= today]
    days = ((max(hold.from_on, since), min(hold.until_on or today, today)) for hold in begun)
    return joined([*rests, *(Rest(from_on=first, until_on=last) for first, last in days if first <= last)])


def is_resting(rests: Sequence[Rest], today: date) -> bool:
    """Whether the last rest reaches to today."""
    return bool(rests) and rests[-1].until_on >= today
