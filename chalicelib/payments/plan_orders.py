"""What Stripe is asked to make of a subscription: one order a way of changing it, kept with the quote that promised it.

Seconds are epoch seconds in the subscription's own time: the time of its test clock, where it lives by one. Pure.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor


class ItemChange(Record):
    """A part of a subscription as it is to be: one that stands (`item_id`), a new one without it, or one that goes."""

    item_id: str | None = None
    price_id: str | None = None
    quantity: int = 1
    goes: bool = False


class PhaseItem(Record):
    """A part of a subscription from a later second on; `subscription_id` is what the desk goes on calling it."""

    price_id: str
    quantity: int | None = None
    subscription_id: str | None = None
    tax_rates: tuple[str, ...] = ()


class Fee(Record):
    """What leaving early costs, before tax; it comes with the next bill."""

    amount_minor: Minor = Field(gt=0)
    description: str


class _Order(Record):
    plan_id: str
    customer_id: str
    currency: Currency
    old_schedule_id: str | None = None
    """A schedule that has nothing left to do and would be in the way."""


class ChangeNow(_Order):
    """Other parts from a second of the present period on; its rest is credited and charged with the next bill."""

    way: Literal["now"] = "now"
    items: tuple[ItemChange, ...]
    at: int
    fee: Fee | None = None


class ChangeLater(_Order):
    """Other parts from a second on that ends a period; with `restarts` the same parts, and periods begin anew there.

    `items` are all that there will be then, `changes` what makes them of those that stand.
    """

    way: Literal["later"] = "later"
    items: tuple[PhaseItem, ...]
    changes: tuple[ItemChange, ...] = ()
    at: int
    restarts: bool = False
    fee: Fee | None = None


class End(_Order):
    """No more from a second on, what was paid for the rest given back; at the end of the period without a second."""

    way: Literal["end"] = "end"
    at: int | None = None
    fee: Fee | None = None


class Pause(_Order):
    """Bills that begin before a second are not collected; without one, all bills are again."""

    way: Literal["pause"] = "pause"
    until: int | None = None


PlanOrder = Annotated[ChangeNow | ChangeLater | End | Pause, Field(discriminator="way")]

QUOTE_MARK = "desk_quote_id"
"""The metadata of a subscription, schedule or invoice item by which an order that was carried out is known again."""
SUBSCRIPTION_MARK = "desk_subscription_id"
"""The metadata of an item that says what the desk calls it."""
