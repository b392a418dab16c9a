"""The invoice engine: a draft of given lines, and what it comes to. `collection` finalizes it and takes the money.

What a family that bills (subscriptions, for one) does, in the customer's time:

    lines = [Line(amount=1000, start=..., end=..., parent=..., price=price, description=...)]
    invoice = invoicing.draft(call, customer, "gbp", lines, {"billing_reason": "subscription_cycle", ...})
    invoice = collection.finalize(call, invoice)        # open, or paid when nothing is due
    invoice = collection.pay(call, invoice)             # CardError when declined; the attempt stays recorded

`settings` are members of the invoice as on the wire: `auto_advance`, `billing_reason`, `collection_method`,
`default_payment_method`, `default_tax_rates` (whole tax rates), `description`, `discounts` (ids), `due_date`, `footer`,
`metadata`, `parent`, `period_start`, `period_end`; and `_days_until_due`. With `auto_advance`, `automatic.planned`
plans that the draft is finalized by itself in an hour, and then charged or sent. `automatic.collect` charges as the
schedule does: it does not raise, and plans the next attempt. `pending_items.take` makes lines of the customer's pending
invoice items. What comes of an invoice is told by its events, which a family can listen to (routes.LISTENERS).

`unsaved` is the same invoice neither kept nor told of: what a preview shows. A line's `parent` is for a subscription
item {"type": "subscription_item_details", "subscription_item_details": {"invoice_item": None, "proration": False,
"proration_details": None, "subscription": ..., "subscription_item": ...}, "invoice_item_details": None}.
"""

from collections.abc import Sequence
from fractions import Fraction

from infra.local.stripe import balances, discounts
from infra.local.stripe.arithmetic import Entry, Rate, Reckoned, owed, reckon
from infra.local.stripe.call import Call
from infra.local.stripe.currencies import LEAST_BY_CURRENCY
from infra.local.stripe.invoice_shapes import Line, blank, line_item
from infra.local.stripe.tax_lines import line_tax, total_taxes
from infra.local.stripe.values import Json, changed, listing, public

SHOWN_LINES = 10


def draft(call: Call, customer: Json, currency: str, lines: Sequence[Line], settings: Json | None = None) -> Json:
    """A new draft, kept and told of."""
    customer = balances.settle_currency(call, customer, currency)
    invoice = unsaved(call, customer, currency, lines, settings)
    call.store.add(invoice)
    call.emit("invoice.created", invoice)
    return invoice


def unsaved(call: Call, customer: Json, currency: str, lines: Sequence[Line], settings: Json | None = None) -> Json:
    """The draft alone; its amounts are reckoned."""
    invoice = blank(call, customer, currency) | (settings or {})
    return with_lines(call, invoice, lines)


def with_lines(call: Call, invoice: Json, lines: Sequence[Line]) -> Json:
    """The draft with these lines after those it has, reckoned anew; not kept."""
    added = [line_item(call, invoice, line) for line in lines]
    return reckoned(call, invoice | {"_lines": [*invoice["_lines"], *added]})


def keep(call: Call, before: Json, after: Json) -> Json:
    """Keep the changed invoice and tell of the change, if there is one."""
    call.store.save(after)
    previous = changed(before, after)
    if previous:
        call.emit("invoice.updated", after, previous)
    return after


def reckoned(call: Call, invoice: Json) -> Json:
    """The draft with every amount as its lines, discounts, tax rates and its customer's balance make it."""
    entries = [_entry(call, invoice, line) for line in invoice["_lines"]]
    results = reckon(entries, discounts.reductions(call, invoice["discounts"], invoice["currency"]))
    why = _EXEMPT.get(invoice["customer_tax_exempt"], "not_available")
    lines = [_with_result(line, result, why) for line, result in zip(invoice["_lines"], results, strict=True)]
    invoice = invoice | _totals(results, why) | {"_lines": lines}
    return invoice | _due(call, invoice) | {"lines": shown_lines(invoice)}


def shown_lines(invoice: Json) -> Json:
    """The first lines, as every invoice shows them; the rest is read page by page."""
    shown = [public(line) for line in invoice["_lines"][:SHOWN_LINES]]
    return listing(f"/v1/invoices/{invoice['id']}/lines", shown, has_more=len(invoice["_lines"]) > SHOWN_LINES)


_EXEMPT = {"exempt": "customer_exempt", "reverse": "reverse_charge"}


def _entry(call: Call, invoice: Json, line: Json) -> Entry:
    details = (line["pricing"] or {}).get("price_details") or {}
    return Entry(
        line["amount"],
        details.get("product"),
        line["discountable"],
        discounts.reductions(call, line["discounts"], line["currency"]),
        tuple(_rate(invoice, rate) for rate in line["_tax_rates"] or invoice["default_tax_rates"]),
    )


def _rate(invoice: Json, rate: Json) -> Rate:
    exempt = invoice["customer_tax_exempt"] in _EXEMPT
    return Rate(rate["id"], Fraction(0) if exempt else Fraction(str(rate["percentage"])), rate["inclusive"])


def _with_result(line: Json, result: Reckoned, why: str) -> Json:
    taken = _by_discount([result])
    return line | {
        "discount_amounts": taken,
        "pretax_credit_amounts": [_pretax(each) for each in taken],
        "taxes": [line_tax(tax, why) for tax in result.taxes],
    }


def _totals(results: Sequence[Reckoned], why: str) -> Json:
    subtotal, total = sum(each.subtotal for each in results), sum(each.total for each in results)
    taken = _by_discount(results)
    return {
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - sum(each.tax_included_in_subtotal for each in results),
        "total": total,
        "total_discount_amounts": taken,
        "total_excluding_tax": total - sum(each.tax for each in results),
        "total_pretax_credit_amounts": [_pretax(each) for each in taken],
        "total_taxes": total_taxes([tax for each in results for tax in each.taxes], why),
    }


def _by_discount(results: Sequence[Reckoned]) -> list[Json]:
    sums: dict[str, int] = {}
    for result in results:
        for discount, amount in (*result.own, *result.shared):
            sums[discount] = sums.get(discount, 0) + amount
    return [{"amount": amount, "discount": discount} for discount, amount in sums.items()]


def _pretax(taken: Json) -> Json:
    return {**taken, "credit_balance_transaction": None, "type": "discount"}


def _due(call: Call, invoice: Json) -> Json:
    customer, currency = call.named("customer", invoice["customer"]), invoice["currency"]
    balance = balances.of(customer, currency)
    # What is too little to charge waits in the balance, which is kept in one currency only.
    least = LEAST_BY_CURRENCY.get(currency, 0) if customer["currency"] in (None, currency) else 0
    due, ending = owed(invoice["total"], balance, least)
    return {"amount_due": due, "amount_remaining": due, "starting_balance": balance, "_ending_balance": ending}
