"""What a guide says of a bill: its charges, or what makes it differ from the one before. Pure.

A letter names so many charges one by one and the others in one sum, so that what it says always adds up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.accounts.letters import Row
from chalicelib.billing.bridge import Bridge, Delta, before_of, bridge
from chalicelib.billing.model import Invoice
from chalicelib.education.guides import Trigger
from chalicelib.education.model import Happening
from chalicelib.education.policy import EducationRules
from chalicelib.platform.clock import Instant

NAMED: Final = 12


def of_bill(bill: Invoice, earlier: Sequence[Invoice], at: Instant, rules: EducationRules) -> Happening | None:
    """The occasion that a bill makes: the first one, or one that differs from the one before; None when neither.

    `earlier` is newest first."""
    before = before_of(bill, earlier)
    if before is None:
        return first(bill, at)
    return changed(before, bill, at) if is_notable(bridge(before, bill), rules) else None


def first(bill: Invoice, at: Instant) -> Happening:
    """What the tour of a bill says."""
    return _happening(bill, Trigger.FIRST_BILL, at, _facts(bill), _charges(bill))


def changed(before: Invoice, bill: Invoice, at: Instant) -> Happening:
    """What the comparison of two bills says, however little they differ."""
    change = bridge(before, bill)
    facts = _facts(bill) | {"before_minor": before.total_minor} | _difference(change.delta_minor)
    return _happening(bill, Trigger.CHANGED_BILL, at, facts, _changes(change))


def is_notable(change: Bridge, rules: EducationRules) -> bool:
    """Whether bills differ so much that a customer will wonder, up or down."""
    size = abs(change.delta_minor)
    return size > rules.changed_by_minor or size * 10_000 > rules.changed_by_bp * abs(change.before_minor)


def _happening(bill: Invoice, trigger: Trigger, at: Instant, facts: Row, rows: tuple[Row, ...]) -> Happening:
    return Happening(
        account_id=bill.account_id, trigger=trigger, object_id=bill.invoice_id, at=at, currency=bill.currency,
        facts=facts, rows=rows,
    )  # fmt: skip


def _facts(bill: Invoice) -> Row:
    return {"number": bill.number, "total_minor": bill.total_minor, "due_on": bill.due_on.isoformat()}


def _charges(bill: Invoice) -> tuple[Row, ...]:
    amounts = [line.net_minor + line.tax_minor for line in bill.lines]
    rows: list[Row] = [
        {"what": line.description, "amount_minor": amounts[n]} for n, line in enumerate(bill.lines[:NAMED])
    ]
    rest = amounts[NAMED:]
    others: list[Row] = [{"others": len(rest), "amount_minor": sum(rest)}] if rest else []
    return (*rows, *others)


def _changes(change: Bridge) -> tuple[Row, ...]:
    named, rest = change.changes[:NAMED], change.changes[NAMED:]
    others: Row = {"others": len(rest), **_difference(sum(delta.delta_minor for delta in rest))}
    return (*map(_row, named), *([others] if rest else []))


def _row(delta: Delta) -> Row:
    amounts: Row = {"before_minor": delta.before_minor, "now_minor": delta.after_minor}
    return {"what": delta.description, "change": delta.change.value, **amounts, **_difference(delta.delta_minor)}


def _difference(minor: int) -> Row:
    """Said as what it is: more, less, or not at all."""
    if not minor:
        return {}
    return {"more_minor": minor} if minor > 0 else {"less_minor": -minor}
