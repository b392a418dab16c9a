"""Invoices: what a customer owes, from the draft to the money or its end."""

import stripe.params as sdk

from infra.local.stripe import (
    automatic,
    balances,
    collection,
    discounts,
    invoice_settings,
    invoicing,
    pending_items,
    settlement,
)
from infra.local.stripe.call import Call, route
from infra.local.stripe.currencies import known
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoice_shapes import blank
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.values import Json


def create(call: Call) -> Json:
    """A new draft; with `pending_invoice_items_behavior=include` the customer's pending items are on it."""
    customer = call.referred("customer", "customer")
    if customer is None:
        raise InvalidRequest("Missing required param: customer.", code="parameter_missing", param="customer")
    currency = _currency(call, customer)
    draft = blank(call, balances.settle_currency(call, customer, currency), currency)
    draft |= {"footer": customer["invoice_settings"]["footer"], **_of_subscription(call)}
    draft |= invoice_settings.given(call, draft, customer["id"])
    call.store.add(draft)
    draft = invoicing.reckoned(call, draft)
    if call.params.get("pending_invoice_items_behavior") == "include":
        subscription = call.params.get("subscription")
        draft = pending_items.take(call, draft, pending_items.waiting(call, customer["id"], currency, subscription))
    draft = call.store.save(automatic.planned(call, draft))
    call.emit("invoice.created", draft)
    return draft


def update(call: Call, invoice: str) -> Json:
    """Change a draft, or the little that can be changed of a finalized invoice."""
    before = call.named("invoice", invoice, "invoice")
    if before["status"] != "draft":
        invoice_settings.only_open(call)
    after = before | invoice_settings.given(call, before, before["customer"])
    if before["status"] == "draft":
        after = automatic.planned(call, invoicing.reckoned(call, after))
    elif after["auto_advance"] and not before["auto_advance"] and before["collection_method"] == "charge_automatically":
        call.later("invoice.collect", invoice, 0)
    return invoicing.keep(call, before, after)


def delete(call: Call, invoice: str) -> Json:
    """Forget a draft and the items on it."""
    draft = call.named("invoice", invoice, "invoice")
    if draft["status"] != "draft" or draft["parent"]:
        raise InvalidRequest(
            "You can only delete draft invoices that are not of a subscription.", code="invoice_not_editable"
        )
    for line in draft["_lines"]:
        item = pending_items.item_of(line)
        if item:
            call.store.remove("invoiceitem", item)
    call.store.remove("invoice", draft["id"])
    call.emit("invoice.deleted", draft)
    return {"id": draft["id"], "object": "invoice", "deleted": True}


def retrieve(call: Call, invoice: str) -> Json:
    """The invoice; a draft with the balance that its customer has now."""
    body = call.named("invoice", invoice, "invoice")
    return invoicing.reckoned(call, body) if body["status"] == "draft" else body


def every(call: Call) -> Json:
    """Invoices, newest first."""
    equal: Json = {
        name: call.params[name] for name in ("collection_method", "customer", "status") if name in call.params
    }
    if "subscription" in call.params:
        equal["parent.subscription_details.subscription"] = call.params["subscription"]
    due = call.params.get("due_date", {})
    bounds = {"gte": due, "lte": due} if isinstance(due, int) else due
    return page_where(call, "invoice", equal, lambda invoice: _is_due(invoice, bounds))


def finalize(call: Call, invoice: str) -> Json:
    """Open the draft; what advances by itself is charged or sent soon after."""
    draft = call.named("invoice", invoice, "invoice")
    body = collection.finalize(call, draft | {"auto_advance": call.params.get("auto_advance", draft["auto_advance"])})
    if body["status"] == "open" and body["auto_advance"]:
        call.later("invoice.proceed", invoice, 0)
    return body


def pay(call: Call, invoice: str) -> Json:
    """Charge it, or take it as paid elsewhere. CardError when the card is declined or wants the customer."""
    body = call.named("invoice", invoice, "invoice")
    if body["status"] == "paid":
        raise InvalidRequest("Invoice is already paid", code="invoice_already_paid")
    if call.params.get("paid_out_of_band"):
        return collection.pay_out_of_band(call, body)
    method, off_session = call.params.get("payment_method"), call.params.get("off_session", True)
    return collection.pay(call, body, method, off_session=off_session)


def send(call: Call, invoice: str) -> Json:
    """Send it to the customer (nothing but the event is sent here); a draft is finalized first."""
    body = call.named("invoice", invoice, "invoice")
    if body["collection_method"] != "send_invoice":
        raise InvalidRequest("You can only send an invoice whose `collection_method` is `send_invoice`.")
    if body["status"] == "draft":
        body = collection.finalize(call, body)
    if body["status"] == "void":
        raise InvalidRequest("A void invoice cannot be sent.", code="status_transition_invalid")
    call.emit("invoice.sent", body)
    return body


def void(call: Call, invoice: str) -> Json:
    """Take a finalized invoice back."""
    return collection.void(call, call.named("invoice", invoice, "invoice"))


def mark_uncollectible(call: Call, invoice: str) -> Json:
    """Give the debt up."""
    return collection.mark_uncollectible(call, call.named("invoice", invoice, "invoice"))


def attach_payment(call: Call, invoice: str) -> Json:
    """Let one more payment intent pay for the open invoice."""
    body = call.named("invoice", invoice, "invoice")
    collection.must_be(body, "open", "uncollectible")
    intent = call.referred("payment_intent", "payment_intent")
    if intent is None:
        raise InvalidRequest("Give a `payment_intent`.", code="parameter_missing", param="payment_intent")
    return settlement.attach(call, body, intent)


def _currency(call: Call, customer: Json) -> str:
    return known(call.params.get("currency") or customer["currency"] or _DEFAULT_CURRENCY)


def _of_subscription(call: Call) -> Json:
    subscription = call.referred("subscription", "subscription")
    if subscription is None:
        return {}
    if subscription["customer"] != call.params["customer"]:
        raise InvalidRequest("The subscription belongs to another customer.", param="subscription")
    details = {
        "metadata": subscription["metadata"],
        "subscription": subscription["id"],
        "subscription_proration_date": None,
    }
    parent = {"quote_details": None, "subscription_details": details, "type": "subscription_details"}
    lasting = discounts.lasting(call, subscription["discounts"], call.now())
    return {"discounts": lasting, "parent": parent}


def _is_due(invoice: Json, bounds: Json) -> bool:
    date = invoice["due_date"]
    tests = {"gt": lambda b: date > b, "gte": lambda b: date >= b, "lt": lambda b: date < b, "lte": lambda b: date <= b}
    return not bounds or (date is not None and all(tests[name](bound) for name, bound in bounds.items()))


# The currency of the account, for a customer that has none yet.
_DEFAULT_CURRENCY = "gbp"
_ALL = "/v1/invoices"
_ONE = f"{_ALL}/<invoice>"
_LISTED = "collection_method created customer due_date status subscription"
ROUTES = (
    route(
        "POST",
        _ALL,
        create,
        sdk.InvoiceCreateParams,
        f"{invoice_settings.FIELDS} currency customer pending_invoice_items_behavior subscription",
    ),
    route("GET", _ALL, every, sdk.InvoiceListParams, f"{PAGING} {_LISTED}"),
    route("GET", _ONE, retrieve, sdk.InvoiceRetrieveParams),
    route("POST", _ONE, update, sdk.InvoiceUpdateParams, invoice_settings.FIELDS),
    route("DELETE", _ONE, delete, sdk.InvoiceDeleteParams),
    route("POST", f"{_ONE}/finalize", finalize, sdk.InvoiceFinalizeInvoiceParams, "auto_advance"),
    route("POST", f"{_ONE}/pay", pay, sdk.InvoicePayParams, "off_session paid_out_of_band payment_method"),
    route("POST", f"{_ONE}/send", send, sdk.InvoiceSendInvoiceParams),
    route("POST", f"{_ONE}/void", void, sdk.InvoiceVoidInvoiceParams),
    route("POST", f"{_ONE}/mark_uncollectible", mark_uncollectible, sdk.InvoiceMarkUncollectibleParams),
    route("POST", f"{_ONE}/attach_payment", attach_payment, sdk.InvoiceAttachPaymentParams, "payment_intent"),
)
