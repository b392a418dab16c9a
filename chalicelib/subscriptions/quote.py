"""A change quote: what one change of a subscription costs and means, as it was shown before anybody agreed. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

from pydantic import Field

from chalicelib.payments.plan_orders import PlanOrder
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Line, Record
from chalicelib.platform.money import Currency, Minor
from chalicelib.subscriptions.parts import Part
from chalicelib.subscriptions.terms import Terms
from chalicelib.subscriptions.wish import Wish


class QuoteState(StrEnum):
    """Where a quote stands; an open one expires."""

    OPEN = "open"
    CONFIRMING = "confirming"  # agreed to; whether Stripe has done it is not known yet
    CONFIRMED = "confirmed"
    REFUSED = "refused"  # agreed to, and Stripe would not do it
    TAKEN_BACK = "taken_back"


class QuotedLine(Record):
    """A line of the bill that the quote speaks of: a whole period (`is_recurring`), a part of one (`is_proration`), or
    something that is paid once. `net_minor` is after discounts; a part of a period that the change brings shows how it
    was reckoned: `whole_minor` for `of_seconds`, of which it lasts `seconds`."""

    name: Line
    is_change: bool
    is_metered: bool = False
    is_proration: bool = False
    is_recurring: bool = False
    price_id: str | None = None
    starts_at: int
    ends_at: int
    quantity: int = 1
    net_minor: Minor
    tax_minor: Minor = 0
    discount_minor: Minor = 0
    whole_minor: Minor | None = None
    seconds: int | None = None
    of_seconds: int | None = None
    words: str = ""


class Consequence(Record):
    """Something that the change brings, in plain words; `code` says which kind it is."""

    code: str
    text: str


class RiseNotice(Record):
    """A price rise that has been agreed, a month."""

    from_on: date
    by_minor: Minor
    by_with_tax_minor: Minor
    text: str


class Cause(StrEnum):
    """Why a bill differs from its quote."""

    ANOTHER_CHANGE = "another_change"
    USAGE = "usage"
    CHARGE = "charge"
    CREDIT = "credit"
    COUPON = "coupon"
    PRICE_CHANGE = "price_change"
    TAX_CHANGE = "tax_change"
    UNEXPLAINED = "unexplained"


class Difference(Record):
    """A line that was billed otherwise than quoted, with tax; one that was not quoted, or not billed, is None there."""

    name: Line
    quoted_minor: Minor | None = None
    billed_minor: Minor | None = None
    cause: Cause
    was_promised: bool = False


class Comparison(Record):
    """The quote beside the bill that came; without differences it was kept to the penny."""

    invoice_id: str
    compared_at: Instant
    quoted_minor: Minor
    billed_minor: Minor
    differences: tuple[Difference, ...] = ()

    @property
    def is_kept(self) -> bool:
        return not self.differences

    @property
    def needs_a_look(self) -> bool:
        """Whether something is unexplained, or what was promised came out dearer because of a price."""
        return any(
            each.cause is Cause.UNEXPLAINED
            or (
                each.was_promised
                and each.cause is Cause.PRICE_CHANGE
                and _minor(each.billed_minor) > _minor(each.quoted_minor)
            )
            for each in self.differences
        )


class ChangeQuote(Record):
    """One quote. Seconds are epoch seconds in the subscription's own time; the rules and the offer are named by the
    versions that it was made by. `bill_from` is when the bill that it speaks of can come at the earliest; with
    `no_bill` none is to be collected."""

    quote_id: str
    subscription_id: str
    account_id: str
    plan_id: str
    wish: Wish
    order: PlanOrder
    currency: Currency
    made_at: Instant
    valid_until: Instant
    asked_at: int
    effective_at: int
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    lines: tuple[QuotedLine, ...] = ()
    bill_at: int | None = None
    bill_from: int
    no_bill: bool = False
    bill_before_minor: Minor
    bill_after_minor: Minor
    terms_before: Terms | None = None
    terms_after: Terms | None = None
    exit_fee_minor: Minor = 0
    price_rises: tuple[RiseNotice, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    rules_version: str
    offer_code: str | None = None
    offer_version: int | None = None
    state: QuoteState = QuoteState.OPEN
    used_by: str | None = Field(default=None, description="Digest of the key that it was confirmed with.")
    confirmed_at: Instant | None = None
    comparison: Comparison | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether it can still be agreed to."""
        return self.state is QuoteState.OPEN and now < self.valid_until

    @property
    def effective(self) -> datetime:
        return datetime.fromtimestamp(self.effective_at, UTC)

    @property
    def named(self) -> str:
        """The subscription, as its customer knows it."""
        parts = [*self.before, *self.after]
        return next((part.name for part in parts if part.subscription_id == self.subscription_id), self.subscription_id)

    def says_the_same(self, other: ChangeQuote) -> bool:
        """Whether both charge the same; what was used meanwhile is no other price."""
        return self._charged == other._charged

    @property
    def _charged(self) -> object:
        lines = [
            (line.price_id, line.is_proration, line.starts_at, line.ends_at, line.net_minor, line.tax_minor)
            for line in self.lines
            if not line.is_metered
        ]
        order = self.order.model_copy(update={"old_schedule_id": None})
        return sorted(map(str, lines)), order, self.exit_fee_minor, self.offer_version


def _minor(amount: int | None) -> int:
    return amount or 0
