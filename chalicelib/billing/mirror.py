"""Stripe's invoices and credit notes as bills of the desk: the same number, days, lines and sums. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from chalicelib.billing.catalogue import CataloguePrice
from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.mirror_lines import LineTax, Part, levelled, parts_of
from chalicelib.billing.mirror_shapes import Shape, Unmirrorable
from chalicelib.billing.model import CreditNote, Invoice, LineKind


def mirrored(
    bill: StripeBill, account_id: str, prices: Mapping[str, CataloguePrice], rates: Mapping[str, int], zone: ZoneInfo
) -> Invoice:
    """The bill of ours that says the same, by the calendar of `zone`. `rates` are known tax rates in basis points.

    Its period is the month in which the period begins that it bills, else that of its creation. Raises Unmirrorable.
    """
    issued_on = _day(bill.issued_at, zone)
    begins = next((line.period.start for line in bill.lines.data if line.is_recurring), bill.created)
    try:
        return Invoice(
            invoice_id=bill.invoice_id,
            account_id=account_id,
            number=bill.number or bill.id,
            period=_day(begins, zone).strftime("%Y-%m"),
            issued_on=issued_on,
            due_on=_day(bill.due_date, zone) if bill.due_date else issued_on,
            currency=bill.currency.upper(),
            lines=tuple(part.line(f"line_{n}") for n, part in enumerate(_parts(bill, prices, rates), 1)),
            net_minor=bill.total - bill.tax_minor,
            tax_minor=bill.tax_minor,
            total_minor=bill.total,
        )
    except ValidationError:
        raise Unmirrorable("the lines do not sum to the invoice") from None


def _parts(bill: StripeBill, prices: Mapping[str, CataloguePrice], rates: Mapping[str, int]) -> list[Part]:
    """Its lines and its delivery, with its tax in all. Raises Unmirrorable."""
    parts = [part for line in bill.lines.data for part in parts_of(line, prices.get(line.price_id or ""), rates)]
    if bill.shipping_cost and bill.shipping_cost.amount_total:
        total, tax = bill.shipping_cost.amount_total, bill.shipping_cost.amount_tax
        parts.append(Part(LineKind.ONE_OFF, "shipping", "Delivery", total - tax, tax, None))
    return levelled(parts, bill.tax_minor)


class StripeCredit(Shape):
    """A credit note. `amount` is with tax; `out_of_band_amount` of it was given back outside of Stripe."""

    id: str
    status: str
    amount: int = Field(gt=0)
    created: int
    voided_at: int | None = None
    total_taxes: list[LineTax] | None = None
    out_of_band_amount: int | None = None

    @property
    def is_void(self) -> bool:
        return self.status == "void"

    def mirrored(self, invoice_id: str, account_id: str) -> CreditNote:
        """The note of ours as it was issued."""
        return CreditNote(
            credit_note_id=self.id,
            invoice_id=invoice_id,
            account_id=account_id,
            amount_minor=self.amount,
            tax_minor=sum(tax.amount for tax in self.total_taxes or []),
            issued_at=datetime.fromtimestamp(self.created, UTC),
        )


def _day(seconds: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(seconds, zone).date()
