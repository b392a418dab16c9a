"""A quote: the plans that an account could have for what it owes, as they would be agreed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.plans.affordability import Affordability, Budget
from chalicelib.plans.model import UNDER_WAY, Covered, Plan, PlanStatus
from chalicelib.plans.policy import PlanRules
from chalicelib.plans.schedule import MOST, Frequency, Instalment, monthly_minor, months_of, schedule
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor, portion
from chalicelib.platform.workdays import IsWorkingDay
from chalicelib.subscriptions.calendar import billing_day, period_of

USUAL: Final = {
    Frequency.MONTHLY: (2, 3, 4, 6, 9, 12, 18, 24),
    Frequency.FORTNIGHTLY: (2, 4, 6, 12, 26),
    Frequency.WEEKLY: (4, 8, 12, 26, 52),
}
"""How many instalments are offered when the customer names no number."""


_GIVEN_UP: Final = UNDER_WAY | {PlanStatus.CANCELLED, PlanStatus.RENEGOTIATED}


class Objection(StrEnum):
    """Why a choice needs the approval of a second person."""

    TOO_LONG = "too_long"
    NOT_AFFORDABLE = "not_affordable"
    BROKE_ONE_LATELY = "broke_one_lately"
    RENEGOTIATED_BEFORE = "renegotiated_before"


class Choice(Record):
    """One plan that could be had. `is_affordable` is None when nothing was told of income and outgoings."""

    choice: str
    frequency: Frequency
    months: int
    monthly_minor: Minor
    instalments: tuple[Instalment, ...]
    is_affordable: bool | None = None


class Quote(Record):
    """The choices for what is due of some invoices at one moment; agreed only while that is still due.

    `replaces` is the plan under way that it would follow, `policy` the version of the rules."""

    quote_id: str
    account_id: str
    currency: Currency
    total_minor: Minor
    covered: tuple[Covered, ...]
    choices: tuple[Choice, ...]
    made_on: date
    made_at: Instant
    valid_until: Instant
    policy: str
    note_id: str | None = None
    replaces: str | None = None

    def named(self, choice: str) -> Choice | None:
        return next((each for each in self.choices if each.choice == choice), None)


@dataclass(frozen=True)
class Wish:
    """What the customer asks for, and tells of the household. `due_day` is a day of the month, 1 to 31; `currency` that
    of the amounts, when there are any."""

    frequency: Frequency = Frequency.MONTHLY
    count: int | None = None
    first_on: date | None = None
    due_day: int | None = None
    deposit_minor: int = 0
    invoice_ids: tuple[str, ...] = ()
    budget: Budget | None = None
    currency: str | None = None


def first_day(wish: Wish, today: date, rules: PlanRules) -> date:
    """When the first instalment is due, before it gives way to a working day. Raises ValueError for a day that cannot
    be: in the past, too far ahead, or not the due day wished for."""
    if wish.first_on is None:
        earliest = today + timedelta(days=rules.first_due_days)
        if wish.due_day is None:
            return earliest
        begun = period_of(earliest, wish.due_day)
        return begun.starts_on if begun.starts_on == earliest else begun.next_on
    if not today <= wish.first_on <= today + timedelta(days=rules.first_due_within_days):
        raise ValueError(f"between today and {rules.first_due_within_days} days ahead")
    first = wish.first_on
    if wish.due_day and billing_day(first.year, first.month, wish.due_day) != first:
        raise ValueError("is not the due day wished for")
    return first


def choices(
    total_minor: int, wish: Wish, today: date, rules: PlanRules, is_working: IsWorkingDay,
    found: Affordability | None = None,
) -> tuple[Choice, ...]:  # fmt: skip
    """What can be had for a total, the shortest first; none when it is too little to be split. Raises ValueError."""
    first, deposit = first_day(wish, today, rules), max(wish.deposit_minor, portion(total_minor, rules.min_deposit_bp))
    due_day = wish.due_day if wish.frequency is Frequency.MONTHLY else None
    made = []
    for count in (wish.count,) if wish.count else USUAL[wish.frequency]:
        parts, months = count - bool(deposit), months_of(count, wish.frequency)
        smallest = (total_minor - deposit) // parts if parts else 0
        if smallest < rules.min_instalment_minor or months > rules.max_months or count > MOST:
            continue
        parted = schedule(total_minor, count, wish.frequency, first, is_working, due_day=due_day, deposit_minor=deposit)
        monthly = monthly_minor(parted[-1].amount_minor, wish.frequency)
        fits = monthly <= found.affordable_minor if found else None
        made.append(
            Choice(choice=f"{wish.frequency}-{count}", frequency=wish.frequency, months=months, monthly_minor=monthly,
                   instalments=parted, is_affordable=fits)
        )  # fmt: skip
    return tuple(made)


def objections(
    quote: Quote, choice: Choice, rules: PlanRules, earlier: Sequence[Plan], today: date, *, by_staff: bool
) -> tuple[Objection, ...]:
    """Why this person may not agree to it alone; nothing when they may. `earlier` are the account's plans so far.

    A plan that was ended counts like one that was renegotiated: to end it and begin anew is the same."""
    most = rules.staff_max_months if by_staff else rules.customer_max_months
    found = {
        Objection.TOO_LONG: choice.months > most,
        Objection.NOT_AFFORDABLE: choice.is_affordable is False,
        Objection.BROKE_ONE_LATELY: any(_broke(plan, today, rules.fresh_start_days) for plan in earlier),
        Objection.RENEGOTIATED_BEFORE: sum(_comes_before(plan, quote) for plan in earlier) > rules.renegotiations,
    }
    return tuple(each for each, stands in found.items() if stands)


def best(offered: Iterable[Choice]) -> Choice | None:
    """The shortest choice that the budget bears; the shortest of all when nothing was told of it; none when all are too
    much."""
    return next((each for each in offered if each.is_affordable is not False), None)


def _comes_before(plan: Plan, quote: Quote) -> bool:
    """Whether the quote is another plan for bills of this one, which was given up or would be."""
    bills = {each.invoice_id for each in quote.covered}
    return plan.status in _GIVEN_UP and not bills.isdisjoint(plan.invoice_ids)


def _broke(plan: Plan, today: date, days: int) -> bool:
    return plan.status is PlanStatus.BROKEN and plan.ended_at is not None and (today - plan.ended_at.date()).days < days
