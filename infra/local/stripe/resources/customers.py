"""Customers: whom the desk bills."""

import re
from copy import deepcopy

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest, Missing
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.resources import payment_methods
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed

_TEXTS = ("description", "email", "name", "phone")
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
_FIELDS = " ".join((*_TEXTS, "address", "shipping", "preferred_locales", "tax_exempt", "invoice_settings", "metadata"))


_BLANK: Json = {
    "address": None,
    "balance": 0,
    "currency": None,
    "default_source": None,
    "delinquent": False,
    "description": None,
    "email": None,
    "invoice_settings": {
        "custom_fields": None,
        "default_payment_method": None,
        "footer": None,
        "rendering_options": None,
    },
    "metadata": {},
    "name": None,
    "next_invoice_sequence": 1,
    "phone": None,
    "preferred_locales": [],
    "shipping": None,
    "tax_exempt": "none",
    "test_clock": None,
}


def create(call: Call) -> Json:
    """A new customer; `payment_method` attaches a card to it at once."""
    clock = call.referred("test_helpers.test_clock", "test_clock")
    body = call.begin("customer", "cus", 14) | deepcopy(_BLANK) | {"test_clock": clock["id"] if clock else None}
    body["invoice_prefix"] = body["id"][-8:].upper()
    # The card first: when it is refused, no customer is made.
    attached = _attach(call, body)
    body |= _given(call, body)
    call.store.add(body)
    call.emit("customer.created", body)
    if attached:
        call.emit("payment_method.attached", attached)
    return body


def update(call: Call, customer: str) -> Json:
    """Change the given fields."""
    before = _living(call, customer)
    after = before | _given(call, before)
    call.store.save(after)
    call.emit("customer.updated", after, changed(before, after))
    return after


def retrieve(call: Call, customer: str) -> Json:
    """The customer, or the stub that a deleted one leaves."""
    return call.named("customer", customer)


def every(call: Call) -> Json:
    """Customers, newest first."""
    return page(call, "customer", "email", "test_clock")


def delete(call: Call, customer: str) -> Json:
    """Delete for good: its saved methods are detached, and only a stub can be read."""
    before = _living(call, customer)
    for method in call.store.find(Query("payment_method", {"customer": customer})):
        payment_methods.release(call, method)
    stub = {"id": customer, "object": "customer", "deleted": True}
    call.store.save(stub)
    call.emit("customer.deleted", before)
    return stub


def methods(call: Call, customer: str) -> Json:
    """The customer's saved methods."""
    _living(call, customer)
    return page(call, "payment_method", "type", "allow_redisplay", customer=customer)


def method(call: Call, customer: str, payment_method: str) -> Json:
    """One of the customer's saved methods."""
    return payment_methods.of_customer(call, _living(call, customer)["id"], payment_method)


def _living(call: Call, customer: str) -> Json:
    body = call.named("customer", customer)
    if body.get("deleted"):
        raise Missing("customer", customer)
    return body


def _attach(call: Call, customer: Json) -> Json | None:
    if not call.params.get("payment_method"):
        return None
    return payment_methods.save_to(call, payment_methods.usable(call, "payment_method"), customer["id"])


def _given(call: Call, former: Json) -> Json:
    given: Json = {name: call.text(name, former[name]) for name in _TEXTS}
    if given["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given["email"]):
        raise InvalidRequest(f"Invalid email address: {given['email']}", code="email_invalid", param="email")
    given["metadata"] = call.metadata(former["metadata"])
    given["address"] = _address(call.params.get("address", former["address"]))
    given["shipping"] = _shipping(call.params.get("shipping", former["shipping"]))
    given["tax_exempt"] = call.params.get("tax_exempt", former["tax_exempt"]) or "none"
    given["preferred_locales"] = call.params.get("preferred_locales", former["preferred_locales"])
    given["invoice_settings"] = _invoice_settings(call, former)
    return given


def _address(given: Json | str | None) -> Json | None:
    return {name: given.get(name) or None for name in _ADDRESS} if isinstance(given, dict) else None


def _shipping(given: Json | str | None) -> Json | None:
    if not isinstance(given, dict):
        return None
    return {
        "address": _address(given["address"]),
        "carrier": given.get("carrier"),
        "name": given["name"],
        "phone": given.get("phone"),
        "tracking_number": given.get("tracking_number"),
    }


def _invoice_settings(call: Call, former: Json) -> Json:
    given = call.params.get("invoice_settings", {})
    for name in given.keys() - {"default_payment_method", "footer"}:
        raise InvalidRequest(
            f"The local Stripe does not simulate invoice_settings[{name}].",
            code="parameter_not_simulated",
            param=f"invoice_settings[{name}]",
        )
    if given.get("default_payment_method"):
        payment_methods.of_customer(call, former["id"], given["default_payment_method"])
    kept: Json = former["invoice_settings"]
    return kept | {name: value or None for name, value in given.items()}


_ONE = "/v1/customers/<customer>"
ROUTES = (
    route("POST", "/v1/customers", create, sdk.CustomerCreateParams, f"{_FIELDS} payment_method test_clock"),
    route("GET", "/v1/customers", every, sdk.CustomerListParams, f"{PAGING} created email test_clock"),
    route("GET", _ONE, retrieve, sdk.CustomerRetrieveParams),
    route("POST", _ONE, update, sdk.CustomerUpdateParams, _FIELDS),
    route("DELETE", _ONE, delete, sdk.CustomerDeleteParams),
    route(
        "GET", f"{_ONE}/payment_methods", methods, sdk.CustomerPaymentMethodListParams, f"{PAGING} type allow_redisplay"
    ),
    route("GET", f"{_ONE}/payment_methods/<payment_method>", method, sdk.CustomerPaymentMethodRetrieveParams),
)
