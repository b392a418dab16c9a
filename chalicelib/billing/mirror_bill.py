"""An invoice of Stripe's as far as the desk reads it. Pure."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from chalicelib.billing.mirror_lines import LineTax, StripeLine
from chalicelib.billing.mirror_shapes import Shape, id_of

SETTLED_HERE: Final = "settled_at_desk"
"""The name in an invoice's metadata that says: who called it paid was the desk, which has booked the money itself."""


class BillStatus(StrEnum):
    """Stripe's status of an invoice; a draft is no bill yet."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


class Rate(Shape):
    """A tax rate, in percent."""

    id: str
    percentage: Decimal | None = None


class _Shipping(Shape):
    amount_tax: int = 0
    amount_total: int


class _Lines(Shape):
    data: list[StripeLine]


class _Transitions(Shape):
    finalized_at: int | None = None
    marked_uncollectible_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None


class _Paying(Shape):
    type: str
    payment_intent: Any = None


class _PaidAt(Shape):
    paid_at: int | None = None


class BillPayment(Shape):
    """An attempt of one payment on an invoice."""

    status: str
    amount_paid: int | None = None
    payment: _Paying
    status_transitions: _PaidAt = _PaidAt()

    @property
    def intent_id(self) -> str | None:
        """The intent that pays."""
        return id_of(self.payment.payment_intent)


class _Payments(Shape):
    data: tuple[BillPayment, ...] = ()


class _OfPlan(Shape):
    subscription: Any = None


class _Parent(Shape):
    subscription_details: _OfPlan | None = None


class StripeBill(Shape):
    """An invoice with all its lines and payments."""

    id: str
    number: str | None = None
    status: BillStatus | None = None
    customer: Any = None
    currency: str
    created: int
    due_date: int | None = None
    total: int
    total_excluding_tax: int | None = None
    total_taxes: list[LineTax] | None = None
    default_tax_rates: list[Rate] | None = None
    shipping_cost: _Shipping | None = None
    parent: _Parent | None = None
    lines: _Lines
    payments: _Payments = _Payments()
    status_transitions: _Transitions = _Transitions()
    amount_remaining: int = 0
    amount_paid_off_stripe: int | None = None
    pre_payment_credit_notes_amount: int = 0
    post_payment_credit_notes_amount: int = 0
    attempt_count: int = 0
    hosted_invoice_url: str | None = None
    metadata: dict[str, str] | None = None

    @property
    def told_minor(self) -> int:
        """What somebody else than the desk called paid, without a payment of Stripe's."""
        settled_here = SETTLED_HERE in (self.metadata or {})
        return (self.amount_paid_off_stripe or 0) if self.status is BillStatus.PAID and not settled_here else 0

    @property
    def invoice_id(self) -> str:
        """What the desk calls it."""
        return mirrored_invoice_id(self.id)

    @property
    def customer_id(self) -> str | None:
        """Whom it bills."""
        return id_of(self.customer)

    @property
    def plan_id(self) -> str | None:
        """The subscription of Stripe's that it bills."""
        details = self.parent.subscription_details if self.parent else None
        return id_of(details.subscription) if details else None

    @property
    def issued_at(self) -> int:
        """Epoch seconds."""
        return self.status_transitions.finalized_at or self.created

    @property
    def paid_at(self) -> int:
        """When it was paid in full, in epoch seconds."""
        return self.status_transitions.paid_at or self.issued_at

    @property
    def is_credited(self) -> bool:
        """Whether credit notes of it stand."""
        return bool(self.pre_payment_credit_notes_amount or self.post_payment_credit_notes_amount)

    @property
    def price_ids(self) -> frozenset[str]:
        """The prices of its lines."""
        return frozenset(filter(None, (line.price_id for line in self.lines.data)))

    @property
    def known_rates(self) -> dict[str, int]:
        """The tax rates that stand in it, in basis points."""
        return {
            rate.id: basis_points(rate.percentage)
            for rate in self.default_tax_rates or []
            if rate.percentage is not None
        }

    @property
    def rate_ids(self) -> frozenset[str]:
        """The tax rates of its lines."""
        taxes = [tax.tax_rate_details for line in self.lines.data for tax in line.taxes or []]
        return frozenset(each.tax_rate for each in taxes if each and each.tax_rate)

    @property
    def tax_minor(self) -> int:
        if self.total_excluding_tax is not None:
            return self.total - self.total_excluding_tax
        return sum(tax.amount for tax in self.total_taxes or [])


def mirrored_invoice_id(stripe_id: str) -> str:
    """The desk's id of an invoice of Stripe's."""
    return f"inv_{stripe_id}"


def basis_points(percentage: Decimal) -> int:
    """A rate of Stripe's, to the nearest basis point."""
    return round(percentage * 100)
