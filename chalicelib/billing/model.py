"""Invoices with sums that hold, and the subscriptions they bill."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Line, Record, Version
from chalicelib.platform.money import Currency, Minor, portion

Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), Field(examples=["2026-10"])]
"""A billing period by the month in which it begins."""


class LineKind(StrEnum):
    """What a line charges for."""

    SUBSCRIPTION = "subscription"
    USAGE = "usage"
    EQUIPMENT = "equipment"
    ADDON = "addon"
    ONE_OFF = "one_off"
    DISCOUNT = "discount"
    PRORATION = "proration"


class InvoiceStatus(StrEnum):
    """An invoice is open exactly while something of it is due; a void or uncollectible one was given up."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


ClosedAs = Literal[InvoiceStatus.VOID, InvoiceStatus.UNCOLLECTIBLE]


def is_tax_of(net_minor: int, tax_minor: int, rate_bp: int) -> bool:
    """Whether it can be the tax on a line.

    Billing systems round it by line, by rate or by bill, so it may be off by one minor unit; and their rates may have
    more digits than basis points, so it may be off by what half a basis point makes of the line.
    """
    return abs(tax_minor - portion(net_minor, rate_bp)) <= 1 + abs(net_minor) // 20_000


class InvoiceLine(Record):
    """One charge. Amounts are minor units before tax, the rate is basis points; a discount has a negative amount."""

    line_id: str
    kind: LineKind
    code: str
    description: Line
    quantity: int = Field(ge=1)
    unit_amount_minor: Minor
    net_minor: Minor
    tax_rate_bp: int = Field(ge=0, le=10_000)
    tax_minor: Minor

    @model_validator(mode="after")
    def _sums(self) -> InvoiceLine:
        if self.net_minor != self.quantity * self.unit_amount_minor:
            raise ValueError("net is not quantity times unit amount")
        if not is_tax_of(self.net_minor, self.tax_minor, self.tax_rate_bp):
            raise ValueError("tax is not the rate's portion of net")
        return self


class Invoice(Record):
    """A bill as it was issued; never changed, save that it is marked as `closed_as` void or uncollectible.

    What is due of it is not said here: the account's ledger says it.
    """

    invoice_id: str
    account_id: str
    number: str
    period: Period
    issued_on: date
    due_on: date
    currency: Currency
    lines: tuple[InvoiceLine, ...]
    net_minor: Minor
    tax_minor: Minor
    total_minor: Minor
    credit_applied_minor: Minor = Field(default=0, description="Standing credit that paid its part at issue.")
    closed_as: ClosedAs | None = None

    @model_validator(mode="after")
    def _sums(self) -> Invoice:
        if self.net_minor != sum(line.net_minor for line in self.lines):
            raise ValueError("net is not the sum of the lines")
        if self.tax_minor != sum(line.tax_minor for line in self.lines):
            raise ValueError("tax is not the sum of the lines")
        if self.total_minor != self.net_minor + self.tax_minor:
            raise ValueError("total is not net plus tax")
        return self

    def is_same_bill(self, other: Invoice) -> bool:
        """Whether both bill the same, whatever became of them."""
        billed = set(Invoice.model_fields) - {"credit_applied_minor", "closed_as"}
        return self.model_dump(include=billed) == other.model_dump(include=billed)


class StandingInvoice(Invoice):
    """An invoice with what is still to be paid of it; `version` counts the entries of the ledger that says so."""

    due_minor: Minor
    status: InvoiceStatus
    version: Version


class CreditNote(Record):
    """Takes back part of an invoice; `tax_minor` of its `amount_minor` is tax."""

    credit_note_id: str
    invoice_id: str
    account_id: str
    amount_minor: Minor = Field(gt=0)
    tax_minor: Annotated[Minor, Field(ge=0)] = 0
    issued_at: Instant
    is_void: bool = False


class SubscriptionStatus(StrEnum):
    """A paused subscription is kept but not billed, a pending one waits for its first payment."""

    PENDING = "pending"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class PlannedChange(Record):
    """What a subscription becomes at an instant; without a plan it ends then."""

    at: Instant
    plan_code: str | None = None
    plan_name: Line | None = None
    price_minor: Minor = 0
    quantity: int = Field(default=1, ge=0)


class Subscription(Record):
    """A plan that an account takes; `price_minor` is for a month, before tax, which begins on `anchor_day`.

    It is the price of all `quantity` together; use and steps of a price come on top of it. `ends_at` is when it ends or
    ended. `provider_id` names the subscription of Stripe's that it is a part of, `provider_item_id` its item there, and
    `as_of` (epoch seconds) says when it was read there.
    """

    subscription_id: str
    account_id: str
    plan_code: str
    plan_name: Line
    service: str = Field(examples=["broadband"])
    price_minor: Minor
    currency: Currency
    started_on: date
    anchor_day: int = Field(ge=1, le=31)
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    quantity: int = Field(default=1, ge=0)
    period_starts_at: Instant | None = None
    period_ends_at: Instant | None = None
    ends_at: Instant | None = None
    planned: PlannedChange | None = None
    provider_id: str | None = None
    provider_item_id: str | None = None
    as_of: int = 0
