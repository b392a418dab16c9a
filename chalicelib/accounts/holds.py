"""Holds: why we do not ask an account for money for a while, or not for a part of it, and from when until when. Pure.

Which letter a hold keeps back is decided by collections, which shift of an instalment by plans; both read it here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field, model_validator

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record, Version
from chalicelib.platform.money import Minor


class HoldKind(StrEnum):
    """What stands behind a hold."""

    BREATHING_SPACE = "breathing_space"  # Debt Respite Scheme, SI 2020/1311: told by the Insolvency Service
    MENTAL_HEALTH_CRISIS = "mental_health_crisis"  # the same scheme, as long as the treatment and 30 days
    VULNERABILITY = "vulnerability"
    DISPUTE = "dispute"  # of one invoice, or of a part of it; what is not disputed is still to be paid
    BEREAVEMENT = "bereavement"
    DEBT_ADVICE = "debt_advice"  # the customer is looking for advice, or has an adviser who asks for time
    INSOLVENCY = "insolvency"
    PAYMENT_PROMISE = "payment_promise"  # the customer said that they pay by a day


RESPITE: Final = frozenset({HoldKind.BREATHING_SPACE, HoldKind.MENTAL_HEALTH_CRISIS})
"""Holds of the Debt Respite Scheme: no letter about the debt, no charge of it, no fee and no interest."""
SILENT: Final = RESPITE | {HoldKind.BEREAVEMENT, HoldKind.INSOLVENCY}
"""Holds in which nobody is charged for what is late, nor reminded of it in any words."""


class Hold(Record):
    """One hold, from a day until a day, both included; without an end until it is released.

    `amount_minor` of a dispute is the part that is disputed, all of the invoice without one. `is_repeat` says that the
    customer had a breathing space within the months that the scheme asks for between two; `policy` is the version of
    the rules that gave it its days, `version` grows with each change of it."""

    hold_id: str
    kind: HoldKind
    from_on: date
    until_on: date | None = None
    invoice_id: str | None = None
    amount_minor: Minor | None = None
    treatment_ended_on: date | None = None
    reference: str = ""
    note: str = ""
    is_repeat: bool = False
    policy: str
    placed_at: Instant
    placed_by_name: str
    version: Version = 1

    def stands_on(self, day: date) -> bool:
        return self.from_on <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether its last day is before this one."""
        return self.until_on is not None and self.until_on < day

    @model_validator(mode="after")
    def _complete(self) -> Hold:
        if self.until_on is not None and self.until_on < self.from_on:
            raise ValueError("a hold ends on its first day at the earliest")
        if self.kind is HoldKind.DISPUTE and self.invoice_id is None:
            raise ValueError("a dispute names its invoice")
        return self


class AccountHolds(Record):
    """The holds of an account that stand or will; those that are over are in its audit trail.

    `breathing_space_on` is when the last breathing space began."""

    account_id: str
    holds: tuple[Hold, ...] = ()
    breathing_space_on: date | None = None
    version: int = Field(default=0, ge=0)

    def on(self, day: date) -> tuple[Hold, ...]:
        return held_on(self.holds, day)

    def named(self, hold_id: str) -> Hold | None:
        return next((hold for hold in self.holds if hold.hold_id == hold_id), None)

    def with_hold(self, hold: Hold, today: date) -> AccountHolds:
        """After a hold was placed or changed; those that are over by today are dropped."""
        others = [each for each in self.holds if each.hold_id != hold.hold_id and not each.is_over(today)]
        begun = self.breathing_space_on
        if hold.kind is HoldKind.BREATHING_SPACE:
            begun = max(begun or hold.from_on, hold.from_on)
        changed = {"holds": (*others, hold), "breathing_space_on": begun, "version": self.version + 1}
        return self.model_copy(update=changed)

    def without(self, hold_id: str, today: date) -> AccountHolds:
        """After a hold was released."""
        left = [each for each in self.holds if each.hold_id != hold_id and not each.is_over(today)]
        return self.model_copy(update={"holds": tuple(left), "version": self.version + 1})


def held_on(holds: Iterable[Hold], day: date, kinds: Iterable[HoldKind] = tuple(HoldKind)) -> tuple[Hold, ...]:
    """The holds of these kinds that stand on a day."""
    wanted = frozenset(kinds)
    return tuple(hold for hold in holds if hold.kind in wanted and hold.stands_on(day))


def disputed_minor(holds: Iterable[Hold], invoice_id: str, due_minor: int, day: date) -> int:
    """How much of what is due of an invoice its holds dispute on a day: the sum of the parts, all of it at most."""
    parts = [hold for hold in held_on(holds, day, [HoldKind.DISPUTE]) if hold.invoice_id == invoice_id]
    if any(hold.amount_minor is None for hold in parts):
        return due_minor
    return min(due_minor, sum(hold.amount_minor or 0 for hold in parts))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, the last of its month where there is no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(years + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(years, month + 1, min(day.day, last))
