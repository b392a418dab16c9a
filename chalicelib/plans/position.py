"""How far a plan has come: read from the ledger, whoever paid and by whatever way. Pure.

What takes money off the covered invoices pays the plan; what takes back the bill itself (a credit note, a void, a
write-off) makes the plan smaller, its last instalments first. What money that went back opens again beyond what the
plan had got is not the plan's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.movements import EntryKind
from chalicelib.plans.model import Plan

_OF_THE_BILL: Final = frozenset(
    {
        EntryKind.CREDIT_NOTE, EntryKind.CREDIT_NOTE_VOIDED, EntryKind.INVOICE_VOIDED, EntryKind.WRITTEN_OFF,
        EntryKind.WRITE_OFF_UNDONE,
    }
)  # fmt: skip
"""Kinds that change what was billed, not what was paid."""


@dataclass(frozen=True)
class Position:
    """Of a plan's total: what was paid, what the bills came down by, and what is left. Minor units.

    `invoices` are the covered ones of which something is due, in the plan's order."""

    total_minor: int
    paid_minor: int = 0
    forgiven_minor: int = 0
    invoices: tuple[str, ...] = ()

    @property
    def left_minor(self) -> int:
        return self.total_minor - self.paid_minor - self.forgiven_minor

    def moved(self, kind: EntryKind, less_minor: int) -> Position:
        """After an entry that left so much less due of the covered invoices; more, below zero."""
        if kind in _OF_THE_BILL:
            room = max(-self.forgiven_minor, min(less_minor, self.left_minor))
            return replace(self, forgiven_minor=self.forgiven_minor + room)
        room = max(-self.paid_minor, min(less_minor, self.left_minor))
        return replace(self, paid_minor=self.paid_minor + room)


def position(plan: Plan, entries: Iterable[LedgerEntry]) -> Position:
    """The plan after the ledger entries that came since it was agreed, oldest first."""
    dues = {each.invoice_id: each.due_minor for each in plan.covered}
    found = Position(plan.total_minor)
    for entry in entries:
        owed = entry.receivables
        after = {invoice_id: owed.due_minor(invoice_id) for invoice_id in dues}
        found = found.moved(entry.entry_kind, sum(dues.values()) - sum(after.values()))
        dues = after
    return replace(found, invoices=tuple(invoice_id for invoice_id, due in dues.items() if due))
