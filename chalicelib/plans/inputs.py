"""What a caller may ask of payment plans."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.payments.inputs import InvoiceIds
from chalicelib.plans.affordability import Budget
from chalicelib.plans.model import PayBy
from chalicelib.plans.quote import Wish
from chalicelib.plans.schedule import MOST, Frequency
from chalicelib.platform.fields import Input, Line
from chalicelib.platform.money import Money

MethodId = Annotated[str, StringConstraints(pattern=r"^pm_[0-9A-Za-z_]{1,64}$")]


def _not_below_nothing(amount: Money) -> Money:
    if not 0 <= amount.amount_minor <= 10**9:
        raise ValueError("is below nothing, or more than anybody has")
    return amount


Amount = Annotated[Money, AfterValidator(_not_below_nothing)]


class NewBudget(Input):
    """A month of the household, as the customer tells it, in the currency of the account."""

    income: Amount = Field(description="What comes in, a month.")
    essentials: Amount = Field(description="Rent, food, energy, travel, children: what goes out, a month.")
    other_debts: Amount | None = Field(default=None, description="What goes to other creditors, a month.")
    household_size: int = Field(default=1, ge=1, le=20, description="People who live on this income.")
    payday: int | None = Field(default=None, ge=1, le=31, description="Day of the month on which income comes.")

    @property
    def budget(self) -> Budget:
        """In minor units."""
        debts = self.other_debts.amount_minor if self.other_debts else 0
        return Budget(
            income_minor=self.income.amount_minor, essentials_minor=self.essentials.amount_minor,
            other_debts_minor=debts, household_size=self.household_size, payday=self.payday,
        )  # fmt: skip


class NewPlanQuote(Input):
    """What should be paid in parts, and how; all may be left out."""

    invoice_ids: InvoiceIds = Field(default=[], description="Open invoices; all of them when left out.")
    frequency: Frequency = Field(default=Frequency.MONTHLY, description="How often an instalment is due.")
    instalments: int | None = Field(
        default=None, ge=2, le=MOST, description="How many; when left out, several choices are offered."
    )
    first_due_on: date | None = Field(default=None, description="When the first one is due; a week ahead if left out.")
    due_day: int | None = Field(
        default=None, ge=1, le=31, description="Day of the month for monthly ones; the last of a shorter month."
    )
    deposit: Amount | None = Field(default=None, description="The first instalment, when it is to be another amount.")
    budget: NewBudget | None = Field(
        default=None, description="For what the household can afford; kept as a note that can be erased."
    )

    @model_validator(mode="after")
    def _fits(self) -> NewPlanQuote:
        if self.due_day and self.frequency is not Frequency.MONTHLY:
            raise ValueError("a day of the month goes with monthly instalments")
        if len(self.currencies) > 1:
            raise ValueError("all amounts are in the currency of the account")
        return self

    @property
    def currencies(self) -> set[str]:
        """Of the amounts that are given."""
        told = (self.budget.income, self.budget.essentials, self.budget.other_debts) if self.budget else ()
        return {amount.currency for amount in (self.deposit, *told) if amount}

    @property
    def wish(self) -> Wish:
        """In minor units."""
        return Wish(
            self.frequency, self.instalments, self.first_due_on, self.due_day,
            self.deposit.amount_minor if self.deposit else 0, tuple(self.invoice_ids),
            self.budget.budget if self.budget else None, next(iter(self.currencies), None),
        )  # fmt: skip


class PlanTerms(Input):
    """One choice of a quote, and how it is paid."""

    choice: str = Field(max_length=40, description="The `choice` of the quote.", examples=["monthly-3"])
    method: PayBy = Field(description="`saved_method` is charged on each day; for `link` the customer gets a link.")
    payment_method: MethodId | None = Field(
        default=None, description="The saved method to charge; the default one when left out."
    )


class NewPaymentPlan(PlanTerms):
    """An agreement to a choice of a quote."""

    quote_id: str = Field(max_length=80, description="The quote that was seen; agreed only as it was quoted.")


class PlanEnd(Input):
    """Why a plan is ended."""

    reason: Line


class NewSettlement(Input):
    """How all that is left is paid."""

    method: PayBy = Field(description="`saved_method` is charged now; `link` opens a page that takes it.")
    payment_method: MethodId | None = Field(
        default=None, description="The saved method to charge; that of the plan when left out."
    )
