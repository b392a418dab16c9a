"""Setup intents: saving a customer's card or bank account for later payments, without taking money."""

import stripe.params as sdk

from infra.local.stripe import attempts, intents
from infra.local.stripe.call import Call, route
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.values import Json

_UNSET = (
    "application",
    "cancellation_reason",
    "flow_directions",
    "last_setup_error",
    "latest_attempt",
    "mandate",
    "next_action",
    "on_behalf_of",
    "single_use_mandate",
)


def create(call: Call) -> Json:
    """A new intent; with `confirm` the method is saved at once and CardError says that it was declined."""
    intents.must_confirm(call, "mandate_data")
    customer = intents.customer_for(call)
    taken = intents.methods_taken(call)
    method = intents.method_for(call, customer, taken["payment_method_types"])
    intent = _body(call) | {
        **taken,
        "customer": customer,
        "payment_method": method["id"] if method else None,
        "status": "requires_confirmation" if method else "requires_payment_method",
    }
    if call.params.get("confirm"):
        intents.must_have_method(intent)
        intents.must_be_able_to_return(intent)
    call.store.add(intent)
    call.emit("setup_intent.created", intent)
    return _attempt(call, intent) if call.params.get("confirm") else intent


def update(call: Call, intent: str) -> Json:
    """Change an open intent."""
    before = call.named("setup_intent", intent, "intent")
    intents.must_be(before, "update", intents.OPEN)
    if call.params.keys() & {"customer", "payment_method", "payment_method_data"}:
        intents.must_not_be_checkouts(before)
    after = before | {
        "customer": intents.customer_for(call, before["customer"]),
        "description": call.text("description", before["description"]),
        "metadata": call.metadata(before["metadata"]),
    }
    method = intents.method_for(call, after["customer"], before["payment_method_types"])
    if method:
        after |= {"payment_method": method["id"], "status": "requires_confirmation", "next_action": None}
    return call.store.save(after)


def confirm(call: Call, intent: str) -> Json:
    """Confirm what a caller may confirm: see `confirmed`."""
    body = call.named("setup_intent", intent, "intent")
    intents.must_not_be_checkouts(body)
    return confirmed(call, body)


def confirmed(call: Call, body: Json) -> Json:
    """Save the method. CardError when it was declined; the intent can be confirmed again with another one."""
    intents.must_be(body, "confirm", intents.OPEN)
    method = intents.method_for(call, body["customer"], body["payment_method_types"])
    body |= {
        "payment_method": method["id"] if method else body["payment_method"],
        "_return_url": call.params.get("return_url", body["_return_url"]),
    }
    intents.must_have_method(body)
    intents.must_be_able_to_return(body)
    return _attempt(call, body)


def cancel(call: Call, intent: str) -> Json:
    """End an intent that has not saved a method."""
    body = call.named("setup_intent", intent, "intent")
    intents.must_not_be_checkouts(body)
    return intents.canceled(call, body)


def retrieve(call: Call, intent: str) -> Json:
    """The intent."""
    return call.named("setup_intent", intent, "intent")


def every(call: Call) -> Json:
    """Intents, newest first."""
    return page(call, "setup_intent", "customer", "payment_method")


def _attempt(call: Call, intent: Json) -> Json:
    method = call.named("payment_method", intent["payment_method"])
    return attempts.set_up(call, intent, method, acceptance=intents.acceptance(call))


def _body(call: Call) -> Json:
    begun = call.begin("setup_intent", "seti")
    return {
        **begun,
        **dict.fromkeys(_UNSET),
        "client_secret": call.new_id(f"{begun['id']}_secret", 25),
        "description": call.text("description"),
        "metadata": call.metadata({}),
        "usage": call.params.get("usage", "off_session"),
        "_return_url": call.params.get("return_url"),
    }


_ALL = "/v1/setup_intents"
_ONE = f"{_ALL}/<intent>"
_METHOD = "payment_method payment_method_data"
_EDITABLE = f"customer description metadata {_METHOD}"
ROUTES = (
    route(
        "POST",
        _ALL,
        create,
        sdk.SetupIntentCreateParams,
        f"{_EDITABLE} automatic_payment_methods allowed_payment_method_types confirm "
        "excluded_payment_method_types mandate_data return_url usage",
    ),
    route("GET", _ALL, every, sdk.SetupIntentListParams, f"{PAGING} created customer payment_method"),
    route("GET", _ONE, retrieve, sdk.SetupIntentRetrieveParams),
    route("POST", _ONE, update, sdk.SetupIntentUpdateParams, _EDITABLE),
    route("POST", f"{_ONE}/confirm", confirm, sdk.SetupIntentConfirmParams, f"{_METHOD} mandate_data return_url"),
    route("POST", f"{_ONE}/cancel", cancel, sdk.SetupIntentCancelParams, "cancellation_reason"),
)
