"""What payment intents and setup intents have in common: their states, who may use which method, how they end."""

from collections.abc import Collection

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.resources import payment_methods
from infra.local.stripe.values import Json, public

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
CARD_OPTIONS: Json = {"card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}}


def method_for(call: Call, customer: str | None) -> Json | None:
    """The method that the request names, if it may be used with this customer; None when it names none."""
    if not call.params.get("payment_method"):
        return None
    method = payment_methods.usable(call, "payment_method")
    if method["customer"] is None or method["customer"] == customer:
        return method
    if customer:
        return payment_methods.of_customer(call, customer, method["id"])
    raise InvalidRequest(
        f"The PaymentMethod provided ({method['id']}) belongs to a customer. Please include the customer "
        "in the `customer` parameter.",
        param="payment_method",
    )


def customer_for(call: Call, former: str | None = None) -> str | None:
    """The id of the customer that the request names, or the former one."""
    customer = call.referred("customer", "customer")
    return customer["id"] if customer else former


def must_be(intent: Json, action: str, states: Collection[str]) -> None:
    """InvalidRequest, with the intent inside, unless its status is one of these."""
    if intent["status"] in states:
        return
    kind, name = intent["object"], "PaymentIntent" if intent["object"] == "payment_intent" else "SetupIntent"
    raise InvalidRequest(
        f"You cannot {action} this {name} because it has a status of {intent['status']}. Only a {name} "
        f"with one of the following statuses may be used for this: {', '.join(states)}.",
        code=f"{kind}_unexpected_state",
        about={kind: public(intent)},
    )


def must_have_method(intent: Json) -> None:
    """InvalidRequest, with the intent inside, when there is nothing to confirm with."""
    if intent["payment_method"] is None:
        kind = intent["object"]
        raise InvalidRequest(
            "You cannot confirm this intent because it's missing a payment method. Update the intent with "
            "a payment method and then confirm it again.",
            code=f"{kind}_unexpected_state",
            about={kind: public(intent)},
        )


def must_be_able_to_return(intent: Json) -> None:
    """InvalidRequest when a method that leads away could be used and the request says no way back."""
    methods = intent["automatic_payment_methods"] or {}
    if methods.get("allow_redirects") == "always" and not intent["_return_url"]:
        raise InvalidRequest(
            "This intent is configured to accept payment methods enabled in your Dashboard. Because some "
            "of these payment methods might redirect your customer off of your page, you must provide a "
            "`return_url`. If you don't want to accept redirect-based payment methods, set "
            "`automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to `never`.",
            param="return_url",
        )


def automatic_methods(call: Call) -> Json:
    """Which methods the intent takes; every method of the dashboard unless the request says otherwise."""
    given = call.params.get("automatic_payment_methods", {})
    if given.get("enabled") is False:
        raise InvalidRequest(
            "The local Stripe simulates automatic payment methods only.",
            code="parameter_not_simulated",
            param="automatic_payment_methods[enabled]",
        )
    return {"allow_redirects": given.get("allow_redirects", "always"), "enabled": True}


def canceled(call: Call, intent: Json) -> Json:
    """End an open intent and tell of it."""
    must_be(intent, "cancel", OPEN)
    ended = intent | {
        "cancellation_reason": call.params.get("cancellation_reason"),
        "next_action": None,
        "status": "canceled",
    }
    if intent["object"] == "payment_intent":
        ended["canceled_at"] = call.now()
    call.store.save(ended)
    call.emit(f"{intent['object']}.canceled", ended)
    return ended
