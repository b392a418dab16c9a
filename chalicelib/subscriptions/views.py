"""A change quote as the API shows it."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.money import Money
from chalicelib.subscriptions.quote import Cause, QuoteState
from chalicelib.subscriptions.wish import Kind


class QuotedLineView(View):
    """A line of the bill that shows the change."""

    name: str = Field(description="What it is for, in plain words.")
    is_credit: bool = Field(description="Whether it is given back.")
    is_change: bool = Field(description="Whether the change brings it; others are on the bill anyway.")
    starts_at: Instant
    ends_at: Instant
    net: Money = Field(description="After discounts, before tax.")
    tax: Money
    arithmetic: str = Field(description="How it was reckoned, in words; empty for what is no share of a price.")
    whole: Money | None = Field(description="The price of a whole period, of which the line is a share.")
    seconds: int | None = Field(description="Seconds that the share lasts.")
    of_seconds: int | None = Field(description="Seconds of the whole period.")


class QuotedBillView(View):
    """The bill that shows the change."""

    bill_at: Instant | None = Field(description="When it is made; null: no bill comes any more.")
    total_before: Money = Field(description="With tax, had nothing been changed: the next bill.")
    total_after: Money = Field(description="With tax, as the change makes it.")
    is_collected: bool = Field(description="False: it falls into a pause and is not collected.")
    lines: list[QuotedLineView]


class MonthlyView(View):
    """What a month costs, with all add-ons of the plan."""

    before: Money = Field(description="Before tax, as it is.")
    before_with_tax: Money = Field(description="With tax, as it is.")
    after: Money = Field(description="Before tax, after the change.")
    after_with_tax: Money = Field(description="With tax, after the change.")


class RiseView(View):
    """A price rise that was agreed, in pounds and pence."""

    from_on: date
    by: Money = Field(description="More a month, before tax.")
    by_with_tax: Money = Field(description="More a month, with tax.")
    text: str


class ConsequenceView(View):
    """Something that the change brings."""

    code: str = Field(description="Which kind it is, such as `stops`, `exit_fee`, `number_lost`, `allowance_less`.")
    text: str


class DifferenceView(View):
    """A line that was billed otherwise than quoted."""

    name: str = Field(description="The line.")
    quoted: Money | None = Field(description="With tax; null: it was not quoted.")
    billed: Money | None = Field(description="With tax; null: it was not billed.")
    cause: Cause = Field(description="Which event came between.")


class ComparisonView(View):
    """The quote beside the bill that came."""

    invoice_id: str
    is_kept: bool = Field(description="Whether the bill is the quote to the penny.")
    quoted: Money = Field(description="The total that was quoted, with tax.")
    billed: Money = Field(description="The total that was billed, with tax.")
    differences: list[DifferenceView] = Field(description="Each line that differs, with what came between.")
    compared_at: Instant


class ChangeQuoteView(View):
    """What a change of a subscription costs and means. It holds until `expires_at`, exactly as shown."""

    quote_id: str = Field(description="The desk's id of the quote; confirm the change with it.")
    subscription_id: str
    account_id: str
    kind: Kind = Field(description="What is to be changed.")
    state: QuoteState
    made_at: Instant
    expires_at: Instant
    effective_at: Instant = Field(description="From when on the change counts.")
    bill: QuotedBillView
    monthly: MonthlyView
    contract_ends_before: date | None = Field(description="Last day of the minimum term as it is; null: none.")
    contract_ends_after: date | None = Field(description="Last day of the minimum term afterwards; null: none.")
    exit_fee: Money = Field(description="What leaving early costs, before tax; it comes with the next bill.")
    price_rises: list[RiseView] = Field(description="Rises that were agreed and are still to come.")
    consequences: list[ConsequenceView] = Field(description="What the change brings, in plain words.")
    policy_version: str = Field(description="The policy of changes that it was made by.")
    offer_code: str | None = Field(description="The offer that it names.")
    offer_version: int | None = Field(description="Version of the offer that it was made by.")
    confirmed_at: Instant | None
    comparison: ComparisonView | None = Field(description="Null until the bill has come.")
