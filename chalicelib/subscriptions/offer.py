"""What is sold, in plain names: a plan or an add-on with its price, its contract and what it includes. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.platform.fields import Line, Record, Text, Version
from chalicelib.platform.money import Currency, Minor, portion

CODE: Final = r"^[A-Z0-9][A-Z0-9-]{1,63}$"
Code = Annotated[str, StringConstraints(pattern=CODE), Field(examples=["BB-FIBRE-500"])]
"""What an offer is called in the price list; Stripe's price has it as its look-up key."""
Service = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$"), Field(examples=["broadband"])]
Measure = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$"), Field(examples=["data_mb"])]
"""A kind of use with its unit: `data_mb`, `voice_s`, `texts`, `roaming_data_mb`, `premium_voice_s`."""

Price = Annotated[int, Field(ge=0, le=10**15, description="In the currency's minor unit, before tax.")]
"""Not `Minor` with a bound of its own: pydantic keeps the bound of the type and drops that of the field."""


class OfferKind(StrEnum):
    """A plan is taken for itself, an add-on with a plan that it fits."""

    PLAN = "plan"
    ADDON = "addon"


class Allowance(Record):
    """What the price includes for each billing period, in the unit of its measure."""

    measure: Measure = Field(description="A kind of use with its unit, such as `data_mb`, `voice_s`, `texts`.")
    amount: int | None = Field(default=None, ge=0, description="In the unit of the measure; null: without limit.")


class OutOfBundle(Record):
    """What use beyond the allowance costs, before tax."""

    measure: Measure = Field(description="A kind of use with its unit, such as `roaming_data_mb`.")
    per: int = Field(default=1, ge=1, description="So many units cost `price_minor`; a begun lot counts whole.")
    price_minor: Price


class PriceRise(Record):
    """A rise in pounds and pence that was told when the contract was made."""

    from_on: date
    by_minor: Minor = Field(gt=0, description="A month, before tax, in the currency's minor unit.")


class ExitFee(Record):
    """What leaving within the minimum term costs for each month that is left, before tax; part months by the day."""

    per_month_minor: Minor = Field(gt=0)
    at_most_minor: Minor | None = Field(default=None, gt=0)


class OfferTerms(Record):
    """All that an offer says; amounts are before tax."""

    name: Line = Field(description="The offer as customers know it.")
    description: Text = Field(description="What it is, in plain words.")
    service: Service
    kind: OfferKind = OfferKind.PLAN
    currency: Currency
    monthly_minor: Price = Field(description="A month, before tax, in the currency's minor unit.")
    tax_rate_bp: int = Field(default=2000, ge=0, le=10_000)
    contract_months: int = Field(default=0, ge=0, le=36, description="Months of the minimum term; 0: none.")
    notice_days: int = Field(default=0, ge=0, le=31, description="Days between giving notice and the end.")
    exit_fee: ExitFee | None = Field(default=None, description="Null: leaving early costs nothing.")
    price_rises: tuple[PriceRise, ...] = Field(default=(), max_length=10, description="In order of their days.")
    allowances: tuple[Allowance, ...] = Field(default=(), max_length=20, description="What the price includes.")
    out_of_bundle: tuple[OutOfBundle, ...] = Field(
        default=(), max_length=40, description="What use beyond the allowances costs."
    )
    fits: tuple[Code, ...] = Field(
        default=(), max_length=50, description="Of an add-on: the plans it goes with; none: all of its service."
    )
    is_sold: bool = Field(default=True, description="Whether new customers may take it.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [rise.from_on for rise in self.price_rises]
        if days != sorted(set(days)):
            raise ValueError("price rises come in order of their days, one a day")
        if self.exit_fee and not self.contract_months:
            raise ValueError("there is no exit fee without a minimum term")
        if self.contract_months and self.kind is OfferKind.ADDON:
            raise ValueError("an add-on goes with its plan and has no minimum term of its own")
        if self.fits and self.kind is OfferKind.PLAN:
            raise ValueError("`fits` is said of add-ons")
        return self

    @property
    def with_tax_minor(self) -> int:
        """A month with tax."""
        return self.monthly_minor + portion(self.monthly_minor, self.tax_rate_bp)


class Offer(OfferTerms):
    """An offer as it stands; earlier versions are kept."""

    code: Code
    version: Version = 1

    def goes_with(self, plan: Offer) -> bool:
        """Whether this add-on can be had with the plan."""
        return plan.code in self.fits if self.fits else plan.service == self.service

    def allowance(self, measure: str) -> Allowance | None:
        """What it includes of a measure."""
        return next((each for each in self.allowances if each.measure == measure), None)
