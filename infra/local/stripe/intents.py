"""What payment intents and setup intents have in common: their states, who may use which method, how they end."""

from collections.abc import Collection
from dataclasses import replace

from infra.local.stripe.accounts import CURRENCY_BY_TYPE
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import only
from infra.local.stripe.resources import payment_methods
from infra.local.stripe.values import Json, public

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
TYPES = ("card", *CURRENCY_BY_TYPE)
_LISTS = ("allowed_payment_method_types", "excluded_payment_method_types")
_CARD_OPTIONS: Json = {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
_DEBIT_OPTIONS: Json = {"mandate_options": {}}


def method_for(call: Call, customer: str | None, types: Collection[str]) -> Json | None:
    """The method that the request names or describes; None without one.

    InvalidRequest when it is not of these types, or may not be used with this customer.
    """
    if "payment_method_data" in call.params:
        described = only(call.params["payment_method_data"], payment_methods.DESCRIBED_BY, "payment_method_data")
        method = payment_methods.create(replace(call, params=described))
    elif call.params.get("payment_method"):
        method = payment_methods.usable(call, "payment_method")
    else:
        return None
    _must_be_taken(method, types)
    if method["customer"] is None or method["customer"] == customer:
        return method
    if customer:
        return payment_methods.of_customer(call, customer, method["id"])
    raise InvalidRequest(
        f"The PaymentMethod provided ({method['id']}) belongs to a customer. Please include the customer "
        "in the `customer` parameter.",
        param="payment_method",
    )


def _must_be_taken(method: Json, types: Collection[str]) -> None:
    if method["type"] not in types:
        raise InvalidRequest(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this intent. Please attach a "
            f"PaymentMethod with one of the following types: {', '.join(types)}.",
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


def must_not_be_checkouts(intent: Json) -> None:
    """InvalidRequest for the intent of a checkout session: the session's page confirms it, its expiry cancels it."""
    if intent.get("_checkout"):
        name = "PaymentIntents" if intent["object"] == "payment_intent" else "SetupIntents"
        raise InvalidRequest(f"You cannot perform this action on {name} created by Checkout.")


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
    leads_away = intent["automatic_payment_methods"]["allow_redirects"] == "always"
    if leads_away and not intent["allowed_payment_method_types"] and not intent["_return_url"]:
        raise InvalidRequest(
            "This intent is configured to accept payment methods enabled in your Dashboard. Because some "
            "of these payment methods might redirect your customer off of your page, you must provide a "
            "`return_url`. If you don't want to accept redirect-based payment methods, set "
            "`automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to `never`.",
            param="return_url",
        )


def methods_taken(call: Call, currency: str | None = None, former: Json | None = None) -> Json:
    """Which methods the intent takes: those the request (or the former intent) allows and that fit the currency."""
    former = former or {"automatic_payment_methods": None, **dict.fromkeys(_LISTS), "capture_method": None}
    lists = {name: call.params.get(name, former[name]) or None for name in _LISTS}
    by_hand = call.params.get("capture_method", former["capture_method"]) == "manual"
    types = _types(lists[_LISTS[0]], lists[_LISTS[1]], currency, only_cards=by_hand)
    return {
        **lists,
        "automatic_payment_methods": former["automatic_payment_methods"] or _automatic(call),
        "payment_method_options": {name: _CARD_OPTIONS if name == "card" else _DEBIT_OPTIONS for name in types},
        "payment_method_types": types,
    }


def _types(
    allowed: Collection[str] | None, excluded: Collection[str] | None, currency: str | None, *, only_cards: bool
) -> list[str]:
    for name in allowed or ():
        if name not in TYPES:
            raise InvalidRequest(
                f"The local Stripe simulates no payment method of type {name}.",
                code="parameter_not_simulated",
                param=_LISTS[0],
            )
    types = [name for name in TYPES if name in (allowed or TYPES) and name not in (excluded or ())]
    types = [name for name in types if currency in (None, CURRENCY_BY_TYPE.get(name, currency))]
    types = [name for name in types if name == "card" or not only_cards]
    if not types:
        raise InvalidRequest("No payment method type that is allowed can be used for this.", param=_LISTS[0])
    return types


def acceptance(call: Call) -> Json | None:
    """The customer's yes to a debit's mandate that comes with a confirmation; None when the request has none."""
    given: Json | None = (call.params.get("mandate_data") or {}).get("customer_acceptance")
    if given and given["type"] == "online" and "online" not in given:
        param = "mandate_data[customer_acceptance][online]"
        raise InvalidRequest(f"Missing required param: {param}.", code="parameter_missing", param=param)
    return given


def must_confirm(call: Call, *params: str) -> None:
    """InvalidRequest when one of these parameters is given to an operation that does not confirm."""
    for name in params:
        if name in call.params and not call.params.get("confirm"):
            raise InvalidRequest(f"You may only specify `{name}` when `confirm` is true.", param=name)


def _automatic(call: Call) -> Json:
    given = call.params.get("automatic_payment_methods", {})
    if given.get("enabled") is False:
        raise InvalidRequest(
            "The local Stripe simulates automatic payment methods only.",
            code="parameter_not_simulated",
            param="automatic_payment_methods[enabled]",
        )
    return {"allow_redirects": given.get("allow_redirects", "always"), "enabled": True}


def canceled(call: Call, intent: Json) -> Json:
    """End an intent that has taken nothing and tell of it."""
    must_be(intent, "cancel", (*OPEN, "requires_capture"))
    ended = intent | {
        "cancellation_reason": call.params.get("cancellation_reason"),
        "next_action": None,
        "status": "canceled",
    }
    if intent["object"] == "payment_intent":
        ended |= {"amount_capturable": 0, "canceled_at": call.now()}
    call.store.save(ended)
    call.emit(f"{intent['object']}.canceled", ended)
    return ended
