"""Amounts that a customer still disputes at the bank after the bank gave them the money back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.billing.movements import EntryKind
from chalicelib.billing.receivables import Receivables, allocate
from chalicelib.payments.chargeback import CLOSED
from chalicelib.payments.store import PaymentStore

PAGE: Final = 100


@dataclass(frozen=True)
class ChargebackDisputes:
    """While a dispute is open, nothing more is due than before it; when it is lost the invoices are open again. An
    appeal keeps the question open: that money is not asked for before it is decided."""

    payments: PaymentStore

    def disputed(self, owed: Receivables) -> Mapping[str, int]:
        """By invoice; those that the payment named come first, then the oldest. One round trip, two more for each
        appeal."""
        found: dict[str, int] = {}
        newest, _ = self.payments.chargebacks.of_account(owed.account_id, PAGE, None, consistent=True)
        for chargeback in newest:
            if chargeback.status in CLOSED or EntryKind.DISPUTE_LOST not in chargeback.booked:
                continue
            payment = self.payments.existing(chargeback.payment_id)
            for part in allocate(chargeback.amount_minor, owed.payable(payment.invoice_ids)):
                found[part.invoice_id] = found.get(part.invoice_id, 0) + part.amount_minor
        return found
