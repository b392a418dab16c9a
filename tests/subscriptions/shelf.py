"""What the selling desk sells, and who hears of it: a post and a listener that write down what is new to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chalicelib.accounts.letters import Letter
from chalicelib.subscriptions.offer import ExitFee, Offer, OfferKind
from chalicelib.subscriptions.quote import ChangeQuote, Comparison


def an_offer(code: str, monthly_minor: int, **more: Any) -> Offer:
    """A broadband plan in pounds, without a contract unless said otherwise."""
    fields: dict[str, Any] = {
        "code": code,
        "name": code.replace("-", " ").title(),
        "description": "Broadband.",
        "service": "broadband",
        "currency": "GBP",
        "monthly_minor": monthly_minor,
    }
    return Offer(**{**fields, **more})


OFFERS = (
    an_offer("FIBRE-100", 2750, name="Fibre 100 broadband"),
    an_offer("FIBRE-500", 3500, name="Fibre 500 broadband"),
    an_offer("FIBRE-24M", 2000, contract_months=24, notice_days=14, exit_fee=ExitFee(per_month_minor=1500)),
    an_offer("ROUTER", 500, name="Better router", kind=OfferKind.ADDON),
    an_offer("SECURITY", 300, name="Security", kind=OfferKind.ADDON, fits=("FIBRE-100",)),
)


@dataclass
class Postbox:
    """A post that writes down what is a new letter to it."""

    sent: dict[str, Letter] = field(default_factory=dict)

    def send(self, letter: Letter) -> bool:
        return self.sent.setdefault(letter.letter_id, letter) is letter


@dataclass
class Told:
    """Whoever looks into broken promises."""

    broken: dict[str, Comparison] = field(default_factory=dict)

    def tell(self, quote: ChangeQuote, comparison: Comparison) -> None:
        self.broken.setdefault(quote.quote_id, comparison)
