"""The interlock: whether a letter, a fee or a hand-over about late money may leave, all or in part, and why not. Pure.

Everything that asks for late money passes `judge`, when it is decided upon and once more when it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.accounts.holds import Hold, HoldKind, held_on
from chalicelib.accounts.preferences_model import QuietHours
from chalicelib.collections.policy import CollectionRules
from chalicelib.platform.workdays import bank_holidays


class Reason(StrEnum):
    """Why something was held."""

    PAID = "paid"
    DISPUTED = "disputed"
    PLAN_KEPT = "plan_kept"
    PAYMENT_COMING = "payment_coming"
    BELOW_FLOOR = "below_floor"
    BREATHING_SPACE = "breathing_space"
    MENTAL_HEALTH_CRISIS = "mental_health_crisis"
    VULNERABILITY = "vulnerability"
    BEREAVEMENT = "bereavement"
    DEBT_ADVICE = "debt_advice"
    INSOLVENCY = "insolvency"
    PAYMENT_PROMISE = "payment_promise"
    ACCOUNT_CLOSED = "account_closed"
    NO_ADDRESS = "no_address"
    ADDRESS_UNVERIFIED = "address_unverified"
    ADDRESS_STOPPED = "address_stopped"
    NO_CONSENT = "no_consent"
    TOO_OFTEN = "too_often"
    QUIET_HOURS = "quiet_hours"
    DAY_OFF = "day_off"


PASSING: Final = frozenset({Reason.TOO_OFTEN, Reason.QUIET_HOURS, Reason.DAY_OFF})
"""Reasons that the next days take away by themselves: the same letter is tried again."""
_OF_HOLD: Final[dict[HoldKind, Reason]] = {
    kind: Reason(kind.value) for kind in HoldKind if kind is not HoldKind.DISPUTE
}


class Form(StrEnum):
    """What asks. A fee and a hand-over are no message: no channel and no hour is wrong for them."""

    LETTER = "letter"
    FEE = "fee"
    HAND_OVER = "hand_over"
    NOTE = "note"  # the part of a letter about something else that asks: it leaves with that letter, at any hour


@dataclass(frozen=True)
class Owing:
    """One invoice: what is due of it, what of that is disputed, what a plan that is kept covers, and what a payment on
    its way will pay. Minor units."""

    due_minor: int
    disputed_minor: int = 0
    covered_minor: int = 0
    coming_minor: int = 0

    @property
    def free_minor(self) -> int:
        """What may be asked for."""
        return max(0, self.due_minor - self.disputed_minor - self.covered_minor - self.coming_minor)


@dataclass(frozen=True)
class Reach:
    """How a letter would reach the customer: the address, whether it was proven, and whether that way is agreed to;
    `is_stopped` when mail to it came back, or its reader called it spam."""

    address: str | None
    is_verified: bool
    is_agreed: bool
    is_stopped: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known at `now`. `owing` is None for what is about no single invoice; `asked_at` are the letters about
    late money that left before; `quiet` are the customer's own hours, `zone` and `country` where the customer is;
    `today` is the day where the desk bills."""

    now: datetime
    today: date
    is_open: bool
    holds: tuple[Hold, ...]
    owing: Owing | None
    reach: Reach
    asked_at: tuple[datetime, ...]
    quiet: QuietHours | None
    zone: ZoneInfo
    country: str

    def held(self, kinds: Iterable[HoldKind]) -> set[Hold]:
        """The holds of these kinds that stand, by the calendar of the desk or by that of the customer: far away, one of
        them is a day ahead."""
        days = {self.today, self.now.astimezone(self.zone).date()}
        return {hold for day in days for hold in held_on(self.holds, day, kinds)}


@dataclass(frozen=True)
class Verdict:
    """`amount_minor` is what may be asked for, None where no single invoice is meant; `is_reduced` when that is less
    than what is due. With `reasons` nothing leaves."""

    reasons: tuple[Reason, ...]
    amount_minor: int | None
    is_reduced: bool = False

    @property
    def passes(self) -> bool:
        return not self.reasons

    @property
    def is_passing(self) -> bool:
        """Whether time alone takes away what holds it."""
        return bool(self.reasons) and PASSING.issuperset(self.reasons)

    def is_like(self, reasons: tuple[Reason, ...]) -> bool:
        """Whether these reasons hold it as well: beside one that lasts, hours and days say nothing new."""
        return _lasting(self.reasons) == _lasting(reasons)


def _lasting(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if reason not in PASSING) or reasons


def judge(form: Form, facts: Facts, rules: CollectionRules) -> Verdict:
    """Whether this may leave now. A fee is refused as soon as a part of its invoice is disputed."""
    local = facts.now.astimezone(facts.zone)
    reasons = {_OF_HOLD[hold.kind] for hold in facts.held(_OF_HOLD)}
    if not facts.is_open and form is not Form.HAND_OVER:
        reasons.add(Reason.ACCOUNT_CLOSED)
    if facts.owing:
        reasons |= _of_money(form, facts.owing, rules.floor_minor)
    if form is Form.LETTER:
        reasons |= _of_reach(facts.reach, rules) | _of_time(local, facts, rules)
    amount = facts.owing.free_minor if facts.owing else None
    is_reduced = facts.owing is not None and facts.owing.free_minor < facts.owing.due_minor
    return Verdict(tuple(sorted(reasons)), amount, is_reduced)


def _of_money(form: Form, owing: Owing, floor_minor: int) -> set[Reason]:
    if owing.due_minor <= 0:
        return {Reason.PAID}
    parts = {
        Reason.DISPUTED: owing.disputed_minor, Reason.PLAN_KEPT: owing.covered_minor,
        Reason.PAYMENT_COMING: owing.coming_minor,
    }  # fmt: skip
    all_of_it = form is Form.FEE or not owing.free_minor
    reasons = {reason for reason, minor in parts.items() if minor and all_of_it}
    if 0 < owing.free_minor < floor_minor:
        reasons.add(Reason.BELOW_FLOOR)
    return reasons


def _of_reach(reach: Reach, rules: CollectionRules) -> set[Reason]:
    if reach.address is None:
        return {Reason.NO_ADDRESS}
    reasons = set()
    if rules.needs_verified_address and not reach.is_verified:
        reasons.add(Reason.ADDRESS_UNVERIFIED)
    if reach.is_stopped:
        reasons.add(Reason.ADDRESS_STOPPED)
    if not reach.is_agreed:
        reasons.add(Reason.NO_CONSENT)
    return reasons


def _of_time(local: datetime, facts: Facts, rules: CollectionRules) -> set[Reason]:
    reasons, clock_time = set(), f"{local:%H:%M}"
    if rules.quiet_hours.hold_at(clock_time) or (facts.quiet and facts.quiet.hold_at(clock_time)):
        reasons.add(Reason.QUIET_HOURS)
    if local.isoweekday() in rules.quiet_weekdays or _is_holiday(local.date(), rules.holidays_of.get(facts.country)):
        reasons.add(Reason.DAY_OFF)
    week = [at for at in facts.asked_at if facts.now - timedelta(days=7) < at]
    if len(week) >= rules.letters_a_week or any(at.astimezone(facts.zone).date() == local.date() for at in week):
        reasons.add(Reason.TOO_OFTEN)
    return reasons


def _is_holiday(day: date, region: str | None) -> bool:
    return region is not None and day in bank_holidays(region)
