"""From one bill to the next: what makes the difference, charge by charge, exact to the penny. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from chalicelib.billing.model import Invoice, InvoiceLine, LineKind
from chalicelib.platform.fields import Line, Record
from chalicelib.platform.money import Currency, Minor

Charge = tuple[LineKind, str]
"""What is compared: all lines of a bill with one kind and code are one charge."""


class ChangeKind(StrEnum):
    """What became of a charge from one bill to the next."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    SAME = "same"


class Delta(Record):
    """One charge on both bills. Amounts are minor units with tax; what a bill does not charge counts as nothing."""

    change: ChangeKind
    kind: LineKind
    code: str
    description: Line
    before_quantity: int
    after_quantity: int
    before_minor: Minor
    after_minor: Minor

    @property
    def delta_minor(self) -> int:
        return self.after_minor - self.before_minor


class Bridge(Record):
    """All charges of two bills; the deltas sum to the difference of their totals."""

    before_id: str
    after_id: str
    currency: Currency
    before_minor: Minor
    after_minor: Minor
    deltas: tuple[Delta, ...]

    @property
    def delta_minor(self) -> int:
        """How much more the later bill asks for; below zero it asks for less."""
        return self.after_minor - self.before_minor

    @property
    def changes(self) -> list[Delta]:
        """What is not the same, the largest difference first."""
        moved = [delta for delta in self.deltas if delta.change is not ChangeKind.SAME]
        return sorted(moved, key=lambda delta: -abs(delta.delta_minor))


def bridge(before: Invoice, after: Invoice) -> Bridge:
    """Compare two bills of one currency, in the order of the later one. Raises ValueError for two currencies."""
    if before.currency != after.currency:
        raise ValueError("bills of two currencies cannot be compared")
    earlier, later = _charges(before), _charges(after)
    return Bridge(
        before_id=before.invoice_id,
        after_id=after.invoice_id,
        currency=after.currency,
        before_minor=before.total_minor,
        after_minor=after.total_minor,
        deltas=tuple(_delta(key, earlier.get(key, ()), later.get(key, ())) for key in {**later, **earlier}),
    )


def before_of(bill: Invoice, earlier: Sequence[Invoice]) -> Invoice | None:
    """The bill that a customer compares this one with: the newest earlier one that charges for something of it.

    `earlier` is newest first; who has two contracts with bills of their own gets each compared with its own. When
    nothing is common to any, the newest one; None when there was none in this currency.
    """
    comparable = [each for each in earlier if each.currency == bill.currency and each.invoice_id != bill.invoice_id]
    charged = _charges(bill).keys()
    related = [each for each in comparable if charged & _charges(each).keys()]
    return next(iter([*related, *comparable]), None)


def _charges(invoice: Invoice) -> dict[Charge, list[InvoiceLine]]:
    found: dict[Charge, list[InvoiceLine]] = {}
    for line in invoice.lines:
        found.setdefault((line.kind, line.code), []).append(line)
    return found


def _delta(charge: Charge, before: Sequence[InvoiceLine], after: Sequence[InvoiceLine]) -> Delta:
    kind, code = charge
    amounts = _charged(before), _charged(after)
    return Delta(
        change=_change(bool(before), bool(after), *amounts),
        kind=kind,
        code=code,
        description=(after or before)[0].description,
        before_quantity=sum(line.quantity for line in before),
        after_quantity=sum(line.quantity for line in after),
        before_minor=amounts[0],
        after_minor=amounts[1],
    )


def _change(was: bool, stays: bool, before_minor: int, after_minor: int) -> ChangeKind:
    if was and stays:
        return ChangeKind.SAME if before_minor == after_minor else ChangeKind.CHANGED
    return ChangeKind.GONE if was else ChangeKind.NEW


def _charged(lines: Sequence[InvoiceLine]) -> int:
    return sum(line.net_minor + line.tax_minor for line in lines)
