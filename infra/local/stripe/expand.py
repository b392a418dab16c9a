"""Replaces ids by the objects they name, for the paths that a request lists in `expand`."""

from typing import Any

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.resources import line_items
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, listing, public

_REFERENCES = {
    ("charge", "customer"): "customer",
    ("charge", "payment_intent"): "payment_intent",
    ("checkout.session", "customer"): "customer",
    ("checkout.session", "payment_intent"): "payment_intent",
    ("checkout.session", "payment_link"): "payment_link",
    ("checkout.session", "setup_intent"): "setup_intent",
    ("customer.invoice_settings", "default_payment_method"): "payment_method",
    ("item", "price"): "price",
    ("payment_intent", "customer"): "customer",
    ("payment_intent", "latest_charge"): "charge",
    ("payment_intent", "payment_method"): "payment_method",
    ("payment_method", "customer"): "customer",
    ("price", "product"): "product",
    ("product", "default_price"): "price",
    ("refund", "charge"): "charge",
    ("refund", "payment_intent"): "payment_intent",
    ("setup_intent", "customer"): "customer",
    ("setup_intent", "payment_method"): "payment_method",
}
_SELLERS = {"checkout.session": "/v1/checkout/sessions", "payment_link": "/v1/payment_links"}
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
    if (kind, name) == ("customer", "invoice_settings") and rest:
        body[name] = dict(body[name])
        _expand(call, body[name], "customer.invoice_settings", rest, path)
        return
    body[name] = _target(call, body, kind, name, path)
    if rest and body[name]:
        _expand(call, body[name], body[name]["object"], rest, path)


def _target(call: Call, body: Json, kind: str, name: str, path: str) -> Any:
    if (kind, name) == ("charge", "refunds"):
        refunds = call.store.find(Query("refund", {"charge": body["id"]}))
        return listing(f"/v1/charges/{body['id']}/refunds", [public(refund) for refund in refunds])
    if (kind, name) == ("price", "tiers"):
        return call.named("price", body["id"])["_tiers"]
    if name == "line_items" and kind in _SELLERS:
        return line_items.inlined(call, body, f"{_SELLERS[kind]}/{body['id']}/line_items")
    if (kind, name) not in _REFERENCES:
        raise _cannot(path)
    value = body.get(name)
    if value is None or isinstance(value, dict):
        return value
    return public(call.named(_REFERENCES[kind, name], value))


def _cannot(path: str) -> InvalidRequest:
    return InvalidRequest(f"This property cannot be expanded ({path}).", param="expand")
