"""What the company allows of payment plans."""

from __future__ import annotations

from typing import Final

from pydantic import Field, field_validator, model_validator

from chalicelib.accounts.holds import SILENT, HoldKind
from chalicelib.platform.workdays import working_days
from chalicelib.policy.model import PolicyKind, Rules


class PlanRules(Rules):
    """Limits of plans, and how they are collected. Days count from the day they name; money is minor units."""

    customer_max_months: int = Field(
        default=6, ge=1, le=60, description="Months that a plan may last which customers make by themselves."
    )
    staff_max_months: int = Field(
        default=12, ge=1, le=60, description="Months that a plan may last which an advisor makes without approval."
    )
    max_months: int = Field(default=24, ge=1, le=60, description="Months that any plan may last, with approval.")
    min_instalment_minor: int = Field(default=500, ge=100, description="The smallest instalment, in minor units.")
    min_deposit_bp: int = Field(
        default=0, ge=0, le=5000, description="Share of the total to be paid with the first instalment, basis points."
    )
    max_share_bp: int = Field(
        default=5000, ge=100, le=10_000,
        description="The most that a plan may take of what is left of a month's income, basis points.",
    )  # fmt: skip
    first_due_days: int = Field(
        default=7, ge=0, le=31, description="Days from the agreement to the first instalment, unless a day is chosen."
    )
    first_due_within_days: int = Field(
        default=31, ge=0, le=62, description="Days after the agreement by which the first instalment has to be due."
    )
    grace_days: int = Field(default=5, ge=0, le=31, description="Days after an instalment is asked for to pay it.")
    missed_allowed: int = Field(
        default=0, ge=0, le=5, description="Instalments that may be missed, grace and all, before the plan is broken."
    )
    reminder_days: int = Field(default=3, ge=0, le=14, description="Days before an instalment that it is announced.")
    retry_after_days: tuple[int, ...] = Field(
        default=(2, 4), max_length=4, description="Days after a declined charge on which it is tried again."
    )
    least_charge_minor: int = Field(
        default=50,
        ge=1,
        le=500,
        description="What is less waits for the next instalment: no card takes it; minor units.",
    )
    quote_hours: int = Field(default=72, ge=1, le=720, description="Hours that a quote stands.")
    renegotiations: int = Field(
        default=1, ge=0, le=10, description="Plans that may follow one another for the same bills without approval."
    )
    fresh_start_days: int = Field(
        default=180, ge=0, le=1095, description="Days after a broken plan in which the next one needs approval."
    )
    resting_holds: tuple[HoldKind, ...] = Field(
        default=tuple(sorted(SILENT | {HoldKind.DEBT_ADVICE})),
        description="Holds in which a plan rests: no charge, no letter, later days.",
    )
    working_days_of: str = Field(
        default="GB-ENG", description="Region whose bank holidays and weekends no instalment falls on, ISO 3166-2."
    )
    note_kept_days: int = Field(
        default=730, ge=1, le=3650, description="Days after which what was told of income and outgoings is deleted."
    )
    low_income_minor: int = Field(
        default=180_000,
        ge=0,
        description="A month's income up to which one person may get a social tariff, minor units.",
    )
    low_income_more_minor: int = Field(
        default=60_000, ge=0, description="So much more for each other person of the household, minor units."
    )

    @field_validator("working_days_of")
    @classmethod
    def _known(cls, region: str) -> str:
        working_days(region)
        return region

    @model_validator(mode="after")
    def _in_order(self) -> PlanRules:
        if not self.customer_max_months <= self.staff_max_months <= self.max_months:
            raise ValueError("customers may do no more than advisors, and those no more than with approval")
        if (
            list(self.retry_after_days) != sorted(set(self.retry_after_days))
            or min(self.retry_after_days, default=1) < 1
        ):
            raise ValueError("retries come one after the other, the first a day later at the earliest")
        return self


PLAN_POLICY: Final = PolicyKind("payment_plans", "How long, how much and how patient payment plans are.", PlanRules())
