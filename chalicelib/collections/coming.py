"""Money that is on its way: a bank debit is booked days after it was taken, and nobody is asked twice meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from chalicelib.billing.receivables import Receivables
from chalicelib.payments.model import Payment


class TakenPayments(Protocol):
    """Whoever knows of payments that are not booked yet."""

    def on_its_way(self, account_id: str) -> list[Payment]:
        """Those that were taken and are not booked, the newest first. Raises Unavailable."""
        ...


def coming(owed: Receivables, payments: Sequence[Payment]) -> Mapping[str, int]:
    """By invoice, what these payments will pay of it once they are booked, in minor units; the oldest one first."""
    found: dict[str, int] = {}
    for payment in reversed(payments):
        owed, parts = owed.paid(payment.amount_minor, payment.invoice_ids)
        for part in parts:
            found[part.invoice_id] = found.get(part.invoice_id, 0) + part.amount_minor
    return found
