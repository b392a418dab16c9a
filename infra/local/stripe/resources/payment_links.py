"""Payment links: a URL that can be shared, and that opens a checkout session whenever it is followed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.outbox import Listener
from infra.local.stripe.resources import checkout_sessions, line_items
from infra.local.stripe.resources.link_shapes import BLANK, given
from infra.local.stripe.values import Json, changed


def create(call: Call) -> Json:
    """A new link, active at once."""
    items = line_items.made(call)
    if any(item["price"]["type"] == "recurring" for item in items) or not items:
        raise InvalidRequest("The local Stripe simulates payment links for one-time prices.", param="line_items")
    link = call.begin("payment_link", "plink")
    del link["created"]  # a link does not say when it was made
    link |= BLANK | {"currency": items[0]["currency"], "url": f"{call.base_url}/_hosted/links/{link['id']}"}
    link |= given(call, link)
    call.store.add(link)
    line_items.keep(call, items, link["id"])
    call.emit("payment_link.created", link)
    return link


def update(call: Call, payment_link: str) -> Json:
    """Change what later sessions of the link will be, or close it."""
    before = call.named("payment_link", payment_link, "payment_link")
    after = before | given(call, before)
    call.store.save(after)
    call.emit("payment_link.updated", after, changed(before, after))
    return after


def retrieve(call: Call, payment_link: str) -> Json:
    """The link."""
    return call.named("payment_link", payment_link, "payment_link")


def every(call: Call) -> Json:
    """Links, newest first."""
    return page(call, "payment_link", "active")


def items_of(call: Call, payment_link: str) -> Json:
    """What the link sells."""
    return line_items.listed(call, call.named("payment_link", payment_link, "payment_link")["id"])


def session(call: Call, link: Json, known: Json) -> Json:
    """A new session of the link for one customer, of whom `known` may say something."""
    data = {name: value for name, value in (link["payment_intent_data"] or {}).items() if value}
    params = {
        "customer_creation": link["customer_creation"],
        "metadata": link["metadata"],
        "payment_intent_data": data,
        "submit_type": link["submit_type"],
        **known,
    }
    if link["payment_method_types"]:
        params["allowed_payment_method_types"] = link["payment_method_types"]
    done: Json = link["after_completion"]
    if done["type"] == "redirect":
        params["success_url"] = done["redirect"]["url"]
    thanks = (done.get("hosted_confirmation") or {}).get("custom_message")
    items = line_items.of(call, link["id"])
    return checkout_sessions.begun(
        replace(call, params=params), "payment", items, payment_link=link["id"], _thanks=thanks
    )


def takes(call: Call, checkout_session: Json) -> bool:
    """Whether the session may still be paid: it is not a link's, or the link has not had all that it may."""
    link = checkout_session["payment_link"] and call.named("payment_link", checkout_session["payment_link"])
    return not link or not _is_full(link)


def _count(call: Call, checkout_session: Json) -> None:
    if not checkout_session["payment_link"]:
        return
    before = call.named("payment_link", checkout_session["payment_link"])
    if not before["restrictions"]:
        return
    completed = before["restrictions"]["completed_sessions"]
    after = before | {"restrictions": {"completed_sessions": completed | {"count": completed["count"] + 1}}}
    after["active"] = before["active"] and not _is_full(after)
    call.store.save(after)
    call.emit("payment_link.updated", after, changed(before, after))


def _is_full(link: Json) -> bool:
    completed = (link["restrictions"] or {}).get("completed_sessions")
    return bool(completed and completed["count"] >= completed["limit"])


LISTENERS: Mapping[str, Sequence[Listener]] = {"checkout.session.completed": (_count,)}

_ONE = "/v1/payment_links/<payment_link>"
_EDITABLE = (
    "after_completion customer_creation inactive_message metadata payment_intent_data payment_method_types "
    "restrictions submit_type"
)
ROUTES = (
    route("POST", "/v1/payment_links", create, sdk.PaymentLinkCreateParams, f"{_EDITABLE} line_items"),
    route("GET", "/v1/payment_links", every, sdk.PaymentLinkListParams, f"{PAGING} active"),
    route("GET", _ONE, retrieve, sdk.PaymentLinkRetrieveParams),
    route("POST", _ONE, update, sdk.PaymentLinkUpdateParams, f"{_EDITABLE} active"),
    route("GET", f"{_ONE}/line_items", items_of, sdk.PaymentLinkListLineItemsParams, PAGING),
)
