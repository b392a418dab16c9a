"""Replaces ids by the objects they name, for the paths that a request lists in `expand`."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.resources import line_items
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, listing, public

_REFERENCES = {
    ("charge", "balance_transaction"): "balance_transaction",
    ("charge", "customer"): "customer",
    ("charge", "payment_intent"): "payment_intent",
    ("checkout.session", "customer"): "customer",
    ("checkout.session", "payment_intent"): "payment_intent",
    ("checkout.session", "payment_link"): "payment_link",
    ("checkout.session", "invoice"): "invoice",
    ("checkout.session", "setup_intent"): "setup_intent",
    ("checkout.session", "subscription"): "subscription",
    ("credit_note", "customer"): "customer",
    ("credit_note", "customer_balance_transaction"): "customer_balance_transaction",
    ("credit_note", "invoice"): "invoice",
    ("credit_note.refunds", "refund"): "refund",
    ("customer.invoice_settings", "default_payment_method"): "payment_method",
    ("customer_balance_transaction", "credit_note"): "credit_note",
    ("customer_balance_transaction", "customer"): "customer",
    ("customer_balance_transaction", "invoice"): "invoice",
    ("discount", "customer"): "customer",
    ("discount", "promotion_code"): "promotion_code",
    ("discount.source", "coupon"): "coupon",
    ("invoice", "customer"): "customer",
    ("invoice", "default_payment_method"): "payment_method",
    ("invoice", "discounts"): "discount",
    ("invoice.parent.subscription_details", "subscription"): "subscription",
    ("invoice_payment", "invoice"): "invoice",
    ("invoice_payment.payment", "payment_intent"): "payment_intent",
    ("invoiceitem", "customer"): "customer",
    ("invoiceitem", "discounts"): "discount",
    ("invoiceitem", "invoice"): "invoice",
    ("invoiceitem.pricing.price_details", "price"): "price",
    ("dispute", "charge"): "charge",
    ("dispute", "payment_intent"): "payment_intent",
    ("item", "price"): "price",
    ("mandate", "payment_method"): "payment_method",
    ("line_item", "discounts"): "discount",
    ("line_item.pricing.price_details", "price"): "price",
    ("payment_intent", "customer"): "customer",
    ("payment_intent", "latest_charge"): "charge",
    ("payment_intent", "payment_method"): "payment_method",
    ("payment_method", "customer"): "customer",
    ("price", "product"): "product",
    ("product", "default_price"): "price",
    ("promotion_code", "customer"): "customer",
    ("promotion_code.promotion", "coupon"): "coupon",
    ("refund", "balance_transaction"): "balance_transaction",
    ("refund", "charge"): "charge",
    ("refund", "customer"): "customer",
    ("refund", "failure_balance_transaction"): "balance_transaction",
    ("refund", "payment_intent"): "payment_intent",
    ("refund", "payment_method"): "payment_method",
    ("setup_intent", "customer"): "customer",
    ("setup_intent", "mandate"): "mandate",
    ("setup_intent", "payment_method"): "payment_method",
    ("subscription", "customer"): "customer",
    ("subscription", "default_payment_method"): "payment_method",
    ("subscription", "discounts"): "discount",
    ("subscription", "latest_invoice"): "invoice",
    ("subscription", "schedule"): "subscription_schedule",
    ("subscription", "test_clock"): "test_helpers.test_clock",
    ("subscription_item", "discounts"): "discount",
    ("subscription_schedule", "customer"): "customer",
    ("subscription_schedule", "subscription"): "subscription",
}
_MAX_DEPTH = 4


def expanded(call: Call, body: Json) -> Json:
    """The answer with the asked objects in place of their ids. InvalidRequest for a path that cannot be expanded."""
    answer = public(body)
    for path in call.params.get("expand", []):
        steps = path.split(".")
        if len(steps) > _MAX_DEPTH + (answer["object"] == "list"):
            raise InvalidRequest(f"You cannot expand more than {_MAX_DEPTH} levels of a property.", param="expand")
        _expand(call, answer, answer["object"], steps, path)
    return answer


def _expand(call: Call, body: Json, kind: str, steps: list[str], path: str) -> None:
    name, rest = steps[0], steps[1:]
    if kind == "list":
        if name != "data" or not rest:
            raise _cannot(path)
        body["data"] = [dict(item) for item in body["data"]]
        for item in body["data"]:
            _expand(call, item, item["object"], rest, path)
        return
    if rest and (kind, name) not in _REFERENCES and isinstance(body.get(name), dict | list):
        body[name] = deepcopy(body[name])  # the way leads through this part, which is not an object of its own
    else:
        body[name] = _target(call, body, kind, name, path)
    for part in body[name] if isinstance(body[name], list) else [body[name]]:
        if rest and part:
            _expand(call, part, part.get("object", f"{kind}.{name}"), rest, path)


def _target(call: Call, body: Json, kind: str, name: str, path: str) -> Any:
    if (kind, name) in _ON_REQUEST:
        return _ON_REQUEST[kind, name](call, body)
    if (kind, name) not in _REFERENCES:
        raise _cannot(path)
    value = body.get(name)
    if value is None or isinstance(value, dict):
        return value
    if isinstance(value, list):
        return [public(call.named(_REFERENCES[kind, name], each)) for each in value]
    return public(call.named(_REFERENCES[kind, name], value))


def _refunds(call: Call, charge: Json) -> Json:
    refunds = call.store.find(Query("refund", {"charge": charge["id"]}))
    return listing(f"/v1/charges/{charge['id']}/refunds", [public(refund) for refund in refunds])


def _payments(call: Call, invoice: Json) -> Json:
    payments = call.store.find(Query("invoice_payment", {"invoice": invoice["id"]}))
    return listing("/v1/invoice_payments", [public(payment) for payment in payments])


# What an object shows only when it is asked for.
_ON_REQUEST: Mapping[tuple[str, str], Callable[[Call, Json], Any]] = {
    ("balance_transaction", "source"): lambda call, body: public(call.store.named(body["source"]) or {}),
    ("charge", "refunds"): _refunds,
    ("checkout.session", "line_items"): lambda call, body: line_items.inlined(
        call, body, f"/v1/checkout/sessions/{body['id']}/line_items"
    ),
    ("invoice", "confirmation_secret"): lambda call, body: (call.store.get("invoice", body["id"]) or {}).get(
        "_confirmation_secret"
    ),
    ("invoice", "payments"): _payments,
    ("payment_link", "line_items"): lambda call, body: line_items.inlined(
        call, body, f"/v1/payment_links/{body['id']}/line_items"
    ),
    ("price", "tiers"): lambda call, body: call.named("price", body["id"])["_tiers"],
}


def _cannot(path: str) -> InvalidRequest:
    return InvalidRequest(f"This property cannot be expanded ({path}).", param="expand")
