"""What the HTTP contract shows of use and of what it costs."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Version, View
from chalicelib.platform.money import Money
from chalicelib.usage.categories import Category, Unit
from chalicelib.usage.control import ACCOUNT
from chalicelib.usage.model import Answer, NewUsage, Outcome, Refusal, UsageRecord
from chalicelib.usage.rating import Rated
from chalicelib.usage.summary import Spending, UsageOfPeriod


class OutcomeView(View):
    """What became of one record."""

    record_id: str = Field(description="The sender's id of the record.")
    outcome: Outcome = Field(description="`repeated` and `older` change nothing: the record or a later one is counted.")
    refusal: Refusal | None = Field(description="Why it was not taken; null when it was.")


class OutcomesView(View):
    """What became of each record, in the order in which they came."""

    records: list[OutcomeView]


class NotBilledView(View):
    """What was used and is not billed, before tax."""

    over_limit: Money = Field(description="It came after the spending limit was reached, without express consent.")
    barred: Money = Field(description="It came while its category was barred.")


class UsageLineView(View):
    """Use of one category in a period; quantities in `unit`, amounts before tax unless they say otherwise."""

    category: Category = Field(description="What was used.")
    unit: Unit = Field(description="What quantities of it count.")
    used: int = Field(description="So far, in `unit`.")
    allowance: int | None = Field(description="What the plan includes, in `unit`; null: without end.")
    left: int | None = Field(description="What is left of it, in `unit`; null: without end.")
    charge: Money = Field(description="What use beyond the allowance costs.")
    billed: Money = Field(description="What of it is billed, now or with the next bill.")
    billed_with_tax: Money = Field(description="The same with tax.")
    not_billed: NotBilledView


class SpendingView(View):
    """A spending limit, and how far it is used up; with tax."""

    subscription_id: str | None = Field(description="Null: it holds for all subscriptions of the account together.")
    limit: Money = Field(description="The most that use may cost for the bills of a month, with tax.")
    ceiling: Money | None = Field(description="The limit with the consents above it; null: a consent lifted it.")
    billed: Money = Field(description="What is billed so far, with tax.")


class UsageView(View):
    """Use of a subscription in one billing period."""

    subscription_id: str
    plan_code: str
    plan_name: str
    starts_on: date = Field(description="First day of the period, YYYY-MM-DD.")
    ends_on: date = Field(description="Its last day.")
    is_running: bool = Field(description="Whether it is the present period, so that more may come.")
    lines: list[UsageLineView] = Field(description="What was used, and what the plan includes or charges.")
    barred: list[Category] = Field(description="What is barred now.")
    spending: list[SpendingView] = Field(description="The limits that hold for it.")


class UsageRecordView(View):
    """A record as it stands; it is the newest version."""

    record_id: str = Field(description="The sender's id of the record.")
    version: Version
    subscription_id: str
    category: Category = Field(description="What was used.")
    quantity: int = Field(description="How much, in `unit`.")
    unit: Unit = Field(description="What the quantity counts.")
    happened_at: Instant
    recorded_at: Instant
    is_late: bool = Field(description="It came when its period was over.")
    charge: Money = Field(description="By how much it changed the period's charges when it came, before tax.")
    billed: Money = Field(description="By how much it changed what is billed, before tax.")


def outcome_view(new: NewUsage, answer: Answer) -> OutcomeView:
    """What became of a record."""
    return OutcomeView(record_id=new.record_id, outcome=answer.outcome, refusal=answer.refusal)


def usage_view(found: UsageOfPeriod) -> UsageView:
    """A period as the customer sees it."""
    return UsageView(
        subscription_id=found.subscription_id, plan_code=found.plan.plan_code, plan_name=found.plan.plan_name,
        starts_on=found.starts_on, ends_on=found.ends_on, is_running=found.is_running, barred=list(found.barred),
        lines=[_line(category, line, found.currency) for category, line in found.lines],
        spending=[_spending(each, found.currency) for each in found.spending],
    )  # fmt: skip


def record_view(record: UsageRecord, currency: str) -> UsageRecordView:
    """A record as it stands."""
    plain = record.model_dump(include=set(UsageRecordView.model_fields))
    charge, billed = money(record.charge_minor, currency), money(record.billed_minor, currency)
    return UsageRecordView(**plain, unit=record.category.kind.unit, charge=charge, billed=billed)


def _line(category: Category, line: Rated, currency: str) -> UsageLineView:
    allowance = line.tariff.allowance(category)
    return UsageLineView(
        category=category, unit=category.kind.unit, used=line.used, allowance=allowance,
        left=None if allowance is None else max(0, allowance - line.used),
        charge=money(line.charge_minor, currency), billed=money(line.billed_minor, currency),
        billed_with_tax=money(line.billed_with_tax_minor, currency),
        not_billed=NotBilledView(
            over_limit=money(line.over_limit_minor, currency), barred=money(line.barred_minor, currency)
        ),
    )  # fmt: skip


def _spending(spending: Spending, currency: str) -> SpendingView:
    ceiling = None if spending.ceiling_minor is None else money(spending.ceiling_minor, currency)
    return SpendingView(
        subscription_id=scoped(spending.scope), limit=money(spending.limit_minor, currency), ceiling=ceiling,
        billed=money(spending.billed_minor, currency),
    )  # fmt: skip


def scoped(scope: str) -> str | None:
    """The subscription that a scope names; None for the whole account."""
    return None if scope == ACCOUNT else scope


def money(minor: int, currency: str) -> Money:
    """An amount."""
    return Money(amount_minor=minor, currency=currency)
