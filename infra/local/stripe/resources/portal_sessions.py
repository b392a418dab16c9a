"""Portal sessions: a short-lived page on which one customer sees invoices and looks after the saved methods."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from stripe.params import billing_portal as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.outbox import Listener
from infra.local.stripe.params import not_simulated, only, url
from infra.local.stripe.resources import customers, portal_configurations
from infra.local.stripe.values import Json


def create(call: Call) -> Json:
    """A new session; its `url` is for this customer only, and for a short time."""
    customer = call.referred("customer", "customer")
    if customer is None:
        raise InvalidRequest("Missing required param: customer.", code="parameter_missing", param="customer")
    configuration = _configuration(call)
    flow = _flow(call.params["flow_data"], configuration) if "flow_data" in call.params else None
    session = call.begin("billing_portal.session", "bps") | {
        "after_expiration": None,
        "configuration": configuration["id"],
        "customer": customer["id"],
        "customer_account": None,
        "flow": flow,
        "locale": call.params.get("locale"),
        "on_behalf_of": None,
        "return_url": url(call.params, "return_url") or configuration["default_return_url"],
        "_setup_intent": None,
        "_used_at": None,
    }
    session["url"] = f"{call.base_url}/_hosted/portal/{session['id']}"
    call.store.add(session)
    call.emit("billing_portal.session.created", session)
    return session


def make_default(call: Call, customer: str, method: str) -> None:
    """Let this method pay the customer's invoices from now on; an empty one leaves no default."""
    settings = {"invoice_settings": {"default_payment_method": method}}
    customers.update(replace(call, params=settings), customer)


def _follow(call: Call, intent: Json) -> None:
    if "_portal" in intent:
        make_default(call, intent["customer"], intent["payment_method"])


def _configuration(call: Call) -> Json:
    named = call.referred("billing_portal.configuration", "configuration")
    configuration = named or portal_configurations.default(call)
    if not configuration["active"]:
        raise InvalidRequest("This configuration is not active.", param="configuration")
    return configuration


def _flow(given: Json, configuration: Json) -> Json:
    if given["type"] != "payment_method_update":
        raise not_simulated(f"flow_data[type]={given['type']}")
    if not configuration["features"]["payment_method_update"]["enabled"]:
        raise InvalidRequest("The configuration does not let customers change their methods.", param="flow_data")
    after = only(given, "type after_completion", "flow_data").get("after_completion", {"type": "portal_homepage"})
    redirect = after.get("redirect")
    if redirect:
        url(redirect, "return_url")
    if after["type"] == "redirect" and not redirect:
        raise InvalidRequest("Missing required param: return_url.", code="parameter_missing", param="flow_data")
    words = after.get("hosted_confirmation", {}).get("custom_message")
    confirmation = {"custom_message": words} if after["type"] == "hosted_confirmation" else None
    others = ("customer_update", "subscription_cancel", "subscription_pause", "subscription_update")
    return dict.fromkeys((*others, "subscription_update_confirm")) | {
        "after_completion": {"hosted_confirmation": confirmation, "redirect": redirect, "type": after["type"]},
        "type": "payment_method_update",
    }


LISTENERS: Mapping[str, Sequence[Listener]] = {"setup_intent.succeeded": (_follow,)}

_FIELDS = "configuration customer flow_data locale return_url"
ROUTES = (route("POST", "/v1/billing_portal/sessions", create, sdk.SessionCreateParams, _FIELDS),)
