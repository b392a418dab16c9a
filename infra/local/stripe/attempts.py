"""One attempt to take a payment or to save a card: approved, declined, or waiting for the customer's authentication.

Shared by the API (confirm) and by the page on which a customer authenticates.
"""

from typing import NoReturn
from urllib.parse import quote

from infra.local.stripe.call import Call
from infra.local.stripe.cards import AUTHENTICATION_NOT_HANDLED, AUTHENTICATION_REQUIRED, Decline
from infra.local.stripe.errors import DOCS, CardError
from infra.local.stripe.resources import charges
from infra.local.stripe.resources.payment_methods import card_of, save_to
from infra.local.stripe.values import Json, public

NOT_AUTHENTICATED = {
    "payment_intent": "payment_intent_authentication_failure",
    "setup_intent": "setup_intent_authentication_failure",
}
_LAST_ERROR = {"payment_intent": "last_payment_error", "setup_intent": "last_setup_error"}
_FAILED = {"payment_intent": "payment_intent.payment_failed", "setup_intent": "setup_intent.setup_failed"}


def pay(call: Call, intent: Json, method: Json, *, off_session: bool, fails_on_action: bool) -> Json:
    """Try to take the intent's amount. CardError (the attempt stays recorded) when it is declined."""
    if card_of(method).asks(off_session=off_session, set_up=method["_set_up"]):
        if off_session:
            decline(call, intent, method, AUTHENTICATION_REQUIRED, charged=True)
        if fails_on_action:
            decline(call, intent, method, AUTHENTICATION_NOT_HANDLED)
        return ask(call, intent, method)
    return settle_payment(call, intent, method)


def set_up(call: Call, intent: Json, method: Json) -> Json:
    """Try to save the card for later. CardError (the attempt stays recorded) when it is declined."""
    card = card_of(method)
    return ask(call, intent, method) if card.asks_at_setup() else settle_setup(call, intent, method)


def settle_payment(call: Call, intent: Json, method: Json) -> Json:
    """What the issuer answers once no authentication is missing."""
    refusal = card_of(method).decline
    if refusal:
        decline(call, intent, method, refusal, charged=True)
    charge = charges.record(call, intent, method, None)
    done = intent | {
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": method["id"],
        "status": "succeeded",
    }
    call.store.save(done)
    _remember(call, done, method, save=bool(intent["setup_future_usage"]))
    call.emit("payment_intent.succeeded", done)
    return done


def settle_setup(call: Call, intent: Json, method: Json) -> Json:
    """Save the card to the customer, if its issuer allows it."""
    refusal = card_of(method).refusal_at_setup()
    if refusal:
        decline(call, intent, method, refusal)
    done = intent | {
        "last_setup_error": None,
        "next_action": None,
        "payment_method": method["id"],
        "status": "succeeded",
    }
    call.store.save(done)
    _remember(call, done, method, save=True)
    call.emit("setup_intent.succeeded", done)
    return done


def ask(call: Call, intent: Json, method: Json) -> Json:
    """Wait for the customer to authenticate on the page that `next_action` names."""
    url = f"{call.base_url}/_hosted/authenticate/{intent['id']}?client_secret={quote(intent['client_secret'])}"
    action: Json = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url}}
    if intent["_return_url"]:
        action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": intent["_return_url"], "url": url}}
    waiting = intent | {"next_action": action, "payment_method": method["id"], "status": "requires_action"}
    call.store.save(waiting)
    call.emit(f"{intent['object']}.requires_action", waiting)
    return waiting


def decline(call: Call, intent: Json, method: Json, reason: Decline, *, charged: bool = False) -> NoReturn:
    """Record the refusal on the intent, tell of it, and raise it; `charged` when the issuer was asked for money."""
    charge = charges.record(call, intent, method, reason) if charged else None
    kind = intent["object"]
    error = {
        "advice_code": reason.advice_code,
        "charge": charge["id"] if charge else None,
        "code": reason.code,
        "decline_code": reason.decline_code,
        "doc_url": DOCS + reason.code.replace("_", "-"),
        "message": reason.message,
        "param": reason.param,
        "payment_method": public(method),
        "type": "card_error",
    }
    error = {name: value for name, value in error.items() if value is not None}
    failed = fail(call, intent, error, charge)
    members = {name: value for name, value in error.items() if name not in ("type", "message", "doc_url")}
    raise CardError(reason.message, about=members | {kind: public(failed)})


def fail(call: Call, intent: Json, error: Json, charge: Json | None = None) -> Json:
    """Put the intent back to where another method can be given, with the reason."""
    failed = intent | {
        _LAST_ERROR[intent["object"]]: error,
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    if charge:
        failed["latest_charge"] = charge["id"]
    call.store.save(failed)
    call.emit(_FAILED[intent["object"]], failed)
    return failed


def _remember(call: Call, intent: Json, method: Json, *, save: bool) -> None:
    """A method used without a customer is spent; one used to be saved belongs to the customer from now on."""
    if not intent["customer"]:
        call.store.save(method | {"_spent": intent["object"] == "payment_intent"})
    elif save:
        usage = intent.get("setup_future_usage") or intent.get("usage")
        saved = save_to(call, method | {"_set_up": method["_set_up"] or usage == "off_session"}, intent["customer"])
        if not method["customer"]:
            call.emit("payment_method.attached", saved)
    elif not method["customer"]:
        call.store.save(method | {"_spent": True})
