"""Checkout sessions: a page of ours on which a customer pays, or saves a way to pay."""

from stripe.params import checkout as sdk_checkout

from infra.local.stripe import checkout
from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.params import one_of, only
from infra.local.stripe.resources import line_items
from infra.local.stripe.resources.checkout_shapes import opened
from infra.local.stripe.values import Json

_MODES_OF = {
    "customer_creation": ("payment", "setup"),
    "line_items": ("payment", "subscription"),
    "payment_intent_data": ("payment",),
    "saved_payment_method_options": ("payment", "subscription"),
    "setup_intent_data": ("setup",),
    "submit_type": ("payment", "subscription"),
    "subscription_data": ("subscription",),
}
_DATA = {
    "payment_intent_data": (
        "description metadata receipt_email setup_future_usage statement_descriptor statement_descriptor_suffix"
    ),
    "setup_intent_data": "description metadata",
    "subscription_data": "description metadata trial_end trial_period_days trial_settings",
}


def create(call: Call) -> Json:
    """Open a session; its `url` is where the customer goes. InvalidRequest when parameters contradict each other."""
    mode = _mode(call)
    if not call.params.get("success_url"):
        raise InvalidRequest("Missing required param: success_url.", code="parameter_missing", param="success_url")
    return begun(call, mode, line_items.made(call))


def begun(call: Call, mode: str, items: list[Json], **more: object) -> Json:
    """Keep a session that sells these items; `more` says what else is true of it."""
    customer = call.referred("customer", "customer")
    _check_prices(mode, [item["price"]["type"] for item in items])
    session = opened(call, mode, items) | {"customer": customer["id"] if customer else None} | more
    email = customer["email"] if customer else session["customer_email"]
    session["customer_details"] = checkout.details(customer or {}, email) if email else None
    if mode == "setup":
        session["setup_intent"] = session["_intent"] = checkout.setup_intent(call, session)["id"]
    call.store.add(session)
    line_items.keep(call, items, session["id"])
    call.later("checkout.expire", session["id"], session["expires_at"] - call.now())
    return session


def retrieve(call: Call, session: str) -> Json:
    """The session."""
    return call.named("checkout.session", session, "session")


def update(call: Call, session: str) -> Json:
    """Change the metadata."""
    body = call.named("checkout.session", session, "session")
    return call.store.save(body | {"metadata": call.metadata(body["metadata"])})


def every(call: Call) -> Json:
    """Sessions, newest first."""
    fields = ("customer", "payment_intent", "payment_link", "status", "subscription")
    equal = {name: call.params[name] for name in fields if name in call.params}
    email = call.params.get("customer_details", {}).get("email")

    def keeps(session: Json) -> bool:
        return not email or (session["customer_details"] or {}).get("email") == email

    return page_where(call, "checkout.session", equal, keeps)


def expire(call: Call, session: str) -> Json:
    """Close an open session, so that nothing can be paid on it any more."""
    body = call.named("checkout.session", session, "session")
    if body["status"] != "open":
        raise InvalidRequest(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{body['status']}`."
        )
    return checkout.expired(call, body)


def items_of(call: Call, session: str) -> Json:
    """What the session sells."""
    return line_items.listed(call, call.named("checkout.session", session, "session")["id"])


def _check_prices(mode: str, types: list[str]) -> None:
    if mode == "payment" and "recurring" in types:
        raise InvalidRequest(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use "
            "only one-time prices.",
            param="line_items",
        )
    if mode == "subscription" and "recurring" not in types:
        raise InvalidRequest(
            "You must provide at least one recurring price in `subscription` mode when using prices.",
            param="line_items",
        )


def _mode(call: Call) -> str:
    mode: str | None = call.params.get("mode")
    if mode is None:
        raise InvalidRequest("Missing required param: mode.", code="parameter_missing", param="mode")
    for name, modes in _MODES_OF.items():
        if name in call.params and mode not in modes:
            raise InvalidRequest(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    if mode != "setup" and not call.params.get("line_items"):
        raise InvalidRequest("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if mode == "setup" and not (call.params.get("currency") or call.params.get("allowed_payment_method_types")):
        raise InvalidRequest("Missing required param: currency.", code="parameter_missing", param="currency")
    one_of(call.params, "customer", "customer_email")
    one_of(call.params, "customer", "customer_creation")
    for name, honoured in _DATA.items():
        only(call.params.get(name, {}), honoured, name)
    return mode


_ALL = "/v1/checkout/sessions"
_ONE = f"{_ALL}/<session>"
_FIELDS = (
    "allowed_payment_method_types branding_settings cancel_url client_reference_id currency customer customer_creation "
    "customer_email excluded_payment_method_types expires_at integration_identifier line_items locale metadata mode "
    "origin_context payment_intent_data saved_payment_method_options setup_intent_data submit_type "
    "subscription_data success_url ui_mode"
)
_LISTED = "created customer customer_details payment_intent payment_link status subscription"
ROUTES = (
    route("POST", _ALL, create, sdk_checkout.SessionCreateParams, _FIELDS),
    route("GET", _ALL, every, sdk_checkout.SessionListParams, f"{PAGING} {_LISTED}"),
    route("GET", _ONE, retrieve, sdk_checkout.SessionRetrieveParams),
    route("POST", _ONE, update, sdk_checkout.SessionUpdateParams, "metadata"),
    route("POST", f"{_ONE}/expire", expire, sdk_checkout.SessionExpireParams),
    route("GET", f"{_ONE}/line_items", items_of, sdk_checkout.SessionListLineItemsParams, PAGING),
)
