"""Pending invoice items: what a customer will be billed for with the next invoice that takes them.

`add` keeps an item, for a request or for a family that bills (a proration, say); `take` makes lines of those that wait.
"""

from infra.local.stripe import balances
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoice_shapes import Line, pricing
from infra.local.stripe.invoicing import with_lines
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json


def add(call: Call, customer: Json, currency: str, line: Line, *, proration: bool = False) -> Json:
    """A new item, pending until an invoice takes it; `line.parent` is the item's `parent` on the wire, or None."""
    balances.settle_currency(call, customer, currency)
    item = _body(call, customer, currency, line) | {"proration": proration}
    call.store.add(item)
    call.emit("invoiceitem.created", item)
    return item


def waiting(call: Call, customer_id: str, currency: str, subscription: str | None = None) -> list[Json]:
    """The customer's pending items, newest first: those of this subscription and those of none."""
    return [
        item
        for item in call.store.find(Query("invoiceitem", {"customer": customer_id, "currency": currency}))
        if item["invoice"] is None and subscription_of(item) in (None, subscription)
    ]


def take(call: Call, invoice: Json, items: list[Json]) -> Json:
    """The draft with a line for each item, reckoned but not kept; the items belong to it from now on."""
    for item in items:
        call.store.save(item | {"invoice": invoice["id"]})
    return with_lines(call, invoice, [line_of(call, item) for item in items])


def subscription_of(item: Json) -> str | None:
    """The subscription that the item belongs to."""
    found: str | None = item["parent"]["subscription_details"]["subscription"] if item["parent"] else None
    return found


def item_of(line: Json) -> str | None:
    """The invoice item that an invoice line was made of."""
    details = line["parent"][line["parent"]["type"]] if line["parent"] else {}
    found: str | None = details.get("invoice_item")
    return found


def line_of(call: Call, item: Json) -> Line:
    """The invoice line that the item makes."""
    details = (item["pricing"] or {}).get("price_details")
    return Line(
        item["amount"],
        item["period"]["start"],
        item["period"]["end"],
        _line_parent(item),
        item["description"],
        item["quantity"],
        call.named("price", details["price"]) if details else None,
        item["pricing"]["unit_amount_decimal"] if item["pricing"] else None,
        item["discountable"],
        tuple(item["discounts"]),
        tuple(item["tax_rates"]),
        item["metadata"],
    )


def must_be_editable(call: Call, item: Json) -> Json | None:
    """The draft that the item is on, if any. InvalidRequest when its invoice is a draft no more."""
    if item["invoice"] is None:
        return None
    invoice = call.named("invoice", item["invoice"])
    if invoice["status"] != "draft":
        raise InvalidRequest(
            "The invoice item is attached to an invoice that is no longer editable.", code="invoice_not_editable"
        )
    return invoice


def _line_parent(item: Json) -> Json:
    subscription = subscription_of(item)
    shared = {"invoice_item": item["id"], "proration": item["proration"], "proration_details": None}
    details = item["parent"]["subscription_details"] if item["parent"] else {}
    if details.get("subscription_item"):
        own = shared | {"subscription": subscription, "subscription_item": details["subscription_item"]}
        return {
            "invoice_item_details": None,
            "subscription_item_details": own,
            "type": "subscription_item_details",
        }
    return {
        "invoice_item_details": shared | {"subscription": subscription},
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }


def members(line: Line) -> Json:
    """What an item shows of its line: all that a request can change."""
    return {
        "amount": line.amount,
        "description": line.description,
        "discountable": line.discountable,
        "discounts": list(line.discounts),
        "metadata": line.metadata,
        "net_amount": None if line.discountable else line.amount,
        "period": {"end": line.end, "start": line.start},
        "pricing": pricing(line.price, line.unit_amount_decimal),
        "quantity": line.quantity,
        "quantity_decimal": str(line.quantity),
        "tax_rates": list(line.tax_rates),
    }


def _body(call: Call, customer: Json, currency: str, line: Line) -> Json:
    begun = call.begin("invoiceitem", "ii")
    now = begun.pop("created")
    return {
        **begun,
        **members(line),
        "currency": currency,
        "customer": customer["id"],
        "customer_account": None,
        "date": now,
        "frozen_fields": [],
        "invoice": None,
        "invoicing_rules": None,
        "parent": line.parent,
        "proration": False,
        "proration_details": None,
        "test_clock": customer["test_clock"],
        "_created": now,
    }
