"""A bill beside its quote, line by line: what differs, and which event came between. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from chalicelib.billing.mirror_bill import BillStatus, StripeBill
from chalicelib.billing.mirror_lines import StripeLine
from chalicelib.platform.fields import as_line
from chalicelib.subscriptions.lines import amounts
from chalicelib.subscriptions.quote import Cause, ChangeQuote, Comparison, Difference, QuotedLine

Key = tuple[str | None, str, str]
"""What makes a line of a bill the one of the quote: its price, what it is, and its first second or its words."""


@dataclass(frozen=True)
class BilledLine:
    """A line of the bill as it is compared."""

    key: Key
    name: str
    net_minor: int
    tax_minor: int
    discount_minor: int
    quantity: int
    is_metered: bool
    is_proration: bool
    is_recurring: bool

    @property
    def total_minor(self) -> int:
        return self.net_minor + self.tax_minor


def compare(
    quote: ChangeQuote, bill: StripeBill, at: datetime, is_metered: Callable[[str], bool], *, changed_since: bool
) -> Comparison:
    """What came of the quote. `is_metered` says it of a price; `changed_since`: the desk made another change of the
    plan after this one and before the bill."""
    is_uncollected = quote.no_bill and bill.status is BillStatus.VOID
    billed = [] if is_uncollected else [_billed(line, is_metered) for line in bill.lines.data]
    return Comparison(
        invoice_id=bill.invoice_id,
        compared_at=at,
        quoted_minor=quote.bill_after_minor,
        billed_minor=0 if is_uncollected else bill.total,
        differences=tuple(_Bills(quote.lines, billed, changed_since).differences()),
    )


@dataclass(frozen=True)
class _Bills:
    quoted: Sequence[QuotedLine]
    billed: Sequence[BilledLine]
    changed_since: bool

    def differences(self) -> Iterator[Difference]:
        """Each line that is not the same in both."""
        pairs = list(_paired(self.quoted, self.billed))
        alone = [line for line, found in pairs if line and not found], [found for line, found in pairs if not line]
        changed = self.changed_since or any(found and found.is_proration for found in alone[1])
        replaced = any(line.is_recurring for line in alone[0]) and any(
            found and found.is_recurring for found in alone[1]
        )
        for line, found in pairs:
            if _same(line, found):
                continue
            yield Difference(
                name=as_line(line.name if line else found.name if found else ""),
                quoted_minor=line.net_minor + line.tax_minor if line else None,
                billed_minor=found.total_minor if found else None,
                cause=_cause(line, found, changed=changed, replaced=replaced),
                was_promised=bool(line and line.is_change),
            )


def _cause(line: QuotedLine | None, found: BilledLine | None, *, changed: bool, replaced: bool) -> Cause:
    if (line and line.is_metered) or (found and found.is_metered):
        return Cause.USAGE
    if line and found:
        return _cause_of_both(line, found, changed=changed)
    if found and not found.is_proration and not found.is_recurring:
        return Cause.CREDIT if found.net_minor < 0 else Cause.CHARGE
    if line and not line.is_change and not line.is_proration and not line.is_recurring:
        return Cause.CREDIT if line.net_minor > 0 else Cause.CHARGE
    if changed:
        return Cause.ANOTHER_CHANGE
    return Cause.PRICE_CHANGE if replaced and (found is None or found.is_recurring) else Cause.UNEXPLAINED


def _cause_of_both(line: QuotedLine, found: BilledLine, *, changed: bool) -> Cause:
    if line.discount_minor != found.discount_minor:
        return Cause.COUPON
    if line.net_minor == found.net_minor:
        return Cause.TAX_CHANGE
    if changed or line.quantity != found.quantity:
        return Cause.ANOTHER_CHANGE
    return Cause.PRICE_CHANGE if found.is_recurring else Cause.UNEXPLAINED


def _same(line: QuotedLine | None, found: BilledLine | None) -> bool:
    """A line that is nothing is the same as none."""
    quoted = (line.net_minor, line.tax_minor) if line else (0, 0)
    return quoted == ((found.net_minor, found.tax_minor) if found else (0, 0))


def _paired(
    quoted: Sequence[QuotedLine], billed: Sequence[BilledLine]
) -> Iterator[tuple[QuotedLine | None, BilledLine | None]]:
    """Lines of the same kind beside each other, the cheapest first."""
    left, right = defaultdict[Key, list[QuotedLine]](list), defaultdict[Key, list[BilledLine]](list)
    for line in quoted:
        left[_key(line)].append(line)
    for found in billed:
        right[found.key].append(found)
    for key in dict.fromkeys([*left, *right]):
        ours = sorted(left[key], key=lambda line: line.net_minor)
        theirs = sorted(right[key], key=lambda found: found.net_minor)
        yield from zip_longest(ours, theirs)


def _key(line: QuotedLine) -> Key:
    if line.is_proration:
        return line.price_id, "proration", str(line.starts_at)
    return (line.price_id, "period", str(line.starts_at)) if line.is_recurring else (line.price_id, "once", line.name)


def _billed(line: StripeLine, is_metered: Callable[[str], bool]) -> BilledLine:
    net, tax, discount = amounts(line)
    name = as_line(line.description or "Charge")
    kind, of = ("once", name)
    if line.is_proration:
        kind, of = "proration", str(line.period.start)
    elif line.is_recurring:
        kind, of = "period", str(line.period.start)
    return BilledLine(
        key=(line.price_id, kind, of), name=name, net_minor=net, tax_minor=tax, discount_minor=discount,
        quantity=line.quantity or 0, is_metered=bool(line.price_id and is_metered(line.price_id)),
        is_proration=line.is_proration, is_recurring=line.is_recurring,
    )  # fmt: skip
