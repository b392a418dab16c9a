"""The lines of an invoice: read of any, added to, changed on and removed from a draft. Behind each stands an item."""

from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe import billed_lines, invoicing, pending_items
from infra.local.stripe.call import Call, route
from infra.local.stripe.collection import must_be
from infra.local.stripe.errors import InvalidRequest, Missing
from infra.local.stripe.lists import PAGING, page_among
from infra.local.stripe.params import only
from infra.local.stripe.resources import invoice_items
from infra.local.stripe.values import Json


def every(call: Call, invoice: str) -> Json:
    """The lines in the invoice's order."""
    return page_among(call, call.named("invoice", invoice, "invoice")["_lines"])


def add(call: Call, invoice: str) -> Json:
    """New lines, or lines of pending items, at the end of a draft."""
    draft = _draft(call, invoice)
    customer = call.named("customer", draft["customer"])
    items = [
        _item(replace(call, params=only(each, _ADDED, f"lines[{number}]")), draft, customer)
        for number, each in enumerate(call.params["lines"])
    ]
    return invoicing.keep(call, draft, pending_items.take(call, draft, items))


def change(call: Call, invoice: str) -> Json:
    """Change several lines of a draft."""
    _draft(call, invoice)
    for number, each in enumerate(call.params["lines"]):
        given = dict(only(each, f"{billed_lines.FIELDS} id", f"lines[{number}]"))
        _change(call, invoice, given.pop("id"), given)
    return call.named("invoice", invoice)


def remove(call: Call, invoice: str) -> Json:
    """Take lines from a draft; their items are deleted, or pending again."""
    _draft(call, invoice)
    for each in call.params["lines"]:
        item = _item_of(call, invoice, each["id"])
        if each["behavior"] == "delete":
            invoice_items.delete(call, item)
            continue
        draft = call.named("invoice", invoice)
        left = [line for line in draft["_lines"] if line["id"] != each["id"]]
        call.store.save(call.named("invoiceitem", item) | {"invoice": None})
        invoicing.keep(call, draft, invoicing.reckoned(call, draft | {"_lines": left}))
    return call.named("invoice", invoice)


def update(call: Call, invoice: str, line: str) -> Json:
    """Change one line of a draft."""
    _draft(call, invoice)
    _change(call, invoice, line, call.params)
    return next(each for each in call.named("invoice", invoice)["_lines"] if each["id"] == line)


def _draft(call: Call, invoice: str) -> Json:
    draft = call.named("invoice", invoice, "invoice")
    must_be(draft, "draft")
    return draft


def _item(call: Call, draft: Json, customer: Json) -> Json:
    if "invoice_item" not in call.params:
        line = billed_lines.line_of(call, customer, draft["currency"])
        return pending_items.add(call, customer, draft["currency"], line)
    item = call.referred("invoiceitem", "invoice_item") or {}
    if item["invoice"] or item["customer"] != customer["id"] or item["currency"] != draft["currency"]:
        raise InvalidRequest("The invoice item is not a pending one of this customer.", param="invoice_item")
    return item


def _change(call: Call, invoice: str, line: str, given: Json) -> None:
    invoice_items.update(replace(call, params=given), _item_of(call, invoice, line))


def _item_of(call: Call, invoice: str, line_id: str) -> str:
    for line in call.named("invoice", invoice)["_lines"]:
        item = pending_items.item_of(line)
        if line["id"] == line_id and item:
            return item
        if line["id"] == line_id:
            raise InvalidRequest("The lines of a subscription are changed with the subscription.", param="line_item")
    raise Missing("line_item", line_id, "line_item")


_ALL = "/v1/invoices/<invoice>/lines"
_ADDED = f"{billed_lines.FIELDS} invoice_item"
ROUTES = (
    route("GET", _ALL, every, sdk.InvoiceLineItemListParams, PAGING),
    route("POST", f"{_ALL}/<line>", update, sdk.InvoiceLineItemUpdateParams, billed_lines.FIELDS),
    route("POST", "/v1/invoices/<invoice>/add_lines", add, sdk.InvoiceAddLinesParams, "lines"),
    route("POST", "/v1/invoices/<invoice>/update_lines", change, sdk.InvoiceUpdateLinesParams, "lines"),
    route("POST", "/v1/invoices/<invoice>/remove_lines", remove, sdk.InvoiceRemoveLinesParams, "lines"),
)
