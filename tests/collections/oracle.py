"""A customer's life as a list of what happened, and what one may ask of them at any moment, worked out from that list
alone: no rule of the desk is used, nothing is kept from one question to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.collections.policy import CollectionRules, Deed

ZONES = {"GB": "Europe/London", "DE": "Europe/Berlin", "JP": "Europe/London"}
"""Where customers of a country are; where the desk bills for those of whom the policy says nothing."""
CLOSED_DAYS = {
    "GB": {date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1)},
    "DE": {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)},
    "JP": set[date](),
}


@dataclass
class Bill:
    due_on: date
    minor: int


@dataclass
class Spell:
    """A hold as it was placed, with the moment from which on it was known, and the one at which it was released."""

    kind: str
    known_at: datetime
    first: date
    last: date | None
    invoice_id: str | None = None
    minor: int | None = None
    released_at: datetime | None = None

    def stands(self, at: datetime, day: date) -> bool:
        known = self.known_at <= at and (self.released_at is None or at < self.released_at)
        return known and self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Asked:
    """A letter about late money that left."""

    at: datetime
    invoice_id: str | None


@dataclass
class Life:
    """What happened to one customer. Of things that can change, each change with its moment, the newest last."""

    country: str
    bills: dict[str, Bill] = field(default_factory=dict)
    payments: list[tuple[datetime, str, int]] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    plans: list[tuple[datetime, dict[str, int]]] = field(default_factory=list)
    is_open: list[tuple[datetime, bool]] = field(default_factory=list)
    has_mail: list[tuple[datetime, bool]] = field(default_factory=list)
    agrees: list[tuple[datetime, bool]] = field(default_factory=list)
    quiet: list[tuple[datetime, tuple[str, str] | None]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    steps: dict[str, list[date]] = field(default_factory=dict)
    """By invoice, the days of the steps that were taken and not taken back."""

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(ZONES[self.country]))

    def due(self, at: datetime, invoice_id: str) -> int:
        paid = sum(minor for when, which, minor in self.payments if when <= at and which == invoice_id)
        return self.bills[invoice_id].minor - paid

    def disputed(self, at: datetime, invoice_id: str) -> int:
        day, due = self.local(at).date(), self.due(at, invoice_id)
        parts = [s for s in self.spells if s.kind == "dispute" and s.invoice_id == invoice_id and s.stands(at, day)]
        return min(due, sum(due if spell.minor is None else spell.minor for spell in parts))

    def on_plan(self, at: datetime, invoice_id: str) -> int:
        covered = [plan for when, plan in self.plans if when <= at]
        return min(self.due(at, invoice_id), covered[-1].get(invoice_id, 0) if covered else 0)

    def free(self, at: datetime, invoice_id: str) -> int:
        return max(0, self.due(at, invoice_id) - self.disputed(at, invoice_id) - self.on_plan(at, invoice_id))

    def against_account(self, at: datetime, *, hand_over: bool = False) -> set[str]:
        """What speaks against asking this customer for anything."""
        day = self.local(at).date()
        reasons = {spell.kind for spell in self.spells if spell.kind != "dispute" and spell.stands(at, day)}
        if not hand_over and not _now(self.is_open, at, True):
            reasons.add("account_closed")
        return reasons

    def against_money(self, at: datetime, invoice_id: str, rules: CollectionRules) -> set[str]:
        due, free = self.due(at, invoice_id), self.free(at, invoice_id)
        if due == 0:
            return {"paid"}
        if free == 0:
            named = {"disputed": self.disputed(at, invoice_id), "plan_kept": self.on_plan(at, invoice_id)}
            return {reason for reason, minor in named.items() if minor}
        return {"below_floor"} if free < rules.floor_minor else set()

    def against_letter(self, at: datetime, rules: CollectionRules) -> set[str]:
        """What speaks against a mail at this moment."""
        reasons, local = set(), self.local(at)
        if not _now(self.has_mail, at, True):
            reasons.add("no_address")
        elif not _now(self.agrees, at, True):
            reasons.add("no_consent")
        minute = local.hour * 60 + local.minute
        if minute >= 20 * 60 or minute < 8 * 60 or _is_within(minute, _now(self.quiet, at, None)):
            reasons.add("quiet_hours")
        if local.weekday() == 6 or local.date() in CLOSED_DAYS[self.country]:
            reasons.add("day_off")
        last_week = [one for one in self.asked if at - timedelta(days=7) < one.at < at]
        if len(last_week) >= rules.letters_a_week or any(self.local(x.at).date() == local.date() for x in last_week):
            reasons.add("too_often")
        return reasons

    def reasons(
        self, at: datetime, invoice_id: str | None, rules: CollectionRules, deed: Deed = Deed.LETTER
    ) -> set[str]:
        """Everything that speaks against it; it may leave when there is nothing."""
        reasons = self.against_account(at, hand_over=deed is Deed.HAND_OVER)
        if invoice_id:
            reasons |= self.against_money(at, invoice_id, rules)
        return reasons | self.against_letter(at, rules) if deed is Deed.LETTER else reasons

    def next_step(self, invoice_id: str, rules: CollectionRules) -> tuple[int, date] | None:
        """Number and day of an invoice's next step."""
        days = self.steps.get(invoice_id, [])
        if len(days) == len(rules.steps):
            return None
        step = rules.steps[len(days)]
        day = self.bills[invoice_id].due_on + timedelta(days=step.after_days)
        if days:
            day = max(day, days[-1] + timedelta(days=step.after_days - rules.steps[len(days) - 1].after_days))
        return len(days), day


def _now(changes: list, at: datetime, default):  # type: ignore[no-untyped-def, type-arg]
    """What holds at a moment, of a thing that can change."""
    held = [value for when, value in changes if when <= at]
    return held[-1] if held else default


def _is_within(minute: int, hours: tuple[str, str] | None) -> bool:
    if hours is None:
        return False
    begins, ends = (int(each[:2]) * 60 + int(each[3:]) for each in hours)
    within, turn = range(begins, ends), range(ends, begins)
    return minute in within if begins <= ends else minute not in turn
