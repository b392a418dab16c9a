"""A saved payment method, as far as the desk may know it: never a card number, never an account number. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class MethodKind(StrEnum):
    """What it is, in Stripe's words; `other` for the kinds of which the desk shows no more than that they are there."""

    CARD = "card"
    BACS_DEBIT = "bacs_debit"
    SEPA_DEBIT = "sepa_debit"
    US_BANK_ACCOUNT = "us_bank_account"
    OTHER = "other"


@dataclass(frozen=True)
class SavedMethod:
    """A card or a bank debit. `customer_id` is None when it belongs to nobody (any more); only cards expire."""

    method_id: str
    customer_id: str | None
    kind: MethodKind
    added_at: datetime
    brand: str | None = None
    last4: str | None = None
    expiry: tuple[int, int] | None = None
    """Year and month; the card is good until the end of it."""
    is_default: bool = False


class MethodVault(Protocol):
    """Stripe, where payment methods are kept. Each call may raise Refused or Unavailable."""

    def methods_of(self, customer_id: str) -> tuple[SavedMethod, ...]:
        """Up to a hundred, the newest first."""

    def read_method(self, method_id: str) -> SavedMethod | None:
        """One, without saying whether it is the default; None when there is none."""

    def default_method_of(self, customer_id: str) -> str | None:
        """The id of the method that the customer's bills are paid by."""

    def make_default(self, customer_id: str, method_id: str, action_id: str) -> None:
        """Pay the customer's bills by it from now on."""

    def detach(self, method_id: str) -> None:
        """Take it from its customer, for good."""
