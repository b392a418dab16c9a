"""Which charges for use belong on a bill. Pure.

A period's charges go on the first bill of its plan that is drafted after the period has ended; what changes later, by
late or corrected records, goes on the next one as the difference, and says of which days it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.billing.mirror_lines import USAGE_KEY
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Minor
from chalicelib.usage.categories import Category
from chalicelib.usage.control import Control
from chalicelib.usage.counters import Month, Stretch
from chalicelib.usage.rating import LineKey, rate


class UsageItem(Record):
    """A charge for a bill, in minor units before tax; below zero it takes back."""

    key: str
    month: str
    subscription_id: str
    category: Category
    starts_on: date
    ends_on: date
    net_minor: Minor
    tax_rate_bp: int
    description: str

    @property
    def line(self) -> LineKey:
        return LineKey(Stretch(self.subscription_id, self.starts_on), self.category)


class Draft(NamedTuple):
    """A draft of Stripe's for the next period of a plan: when it was made (epoch seconds), what it comes to with tax,
    the charges for use that are on it by key, the tax rates that its lines have where the bill has none."""

    bill_id: str
    plan_id: str
    customer_id: str
    currency: str
    created: int
    total_minor: int
    charged: frozenset[str]
    tax_rates: tuple[str, ...]
    lines: tuple[dict[str, Any], ...]


def read_draft(bill: dict[str, Any]) -> Draft | None:
    """A draft of the kind that use is billed with: that of a plan's next period."""
    parent = (bill.get("parent") or {}).get("subscription_details") or {}
    plan, customer = _id(parent.get("subscription")), _id(bill.get("customer"))
    if bill.get("billing_reason") != "subscription_cycle" or bill.get("status") != "draft" or not (plan and customer):
        return None
    lines = tuple(bill["lines"]["data"])
    rates = () if bill.get("default_tax_rates") else next(filter(None, map(_tax_rates, lines)), ())
    return Draft(
        bill["id"],
        plan,
        customer,
        bill["currency"].upper(),
        bill["created"],
        bill["total"],
        keys_on(bill),
        rates,
        lines,
    )


def keys_on(bill: dict[str, Any]) -> frozenset[str]:
    """The charges for use that are on a bill of Stripe's."""
    marks = [(line.get("metadata") or {}).get(USAGE_KEY) for line in bill["lines"]["data"]]
    return frozenset(filter(None, marks))


def unbilled(
    months: Sequence[Month], control: Control, zone: ZoneInfo, is_wanted: Callable[[Stretch, date], bool]
) -> Iterator[UsageItem]:
    """What the lines of wanted periods come to beyond what is on bills already; `is_wanted` gets the day after each."""
    for month in sorted(months, key=lambda each: each.month):
        for key, line in sorted(rate(month, control).items()):
            (stretch, category), missing = key, line.billed_minor - month.on_bills(*key)
            period = control.period(stretch.subscription_id, stretch.starts_on, zone)
            if missing and is_wanted(stretch, period.next_on):
                number = month.bills.get(stretch.key, 0)
                yield UsageItem(
                    key=f"{stretch.key}|{category}|{number}", month=month.month,
                    subscription_id=stretch.subscription_id, category=category, starts_on=period.starts_on,
                    ends_on=period.ends_on, net_minor=missing, tax_rate_bp=line.tariff.tax_rate_bp,
                    description=_words(category, period.starts_on, period.ends_on, _late(month, key)),
                )  # fmt: skip


def reserved(month: Month, items: Iterable[UsageItem], ended: Iterable[Stretch]) -> Month:
    """The month with these of its charges on a bill; the `ended` periods have had theirs."""
    own = [item for item in items if item.month == month.month]
    invoiced, bills, late = _copied(month), dict(month.bills), dict(month.late)
    for item in own:
        _add(invoiced, item, item.net_minor)
        late.pop(f"{item.line.stretch.key}|{item.category}", None)
    billed = {item.line.stretch for item in own} | {each for each in ended if not bills.get(each.key)}
    for stretch in billed:
        bills[stretch.key] = bills.get(stretch.key, 0) + 1
    return month.model_copy(update={"invoiced": invoiced, "bills": bills, "late": late})


def released(month: Month, items: Iterable[UsageItem]) -> Month:
    """The month without these of its charges on a bill: they missed it and belong on the next one."""
    invoiced = _copied(month)
    for item in items:
        if item.month == month.month:
            _add(invoiced, item, -item.net_minor)
    return month.model_copy(update={"invoiced": invoiced})


def _add(invoiced: dict[str, dict[Category, int]], item: UsageItem, minor: int) -> None:
    own = invoiced.setdefault(item.line.stretch.key, {})
    own[item.category] = own.get(item.category, 0) + minor


def _copied(month: Month) -> dict[str, dict[Category, int]]:
    return {key: dict(amounts) for key, amounts in month.invoiced.items()}


def _late(month: Month, key: LineKey) -> list[date]:
    days = month.late.get(f"{key.stretch.key}|{key.category}", ())
    return list(map(date.fromisoformat, days)) if month.bills.get(key.stretch.key) else []


def _words(category: Category, starts_on: date, ends_on: date, late: Sequence[date]) -> str:
    """What the bill calls it."""
    what = category.kind.words
    if late:
        days = ", ".join(f"{day:%-d %b}" for day in late[:5]) + (" and later" if len(late) > 5 else "")
        return f"{what} of {days} {late[0]:%Y}, told of or corrected after the bill of that period"
    return f"{what} beyond what is included, {starts_on:%-d %b %Y} to {ends_on:%-d %b %Y}"


def _tax_rates(line: dict[str, Any]) -> tuple[str, ...]:
    found = [((tax.get("tax_rate_details") or {}).get("tax_rate")) for tax in line.get("taxes") or []]
    return tuple(filter(None, found))


def _id(named: Any) -> str | None:
    found = named.get("id") if isinstance(named, dict) else named
    return found if isinstance(found, str) else None
