"""Whether a bill that is about to be issued is out of the ordinary, and by what. Pure.

What a plan costs, and what a change of plan brought, is known to the customer; what comes on top of it may surprise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median_low
from typing import Any, Final, NamedTuple

from chalicelib.billing.model import Invoice, LineKind
from chalicelib.usage.policy import WarningRules

_OF_THE_PLAN: Final = frozenset(
    {LineKind.SUBSCRIPTION, LineKind.ADDON, LineKind.EQUIPMENT, LineKind.DISCOUNT, LineKind.PRORATION}
)
ROWS_SHOWN: Final = 10


class Sum(NamedTuple):
    """What a bill comes to, and what of it is plans and their changes; minor units with tax."""

    total_minor: int
    plan_minor: int

    @property
    def rest_minor(self) -> int:
        return self.total_minor - self.plan_minor


class Unusual(NamedTuple):
    """A bill out of the ordinary: what it comes to, and what its like came to before."""

    total_minor: int
    usual_minor: int

    @property
    def more_minor(self) -> int:
        return self.total_minor - self.usual_minor


def sum_of_draft(total_minor: int, lines: Sequence[Mapping[str, Any]]) -> Sum:
    """The sum of a draft of Stripe's."""
    return Sum(total_minor, sum(_with_tax(line) for line in lines if is_of_the_plan(line)))


def sum_of_invoice(invoice: Invoice) -> Sum:
    """The sum of a bill in the books."""
    plan = sum(line.net_minor + line.tax_minor for line in invoice.lines if line.kind in _OF_THE_PLAN)
    return Sum(invoice.total_minor, plan)


def unusual(bill: Sum, before: Sequence[Sum], rules: WarningRules) -> Unusual | None:
    """Whether what comes on top of the plan has grown beyond both limits of the policy; never the first bill."""
    if not before:
        return None
    usual = median_low([each.total_minor for each in before])
    grown = bill.rest_minor - median_low([each.rest_minor for each in before])
    if grown <= rules.bill_more_minor or grown * 100 <= usual * rules.bill_more_percent:
        return None
    return Unusual(bill.total_minor, usual) if bill.total_minor > usual else None


def surprises(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """The largest lines that are not of the plan: what they are called, and their amounts in minor units before tax."""
    others = [(str(line.get("description") or "Other charge"), line["amount"]) for line in lines
              if not is_of_the_plan(line)]  # fmt: skip
    return sorted(others, key=lambda each: -each[1])[:ROWS_SHOWN]


def is_of_the_plan(line: Mapping[str, Any]) -> bool:
    """Whether a line of Stripe's bills a plan, or corrects what was billed for one."""
    parent = line.get("parent") or {}
    item = parent.get("invoice_item_details") or {}
    return bool(parent.get("subscription_item_details")) or bool(item.get("proration"))


def _with_tax(line: Mapping[str, Any]) -> int:
    added = [tax for tax in line.get("taxes") or [] if tax.get("tax_behavior", "exclusive") == "exclusive"]
    taken_off = line.get("discount_amounts") or []
    return int(line["amount"] + sum(tax["amount"] for tax in added) - sum(each["amount"] for each in taken_off))
