"""What a household can pay in a month, from what it told of itself. Pure.

The note holds the most private figures that the desk knows: it stands by itself, away from plans and audit, and can be
erased without touching either."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.plans.advice import Help
from chalicelib.plans.policy import PlanRules
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor, portion


class Budget(Record):
    """A month of a household, in minor units of the account's currency. `payday` is a day of the month, 1 to 31."""

    income_minor: Minor
    essentials_minor: Minor
    other_debts_minor: Minor
    household_size: int = Field(ge=1)
    payday: int | None = None

    @property
    def disposable_minor(self) -> int:
        """What is left of the income; below zero there is too little for what is essential."""
        return self.income_minor - self.essentials_minor - self.other_debts_minor


class Affordability(Record):
    """What follows from a budget: the most that a plan should take in a month, and what may help beside it."""

    disposable_minor: Minor
    affordable_minor: Minor
    help: tuple[Help, ...]


class AffordabilityNote(Record):
    """A budget as it was told, when and to whom, and what followed from it by which rules."""

    note_id: str
    account_id: str
    currency: Currency
    budget: Budget
    found: Affordability
    policy: str
    told_at: Instant
    told_to: str


def assess(budget: Budget, rules: PlanRules, due_days: tuple[date, ...] = ()) -> Affordability:
    """What the household can afford. `due_days` are those of its open bills, for whether they come before payday."""
    left = budget.disposable_minor
    affordable = portion(max(0, left), rules.max_share_bp)
    poor = rules.low_income_minor + rules.low_income_more_minor * (budget.household_size - 1)
    fits = {
        Help.DEBT_ADVICE: left <= 0,
        Help.HARDSHIP_FUND: affordable < rules.min_instalment_minor,
        Help.SOCIAL_TARIFF: budget.income_minor <= poor,
        Help.DUE_DAY_CHANGE: budget.payday is not None and any(day.day < budget.payday for day in due_days),
    }
    return Affordability(
        disposable_minor=left, affordable_minor=affordable, help=tuple(each for each, does in fits.items() if does)
    )
