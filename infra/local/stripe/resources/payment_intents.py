"""Payment intents: the wish to take an amount, from its creation to the money or its end."""

from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe import attempts, currencies, intents, outcomes
from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.resources import charges
from infra.local.stripe.values import Json

_UNSET = (
    "canceled_at",
    "cancellation_reason",
    "last_payment_error",
    "latest_charge",
    "next_action",
    "processing",
    "shipping",
)
_TEXTS = ("description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix")


def create(call: Call) -> Json:
    """A new intent; with `confirm` the first attempt is made at once and CardError says that it was declined."""
    intents.must_confirm(call, "off_session", "mandate_data")
    currency = currencies.known(call.params["currency"])
    currencies.check_amount(call.params["amount"], currency)
    customer = intents.customer_for(call)
    taken = intents.methods_taken(call, currency)
    method = intents.method_for(call, customer, taken["payment_method_types"])
    intent = _body(call) | {
        **taken,
        "currency": currency,
        "customer": customer,
        "payment_method": method["id"] if method else None,
        "status": "requires_confirmation" if method else "requires_payment_method",
    }
    if call.params.get("confirm"):
        intents.must_have_method(intent)
        intents.must_be_able_to_return(intent)
    call.store.add(intent)
    call.emit("payment_intent.created", intent)
    return _attempt(call, intent) if call.params.get("confirm") else intent


def update(call: Call, intent: str) -> Json:
    """Change an open intent."""
    before = call.named("payment_intent", intent, "intent")
    intents.must_be(before, "update", intents.OPEN)
    if call.params.keys() & _OF_THE_PAYMENT:
        intents.must_not_be_checkouts(before)
    after = before | {name: call.text(name, before[name]) for name in _TEXTS}
    after["amount"] = call.params.get("amount", before["amount"])
    after["currency"] = currencies.known(call.params["currency"]) if "currency" in call.params else before["currency"]
    currencies.check_amount(after["amount"], after["currency"])
    if after["amount"] != before["amount"] or after["currency"] != before["currency"]:
        _must_be_free(before, "change the amount of")
    after["customer"] = intents.customer_for(call, before["customer"])
    after["metadata"] = call.metadata(before["metadata"])
    after["setup_future_usage"] = call.text("setup_future_usage", before["setup_future_usage"])
    after |= intents.methods_taken(call, after["currency"], before)
    method = intents.method_for(call, after["customer"], after["payment_method_types"])
    if method:
        after |= {"payment_method": method["id"], "status": "requires_confirmation", "next_action": None}
    return call.store.save(after)


def confirm(call: Call, intent: str) -> Json:
    """Confirm what a caller may confirm: see `confirmed`."""
    body = call.named("payment_intent", intent, "intent")
    intents.must_not_be_checkouts(body)
    return confirmed(call, body)


def confirmed(call: Call, body: Json) -> Json:
    """Make an attempt. CardError when it was declined; the intent can be confirmed again with another method."""
    intents.must_be(body, "confirm", intents.OPEN)
    method = intents.method_for(call, body["customer"], body["payment_method_types"])
    body |= {
        "payment_method": method["id"] if method else body["payment_method"],
        "receipt_email": call.text("receipt_email", body["receipt_email"]),
        "setup_future_usage": call.text("setup_future_usage", body["setup_future_usage"]),
        "_return_url": call.params.get("return_url", body["_return_url"]),
    }
    intents.must_have_method(body)
    intents.must_be_able_to_return(body)
    return _attempt(call, body)


def capture(call: Call, intent: str) -> Json:
    """Take all or part of what the intent holds; the rest is let go."""
    body = call.named("payment_intent", intent, "intent")
    intents.must_be(body, "capture", ("requires_capture",))
    held: int = body["amount_capturable"]
    amount: int = call.params.get("amount_to_capture", held)
    if not 0 < amount <= held:
        raise InvalidRequest(
            f"The amount to capture must be from 1 to {held}.",
            code="amount_too_large" if amount > 0 else "parameter_invalid_integer",
            param="amount_to_capture",
        )
    body |= {"metadata": call.metadata(body["metadata"])}
    return outcomes.paid(call, body, charges.captured(call, call.named("charge", body["latest_charge"]), amount))


def cancel(call: Call, intent: str) -> Json:
    """End an intent that has not taken money; what it holds is let go."""
    body = call.named("payment_intent", intent, "intent")
    _must_be_free(body, "cancel")
    intents.must_not_be_checkouts(body)
    return _canceled(call, body, expired=False)


def expire(call: Call, intent: str) -> None:
    """What was held for a week is let go by the network."""
    body = call.named("payment_intent", intent)
    if body["status"] == "requires_capture":
        _canceled(replace(call, params={"cancellation_reason": "automatic"}), body, expired=True)


def retrieve(call: Call, intent: str) -> Json:
    """The intent."""
    return call.named("payment_intent", intent, "intent")


def every(call: Call) -> Json:
    """Intents, newest first."""
    return page(call, "payment_intent", "customer")


def _must_be_free(intent: Json, action: str) -> None:
    if intent.get("_invoice"):
        raise InvalidRequest(f"You cannot {action} a PaymentIntent created by an invoice. Void the invoice instead.")


def _canceled(call: Call, intent: Json, *, expired: bool) -> Json:
    if intent["status"] == "requires_capture":
        charges.let_go(call, call.named("charge", intent["latest_charge"]), expired=expired)
    return intents.canceled(call, intent)


def _attempt(call: Call, intent: Json) -> Json:
    method = call.named("payment_method", intent["payment_method"])
    return attempts.pay(
        call,
        intent,
        method,
        off_session=call.params.get("off_session", False) is not False,
        fails_on_action=call.params.get("error_on_requires_action", False),
        acceptance=intents.acceptance(call),
    )


def _body(call: Call) -> Json:
    begun = call.begin("payment_intent", "pi")
    texts = {name: call.text(name) for name in (*_TEXTS, "setup_future_usage")}
    return {
        **begun,
        **dict.fromkeys(_UNSET),
        **texts,
        "amount": call.params["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": call.params.get("capture_method", "automatic_async"),
        "client_secret": call.new_id(f"{begun['id']}_secret", 25),
        "confirmation_method": "automatic",
        "metadata": call.metadata({}),
        "_return_url": call.params.get("return_url"),
    }


_ALL = "/v1/payment_intents"
_ONE = f"{_ALL}/<intent>"
_METHOD = "payment_method payment_method_data"
_TAKEN = "automatic_payment_methods capture_method confirm"
_ATTEMPT = "error_on_requires_action mandate_data off_session return_url"
_TYPES = "allowed_payment_method_types excluded_payment_method_types"
_OF_THE_PAYMENT = frozenset(f"{_TYPES} {_METHOD} amount currency customer setup_future_usage".split())
_EDITABLE = f"{' '.join((*_TEXTS, *_OF_THE_PAYMENT))} metadata"
ROUTES = (
    route("POST", _ALL, create, sdk.PaymentIntentCreateParams, f"{_EDITABLE} {_ATTEMPT} {_TAKEN}"),
    route("GET", _ALL, every, sdk.PaymentIntentListParams, f"{PAGING} created customer"),
    route("GET", _ONE, retrieve, sdk.PaymentIntentRetrieveParams),
    route("POST", _ONE, update, sdk.PaymentIntentUpdateParams, _EDITABLE),
    route(
        "POST",
        f"{_ONE}/confirm",
        confirm,
        sdk.PaymentIntentConfirmParams,
        f"{_ATTEMPT} {_METHOD} receipt_email setup_future_usage",
    ),
    route("POST", f"{_ONE}/capture", capture, sdk.PaymentIntentCaptureParams, "amount_to_capture metadata"),
    route("POST", f"{_ONE}/cancel", cancel, sdk.PaymentIntentCancelParams, "cancellation_reason"),
)
JOBS = {outcomes.EXPIRY_JOB: expire}
