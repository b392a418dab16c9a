"""How taxes look on lines, invoices and credit notes."""

from collections.abc import Iterable

from infra.local.stripe.arithmetic import Tax
from infra.local.stripe.values import Json


def line_tax(tax: Tax, reason: str) -> Json:
    """One tax of one line; `reason` says why it is as it is."""
    return {
        "amount": tax.amount,
        "tax_behavior": "inclusive" if tax.rate.inclusive else "exclusive",
        "tax_rate_details": {"tax_rate": tax.rate.id},
        "taxability_reason": reason,
        "taxable_amount": tax.taxable,
        "type": "tax_rate_details",
    }


def total_taxes(taxes: Iterable[Tax], reason: str) -> list[Json]:
    """The taxes of a whole document, one entry a rate."""
    sums: dict[str, Json] = {}
    for tax in taxes:
        entry = line_tax(tax, reason)
        former = sums.get(tax.rate.id)
        if former:
            entry |= {name: entry[name] + former[name] for name in ("amount", "taxable_amount")}
        sums[tax.rate.id] = entry
    return list(sums.values())
