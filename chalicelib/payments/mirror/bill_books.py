"""Brings the books to where an invoice of Stripe's is: issued, lowered by credit notes, paid, void or given up.

Each step is done once, whoever comes first, so a bill can be brought up any number of times, from any state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from chalicelib.billing.corrections import Corrections
from chalicelib.billing.mirror import StripeCredit, mirrored
from chalicelib.billing.mirror_bill import BillStatus, Rate, StripeBill, basis_points
from chalicelib.billing.model import Invoice, InvoiceStatus
from chalicelib.billing.service import Invoices
from chalicelib.payments.intents import STRIPE
from chalicelib.payments.mirror.bill_payments import BillPayments
from chalicelib.payments.mirror.catalogue import Catalogue
from chalicelib.payments.mirror.reading import read_as
from chalicelib.payments.objects import Window
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict

_ALWAYS: Final = datetime(9999, 1, 1, tzinfo=UTC)


class Documents(Protocol):
    """Stripe, where its documents are read."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """An object as it is now."""

    def each(self, kind: str, window: Window, **only: Any) -> Iterator[dict[str, Any]]:
        """All objects of a kind that were made in the window."""


@dataclass(frozen=True)
class BillBooks:
    """`zone` is where the desk bills."""

    invoices: Invoices
    corrections: Corrections
    paying: BillPayments
    catalogue: Catalogue
    stripe: Documents
    clock: Clock
    zone: ZoneInfo

    def bring_up(
        self, bill: StripeBill, account_id: str, cause: str, *, credited: bool, paid_by: str | None = None
    ) -> list[StripeCredit]:
        """Do what of the bill is not done yet; its credit notes are looked for when it has some or `credited` says so.

        `paid_by` is an intent that paid it, whatever the bill says. Returns the credit notes. Raises Unmirrorable,
        NotFound without the account, Conflict when our books say otherwise, Unreadable, Unavailable.
        """
        standing = self._issued(bill, account_id, cause)
        notes = self._notes(bill) if credited or bill.is_credited else []
        payments = self.paying.unbooked(bill, account_id, paid_by)
        moves = bill.status is not BillStatus.UNCOLLECTIBLE or payments or self._unknown(notes, standing)
        if standing.closed_as is InvoiceStatus.UNCOLLECTIBLE and moves:
            self.corrections.reinstate(standing.invoice_id, self.clock(), STRIPE, cause)
        if standing.closed_as is not InvoiceStatus.VOID:
            self._credit(notes, standing, cause)
        for payment in payments:
            self.paying.book(payment, standing.invoice_id, cause)
        self._close(bill, cause)
        return notes

    def _issued(self, bill: StripeBill, account_id: str, cause: str) -> Invoice:
        standing = self.invoices.store.invoice(bill.invoice_id)
        if standing:
            return standing
        prices = {price_id: self.catalogue.price(price_id) for price_id in sorted(bill.price_ids)}
        known = {price_id: price for price_id, price in prices.items() if price}
        return self.invoices.issue(mirrored(bill, account_id, known, self._rates(bill), self.zone), STRIPE, cause)

    def _rates(self, bill: StripeBill) -> dict[str, int]:
        rates = bill.known_rates
        for rate_id in sorted(bill.rate_ids - rates.keys()):
            found = self.stripe.read("tax_rate", rate_id)
            percentage = read_as(Rate, found).percentage if found else None
            if percentage is not None:
                rates[rate_id] = basis_points(percentage)
        return rates

    def _notes(self, bill: StripeBill) -> list[StripeCredit]:
        """Oldest first."""
        made = Window(datetime.fromtimestamp(bill.created, UTC), _ALWAYS)
        return [read_as(StripeCredit, note) for note in self.stripe.each("credit_note", made, invoice=bill.id)][::-1]

    def _unknown(self, notes: Sequence[StripeCredit], standing: Invoice) -> bool:
        known = self.invoices.store.credit_notes(standing.account_id, standing.invoice_id) if notes else []
        told = {(note.id, note.is_void) for note in notes}
        return bool(told - {(note.credit_note_id, note.is_void) for note in known})

    def _credit(self, notes: Sequence[StripeCredit], standing: Invoice, cause: str) -> None:
        for each in notes:
            note = each.mirrored(standing.invoice_id, standing.account_id)
            self.corrections.credit(note, STRIPE, cause)
            if each.is_void:
                at = datetime.fromtimestamp(each.voided_at, UTC) if each.voided_at else self.clock()
                self.corrections.withdraw_credit(note, at, STRIPE, cause)

    def _close(self, bill: StripeBill, cause: str) -> None:
        ends = bill.status_transitions
        if bill.status is BillStatus.VOID:
            self.corrections.void(bill.invoice_id, self._at(ends.voided_at), STRIPE, cause, paid_too=True)
        elif bill.status is BillStatus.UNCOLLECTIBLE:
            # What other money of the customer has paid by now needs no giving up.
            with suppress(Conflict):
                at, lost = self._at(ends.marked_uncollectible_at), bill.amount_remaining
                self.corrections.write_off(bill.invoice_id, at, STRIPE, cause, lost_minor=lost)

    def _at(self, seconds: int | None) -> datetime:
        return datetime.fromtimestamp(seconds, UTC) if seconds else self.clock()
