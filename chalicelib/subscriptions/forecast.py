"""The next bill before it is made: what Stripe would bill, what was used so far, and what credit pays. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from chalicelib.billing.catalogue import CataloguePrice
from chalicelib.billing.mirror import mirrored
from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.model import InvoiceLine, LineKind
from chalicelib.platform.fields import Line, Record
from chalicelib.platform.money import Currency, Minor

_WHY: Final[Mapping[LineKind, str]] = {
    LineKind.SUBSCRIPTION: "For the period that begins on the day of the bill.",
    LineKind.ADDON: "For the period that begins on the day of the bill.",
    LineKind.EQUIPMENT: "For the period that begins on the day of the bill.",
    LineKind.USAGE: "What was used in the period that ends.",
    LineKind.ONE_OFF: "Noted for the next bill; it is charged once.",
    LineKind.DISCOUNT: "Taken off the charge above it.",
    LineKind.PRORATION: "A change within a period: its rest is given back at the old price and charged at the new one.",
}


class UsageCharge(Record):
    """Use that no bill has yet, as it would be charged if the period ended now. Amounts are minor units."""

    description: Line
    code: str
    net_minor: Minor
    tax_minor: Minor
    currency: Currency


class UsageSoFar(Protocol):
    """Who knows what was used."""

    def unbilled(self, account_id: str) -> Sequence[UsageCharge]:
        """Charges for use that Stripe does not know of yet."""


class ForecastLine(Record):
    """A charge of the next bill; credits are below zero."""

    kind: LineKind
    code: str
    description: Line
    why: str
    net_minor: Minor
    tax_minor: Minor

    @property
    def total_minor(self) -> int:
        """With tax."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True)
class Forecast:
    """The next bill of one subscription of Stripe's; one that is charged by itself is due on its own day."""

    bill_on: date
    due_on: date
    currency: str
    lines: tuple[ForecastLine, ...]

    @property
    def net_minor(self) -> int:
        """Before tax."""
        return sum(line.net_minor for line in self.lines)

    @property
    def tax_minor(self) -> int:
        """The tax."""
        return sum(line.tax_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        """With tax, before the customer's credit."""
        return self.net_minor + self.tax_minor


def foreseen(bill: StripeBill, account_id: str, prices: Mapping[str, CataloguePrice], zone: ZoneInfo) -> Forecast:
    """The bill that Stripe's preview describes, in the words in which it will be issued. Raises Unmirrorable."""
    invoice = mirrored(bill, account_id, prices, bill.known_rates, zone)
    lines = tuple(_line(line) for line in invoice.lines)
    return Forecast(invoice.issued_on, invoice.due_on, invoice.currency, lines)


def with_usage(forecast: Forecast, usage: Sequence[UsageCharge]) -> Forecast:
    """The same with the use of its currency, as it would be charged."""
    used = tuple(
        ForecastLine(kind=LineKind.USAGE, why=_WHY[LineKind.USAGE], **charge.model_dump(exclude={"currency"}))
        for charge in usage
        if charge.currency == forecast.currency
    )
    return Forecast(forecast.bill_on, forecast.due_on, forecast.currency, (*forecast.lines, *used))


@dataclass(frozen=True)
class Total:
    """All forecast bills of a currency: their sum, the credit that pays of it, and what is left to pay. Minor units."""

    currency: str
    total_minor: int
    credit_minor: int

    @property
    def to_pay_minor(self) -> int:
        """What the customer will have to pay."""
        return max(0, self.total_minor - self.credit_minor)


def totals(forecasts: Sequence[Forecast], credit_minor: int, currency: str) -> list[Total]:
    """One for each currency; standing credit, in the account's currency, pays of that one alone."""
    sums: dict[str, int] = {}
    for forecast in forecasts:
        sums[forecast.currency] = sums.get(forecast.currency, 0) + forecast.total_minor
    return [
        Total(each, total, max(0, min(credit_minor, total)) if each == currency else 0)
        for each, total in sorted(sums.items())
    ]


def _line(line: InvoiceLine) -> ForecastLine:
    return ForecastLine(
        kind=line.kind, code=line.code, description=line.description, why=_WHY[line.kind], net_minor=line.net_minor,
        tax_minor=line.tax_minor,
    )  # fmt: skip
