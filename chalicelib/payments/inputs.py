"""What a caller may ask to be paid; whatever looks like a card number is refused before anything is kept of it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from chalicelib.platform.cards import hide_cards
from chalicelib.platform.fields import Input
from chalicelib.platform.money import Money

MOST_MINOR: Final = 99_999_999
"""Stripe takes no more in one payment."""


def _distinct(invoice_ids: list[str]) -> list[str]:
    if len(set(invoice_ids)) != len(invoice_ids):
        raise ValueError("the same invoice stands twice")
    return invoice_ids


InvoiceIds = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^inv_[0-9A-Za-z_]{1,64}$")]],
    Field(max_length=20, description="Open invoices to pay, in this order; when left out, the oldest first."),
    AfterValidator(_distinct),
]


class PaymentTerms(Input):
    """What is to be paid."""

    amount: Money = Field(description=f"1 to {MOST_MINOR} minor units in the currency of the account.")
    invoice_ids: InvoiceIds = Field(default=[])

    @model_validator(mode="before")
    @classmethod
    def _no_card_number(cls, given: Any) -> Any:
        if _has_card_number(given):
            raise ValueError("this looks like a card number; card numbers never come here, send a payment method")
        return given

    @field_validator("amount")
    @classmethod
    def _payable(cls, amount: Money) -> Money:
        if not 1 <= amount.amount_minor <= MOST_MINOR:
            raise ValueError(f"a payment is 1 to {MOST_MINOR} minor units")
        return amount


def _has_card_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_card_number(part) for part in (*value, *value.values()))
    if isinstance(value, list):
        return any(map(_has_card_number, value))
    text = str(value)
    return not isinstance(value, bool) and hide_cards(text) != text
