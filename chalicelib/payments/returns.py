"""What happens to the books when money of a payment goes back, and when it comes again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import LedgerEntry, book
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.receivables import Receivables
from chalicelib.payments.model import Payment

_BACK: Final = frozenset({EntryKind.REFUND, EntryKind.DISPUTE_LOST})
_AGAIN: Final = frozenset({EntryKind.REFUND_FAILED, EntryKind.APPEAL_WON})
_BEGINS: Final = frozenset({EntryKind.REFUND, EntryKind.DISPUTE_OPENED})
"""The movements that begin a return; the others follow it."""


@dataclass(frozen=True)
class Return:
    """Money of a payment on its way back or again: which refund or dispute moves it, when that began, when the news
    of it was `said`, for what `cause`, by whom."""

    object_id: str
    amount_minor: int
    begun_at: datetime
    said_at: datetime
    cause: str
    actor: Actor

    def movements(self, kinds: Iterable[EntryKind]) -> list[Movement]:
        """One for each kind, in their order."""
        return [
            Movement(
                kind, self.amount_minor, self.object_id, self.begun_at if kind in _BEGINS else self.said_at,
                self.cause, self.actor,
            )
            for kind in kinds
        ]  # fmt: skip


def booked(
    payment: Payment, owed: Receivables, movements: Iterable[Movement], booked_at: datetime
) -> tuple[Payment, tuple[LedgerEntry, ...]]:
    """The payment after these movements of its money, and their entries, each following from the one before.

    Money that goes back is taken from unused credit, then from the invoices that the payment paid, which are owed
    again; money that comes again pays what is open then.
    """
    entries: list[LedgerEntry] = []
    for movement in movements:
        if movement.kind in _BACK:
            after, undone = owed.refunded(movement.amount_minor, payment.allocations)
            payment = payment.model_copy(update={"allocations": payment.less(undone)})
        elif movement.kind in _AGAIN:
            after, parts = owed.paid(movement.amount_minor, payment.invoice_ids)
            payment = payment.model_copy(update={"allocations": payment.more(parts)})
        else:
            after = owed.noted()
        entries.append(book(owed, after, movement, booked_at))
        owed = after
    return payment, tuple(entries)
