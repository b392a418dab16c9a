"""Products: what is sold. A price says what it costs."""

import re

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest, Missing
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed

_TEXTS = ("description", "statement_descriptor", "tax_code", "unit_label", "url")
FIELDS = " ".join((*_TEXTS, "active", "images", "marketing_features", "metadata", "name", "shippable"))
_BLANK: Json = {
    **dict.fromkeys(_TEXTS),
    "active": True,
    "default_price": None,
    "images": [],
    "marketing_features": [],
    "metadata": {},
    "package_dimensions": None,
    "shippable": None,
    "tax_details": None,
    "type": "service",
}


def create(call: Call) -> Json:
    """A new product. InvalidRequest when its id is taken."""
    body = call.begin("product", "prod", 14) | _BLANK
    body["id"] = call.params.get("id", body["id"])
    if not re.fullmatch(r"[\w.-]{1,255}", body["id"], re.ASCII):
        raise InvalidRequest("A product id holds letters, digits, dots, dashes and underscores only.", param="id")
    if call.store.position("product", body["id"]):
        raise InvalidRequest("Product already exists.", code="resource_already_exists", param="id")
    body |= _given(call, body)
    body |= {"type": call.params.get("type", "service"), "updated": body["created"]}
    call.store.add(body)
    call.emit("product.created", body)
    return body


def update(call: Call, product: str) -> Json:
    """Change the given fields; the default price must be one of the product's own."""
    before = _living(call, product)
    after = before | _given(call, before) | {"updated": call.now()}
    if "default_price" in call.params:
        price = call.referred("price", "default_price")
        if price and price["product"] != product:
            raise InvalidRequest("The price belongs to another product.", param="default_price")
        after["default_price"] = price["id"] if price else None
    call.store.save(after)
    call.emit("product.updated", after, changed(before, after))
    return after


def retrieve(call: Call, product: str) -> Json:
    """The product, or the stub that a deleted one leaves."""
    return call.named("product", product)


def every(call: Call) -> Json:
    """Products, newest first."""
    ids = call.params.get("ids")
    equal: Json = {name: call.params[name] for name in ("active", "shippable", "type", "url") if name in call.params}
    return page_where(call, "product", equal, lambda product: not ids or product["id"] in ids)


def delete(call: Call, product: str) -> Json:
    """Delete a product that never had a price."""
    before = _living(call, product)
    if call.store.find(Query("price", {"product": product})):
        raise InvalidRequest("This product cannot be deleted because it has one or more user-created prices.")
    stub = {"id": product, "object": "product", "deleted": True}
    call.store.save(stub)
    call.emit("product.deleted", before)
    return stub


def _living(call: Call, product: str) -> Json:
    body = call.named("product", product)
    if body.get("deleted"):
        raise Missing("product", product)
    return body


def _given(call: Call, former: Json) -> Json:
    given: Json = {name: call.text(name, former[name]) for name in _TEXTS}
    given |= {name: call.params.get(name, former.get(name)) for name in ("active", "name", "shippable")}
    for name in ("images", "marketing_features"):
        given[name] = call.params.get(name, former[name]) or []
    return given | {"metadata": call.metadata(former["metadata"])}


_ONE = "/v1/products/<product>"
ROUTES = (
    route("GET", "/v1/products", every, sdk.ProductListParams, f"{PAGING} active created ids shippable type url"),
    route("GET", _ONE, retrieve, sdk.ProductRetrieveParams),
    route("POST", _ONE, update, sdk.ProductUpdateParams, f"{FIELDS} default_price"),
    route("DELETE", _ONE, delete, sdk.ProductDeleteParams),
)
