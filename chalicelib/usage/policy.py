"""The company's rules for use and for what is warned of, as data with versions."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from chalicelib.platform.money import Minor
from chalicelib.policy.model import PolicyKind, Rules
from chalicelib.usage.categories import Category

Percent = Annotated[int, Field(ge=1, le=1000)]


class UsageRules(Rules):
    """How records of use are taken, and when customers hear of their use."""

    late_days: int = Field(default=90, ge=1, le=180, description="Days after which use that is told of is not taken.")
    ahead_s: int = Field(default=300, ge=0, le=86_400, description="Seconds that a sender's clock may be ahead.")
    kept_days: int = Field(default=400, ge=200, le=2200, description="Days for which single records are kept.")
    alert_percents: tuple[Percent, ...] = Field(
        default=(50, 80, 100), min_length=1, max_length=5,
        description="Percent of an allowance or a spending limit at which the customer is told, once a period each.",
    )  # fmt: skip
    most_minor: dict[Category, Annotated[Minor, Field(ge=0)]] = Field(
        default_factory=dict,
        description="The most that use of a category costs in a period, before tax, in minor units; none: no cap.",
    )


class WarningRules(Rules):
    """When customers are warned before a bill is issued, before a contract ends, and of a plan that costs less."""

    bill_more_minor: Annotated[Minor, Field(ge=0)] = Field(
        default=500, description="Minor units by which a bill must exceed what is usual to be unusual."
    )
    bill_more_percent: int = Field(default=25, ge=0, le=1000, description="And percent of what is usual.")
    bills_compared: int = Field(default=3, ge=1, le=12, description="Bills before it that say what is usual.")
    bill_case_minor: Annotated[Minor, Field(ge=0)] = Field(
        default=5000, description="Minor units above what is usual from which an advisor gets a case."
    )
    contract_from_days: int = Field(
        default=30, ge=1, le=90, description="Days before its end a contract's end is told."
    )
    contract_until_days: int = Field(default=10, ge=0, le=60, description="Days before its end from which it is not.")
    price_rise_days: int = Field(default=31, ge=1, le=90, description="Days before a price rise that it is told.")
    advice_periods: int = Field(default=3, ge=1, le=12, description="Finished periods whose use is looked at.")
    advice_saves_minor: Annotated[Minor, Field(ge=1)] = Field(
        default=200, description="Minor units a period, with tax, that another plan must save to be advised."
    )


USAGE: Final = PolicyKind("usage", "How use is counted, and at which shares of it customers are told.", UsageRules())
WARNINGS: Final = PolicyKind(
    "bill_warnings", "What is told before a bill, the end of a contract, a rise; and which plan is advised.",
    WarningRules(),
)  # fmt: skip
