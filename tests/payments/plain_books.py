"""Books of an account kept in plain sums, to hold the ledger against: they know no order and no allocation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.billing.movements import Book
from chalicelib.platform.errors import Conflict


@dataclass
class Sums:
    """What was agreed to, each fact once; what each book holds follows by addition alone, whatever the order."""

    billed: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: dict[str, tuple[str, int]] = field(default_factory=dict)
    void: dict[str, tuple[int, int]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    paid: dict[str, int] = field(default_factory=dict)
    back: dict[str, tuple[str, int]] = field(default_factory=dict)
    disputed: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def left_of_bill(self, invoice_id: str) -> int:
        return self.billed[invoice_id][0] - sum(minor for of, minor in self.notes.values() if of == invoice_id)

    def left_of_payment(self, payment_id: str) -> int:
        back = sum(minor for of, minor in self.back.values() if of == payment_id)
        held = sum(minor for of, minor, state in self.disputed.values() if of == payment_id and state != "won")
        return self.paid[payment_id] - back - held

    def books(self) -> dict[Book, int]:
        sold = sum(total for total, _ in self.billed.values()) - sum(total for total, _ in self.void.values())
        sold -= sum(minor for _, minor in self.notes.values())
        tax = sum(tax for _, tax in self.billed.values()) - sum(tax for _, tax in self.void.values())
        cash = sum(self.paid.values()) - sum(minor for _, minor in self.back.values())
        at_bank = dict.fromkeys(("needs_response", "won", "lost"), 0)
        for _, minor, state in self.disputed.values():
            at_bank[state] += minor
        owed = sold - self.lost.total() - cash + at_bank["lost"]
        return {
            Book.RECEIVABLE: owed,
            Book.CASH: cash - at_bank["needs_response"] - at_bank["lost"],
            Book.REVENUE: tax - sold,
            Book.TAX: -tax,
            Book.BAD_DEBT: self.lost.total(),
            Book.DISPUTED: at_bank["needs_response"],
        }


def tried(times: int, correct: Callable[[], object]) -> bool:
    """Whether the desk agrees, each time alike."""
    answers = set()
    for _ in range(times):
        try:
            correct()
            answers.add(True)
        except Conflict:
            answers.add(False)
    (answer,) = answers
    return answer
