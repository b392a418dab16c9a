"""Invoice items: what a customer will be billed for, on a draft or with the next invoice that takes pending items."""

from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe import billed_lines, invoicing, pending_items
from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoice_shapes import line_item
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.values import Json

_KIND = "invoiceitem"


def create(call: Call) -> Json:
    """A new item, pending, or on the draft that `invoice` names."""
    invoice = call.referred("invoice", "invoice")
    if invoice and invoice["status"] != "draft":
        raise InvalidRequest("The invoice is no longer editable.", code="invoice_not_editable", param="invoice")
    customer = _customer(call, invoice)
    fallback = invoice["currency"] if invoice else customer["currency"]
    currency = billed_lines.currency_of(call, fallback)
    if invoice and currency != invoice["currency"]:
        raise InvalidRequest(f"The invoice is in {invoice['currency']}, not in {currency}.", param="currency")
    line = billed_lines.line_of(call, customer, currency)
    item = pending_items.add(call, customer, currency, replace(line, parent=_parent(call)))
    if not invoice:
        return item
    invoicing.keep(call, invoice, pending_items.take(call, invoice, [item]))
    return call.named(_KIND, item["id"])


def update(call: Call, invoiceitem: str) -> Json:
    """Change an item that is not on a finalized invoice; the draft that it is on changes with it."""
    before = call.named(_KIND, invoiceitem, _KIND)
    invoice = pending_items.must_be_editable(call, before)
    customer = call.named("customer", before["customer"])
    line = billed_lines.line_of(call, customer, before["currency"], pending_items.line_of(call, before))
    after = call.store.save(before | pending_items.members(line))
    if invoice:
        _replace_line(call, invoice, after)
    return after


def delete(call: Call, invoiceitem: str) -> Json:
    """Bill it no more. InvalidRequest when its invoice is finalized."""
    before = call.named(_KIND, invoiceitem, _KIND)
    invoice = pending_items.must_be_editable(call, before)
    call.store.remove("invoiceitem", before["id"])
    if invoice:
        left = [line for line in invoice["_lines"] if pending_items.item_of(line) != before["id"]]
        invoicing.keep(call, invoice, invoicing.reckoned(call, invoice | {"_lines": left}))
    call.emit("invoiceitem.deleted", before)
    return {"id": before["id"], "object": _KIND, "deleted": True}


def retrieve(call: Call, invoiceitem: str) -> Json:
    """The item."""
    return call.named(_KIND, invoiceitem, _KIND)


def every(call: Call) -> Json:
    """Items, newest first: of a customer, of an invoice, pending or not."""
    equal: Json = {name: call.params[name] for name in ("customer", "invoice") if name in call.params}
    pending = call.params.get("pending")
    return page_where(call, _KIND, equal, lambda item: pending is None or pending is (item["invoice"] is None))


def _customer(call: Call, invoice: Json | None) -> Json:
    customer = call.referred("customer", "customer")
    if customer is None and invoice is None:
        raise InvalidRequest("Missing required param: customer.", code="parameter_missing", param="customer")
    if invoice and customer and invoice["customer"] != customer["id"]:
        raise InvalidRequest("The invoice belongs to another customer.", param="invoice")
    return customer or call.named("customer", (invoice or {})["customer"])


def _parent(call: Call) -> Json | None:
    subscription = call.referred("subscription", "subscription")
    if subscription is None:
        return None
    details = {"subscription": subscription["id"], "subscription_item": None}
    return {"subscription_details": details, "type": "subscription_details"}


def _replace_line(call: Call, invoice: Json, item: Json) -> None:
    fresh = line_item(call, invoice, pending_items.line_of(call, item))
    lines = [
        fresh | {"id": line["id"]} if pending_items.item_of(line) == item["id"] else line for line in invoice["_lines"]
    ]
    invoicing.keep(call, invoice, invoicing.reckoned(call, invoice | {"_lines": lines}))


_ONE = "/v1/invoiceitems/<invoiceitem>"
_FIELDS = f"{billed_lines.FIELDS} unit_amount_decimal"
ROUTES = (
    route(
        "POST",
        "/v1/invoiceitems",
        create,
        sdk.InvoiceItemCreateParams,
        f"{_FIELDS} currency customer invoice subscription",
    ),
    route("GET", "/v1/invoiceitems", every, sdk.InvoiceItemListParams, f"{PAGING} created customer invoice pending"),
    route("GET", _ONE, retrieve, sdk.InvoiceItemRetrieveParams),
    route("POST", _ONE, update, sdk.InvoiceItemUpdateParams, _FIELDS),
    route("DELETE", _ONE, delete, sdk.InvoiceItemDeleteParams),
)
