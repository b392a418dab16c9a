"""Money: integer minor units with an ISO 4217 currency.

Only here is money split, rounded or written for people; elsewhere whole minor units are added, subtracted and taken
times a quantity, which is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Currency = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217 alphabetic code.", examples=["GBP"])
]
"""ISO 4217 alphabetic code."""

Minor = Annotated[int, Field(ge=-(10**15), le=10**15, description="In the currency's minor unit: GBP 12.34 is 1234.")]
"""An amount in the currency's minor unit (pence, cents); bounded so that sums stay exact in every client. A tighter
bound goes into the type, `Annotated[Minor, Field(ge=0)]`: as a field's own, pydantic lets this one win."""


class CurrencyMismatch(ValueError):
    """Amounts of different currencies met in one sum."""


class Money(BaseModel):
    """An exact amount. `amount_minor` counts the currency's minor unit, so GBP 12.34 is 1234."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    amount_minor: Minor
    currency: Currency

    def __add__(self, other: Money) -> Money:
        return Money(amount_minor=self.amount_minor + self._same(other), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(amount_minor=self.amount_minor - self._same(other), currency=self.currency)

    def __neg__(self) -> Money:
        return Money(amount_minor=-self.amount_minor, currency=self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")
        return other.amount_minor


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum of amounts of one currency; the empty sum is zero. Raises CurrencyMismatch."""
    result = Money(amount_minor=0, currency=currency)
    for amount in amounts:
        result += amount
    return result


def split(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to `weights` so that the parts sum exactly to it.

    Largest remainder method (Hamilton): each part gets the floor of its share, the left-over minor units go one each to
    the largest remainders, ties to the earlier part. A negative amount is the mirror of the positive one.
    Raises ValueError when weights are empty, negative or all zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must sum to more than zero")
    sign, size = (-1 if amount_minor < 0 else 1), abs(amount_minor)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


def portion(amount_minor: int, rate_bp: int) -> int:
    """`rate_bp` basis points of an amount, rounded half away from zero (HMRC VAT Notice 700, 17.5: by line)."""
    return share(amount_minor, rate_bp, 10_000)


def share(amount_minor: int, part: int, whole: int) -> int:
    """`part` of the `whole` parts of an amount, rounded half away from zero. Raises ZeroDivisionError."""
    exact = amount_minor * part * (-1 if whole < 0 else 1)
    size = (2 * abs(exact) + abs(whole)) // (2 * abs(whole))
    return -size if exact < 0 else size


_GERMAN: Final = str.maketrans(",.", ".,")
_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}
_WHOLE: Final = frozenset(
    {
        "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
    }
)  # fmt: skip
_THOUSANDTHS: Final = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Currencies without decimals, and with three, as Stripe counts them (docs.stripe.com/currencies): it takes UGX in
hundredths although nobody pays with them. Money of any currency may come in, though the desk bills in few."""


def spoken(amount: Money, language: str = "en") -> str:
    """For people: `£12.34`, `-£3.00`, `12.34 CHF`, `1,234 JPY`; in German `1.234,50 €`."""
    places = 0 if amount.currency in _WHOLE else 3 if amount.currency in _THOUSANDTHS else 2
    sign, (whole, part) = ("-" if amount.amount_minor < 0 else ""), divmod(abs(amount.amount_minor), 10**places)
    figure = f"{whole:,}.{part:0{places}}" if places else f"{whole:,}"
    symbol = _SYMBOLS.get(amount.currency)
    if language == "de":
        return f"{sign}{figure.translate(_GERMAN)} {symbol or amount.currency}"
    return f"{sign}{symbol}{figure}" if symbol else f"{sign}{figure} {amount.currency}"
