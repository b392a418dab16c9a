"""Pages of Stripe that the desk sends a customer to: to pay, to save a payment method, to look after both. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.platform.money import Currency


@dataclass(frozen=True)
class HostedPage:
    """A page that stands open. Whoever has the address can use it, so it is handled like a secret."""

    page_id: str
    url: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Returns:
    """Where Stripe leads the customer afterwards: when it is done, and when it was left."""

    done: str
    back: str


@dataclass(frozen=True)
class PayLine:
    """A row of the page: what is paid, in the customer's words, in minor units of the page's currency."""

    label: str
    amount_minor: int


@dataclass(frozen=True)
class PayPage:
    """A page that takes one payment. Its lines sum to the payment; Stripe allows 30 minutes to 24 hours for it."""

    payment_id: str
    account_id: str
    customer_id: str
    currency: Currency
    lines: tuple[PayLine, ...]
    expires_at: datetime
    returns: Returns


@dataclass(frozen=True)
class SetupPage:
    """A page that saves a payment method with the customer, for payments in this currency. It stands for 24 hours."""

    setup_id: str
    account_id: str
    customer_id: str
    currency: Currency
    returns: Returns


class HostedPages(Protocol):
    """Stripe's pages. Each call may raise Unprocessable, Refused or Unavailable; a repeat gives the same page."""

    def pay_page(self, page: PayPage) -> HostedPage:
        """Open a page that takes the payment."""

    def setup_page(self, page: SetupPage) -> HostedPage:
        """Open a page that saves a payment method."""

    def portal_page(self, portal_id: str, customer_id: str, return_url: str) -> HostedPage:
        """Open the page on which customers look after their payment methods and bills."""

    def close_page(self, page_id: str) -> None:
        """Close a page to pay or to save a method. Raises Conflict when it is complete or has expired."""
