"""Replaces ids by the objects they name, for the paths that a request lists in `expand`."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.expandable import Shape, names, part_of, shape_of
from infra.local.stripe.recurring.shapes import ENDED
from infra.local.stripe.resources import coupons, line_items
from infra.local.stripe.resources.prices import plan_of
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, listing, public

_MAX_DEPTH = 4


def expanded(call: Call, body: Json) -> Json:
    """The answer with the asked objects in place of their ids. InvalidRequest for a path that cannot be expanded."""
    answer = public(body)
    for path in call.params.get("expand", []):
        steps = path.split(".")
        if len(steps) > _MAX_DEPTH + (answer["object"] == "list"):
            raise InvalidRequest(f"You cannot expand more than {_MAX_DEPTH} levels of a property.", param="expand")
        _expand(call, answer, shape_of(answer["object"]), steps, path)
    return answer


def _expand(call: Call, body: Json, shape: Shape | None, steps: list[str], path: str) -> None:
    name, rest = steps[0], steps[1:]
    if body.get("object") == "list" and (name != "data" or not rest):
        raise _cannot(path)
    if rest and name not in body and shape and part_of(shape, name):
        return  # another of its kind has this part: the details of a debit, say, where this is a card
    body[name] = _opened(call, body, shape, name, path, leads_on=bool(rest))
    for part in body[name] if isinstance(body[name], list) else [body[name]]:
        if rest and isinstance(part, dict):
            inner = shape_of(part["object"]) if _is_object(part) else shape and part_of(shape, name)
            _expand(call, part, inner, rest, path)


def _opened(call: Call, body: Json, shape: Shape | None, name: str, path: str, *, leads_on: bool) -> Any:
    """The member with objects in place of ids, or a copy of the part that the path leads through."""
    on_request, kind = _ON_REQUEST.get((body.get("object", ""), name)), names(shape, name) if shape else None
    if on_request:
        return on_request(call, body)
    if kind:
        return _named(call, body.get(name), kind)
    if name in body and (leads_on or _is_object(body[name])):
        return deepcopy(body[name])
    raise _cannot(path)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("object"), str)


def _named(call: Call, value: Any, kind: str) -> Any:
    """What the id, or each id of the list, names; an id that names nothing here stays as it is."""
    if isinstance(value, list):
        return [_named(call, each, kind) for each in value]
    found = call.store.named(value, kind) if isinstance(value, str) else None
    if found is None:
        return value
    if kind == "coupon":
        found = coupons.shown(call, found)
    return plan_of(found) if kind == "plan" else public(found)


def _refunds(call: Call, charge: Json) -> Json:
    refunds = call.store.find(Query("refund", {"charge": charge["id"]}))
    return listing(f"/v1/charges/{charge['id']}/refunds", [public(refund) for refund in refunds])


def _subscriptions(call: Call, customer: Json) -> Json:
    found = call.store.find(Query("subscription", {"customer": customer["id"]}))
    running = [public(each) for each in found if each["status"] not in ENDED]
    return listing(f"/v1/customers/{customer['id']}/subscriptions", running)


def _payments(call: Call, invoice: Json) -> Json:
    payments = call.store.find(Query("invoice_payment", {"invoice": invoice["id"]}))
    return listing("/v1/invoice_payments", [public(payment) for payment in payments])


# What an object shows only when it is asked for.
_ON_REQUEST: Mapping[tuple[str, str], Callable[[Call, Json], Any]] = {
    ("charge", "refunds"): _refunds,
    ("checkout.session", "line_items"): lambda call, body: line_items.inlined(
        call, body, f"/v1/checkout/sessions/{body['id']}/line_items"
    ),
    ("customer", "subscriptions"): _subscriptions,
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
