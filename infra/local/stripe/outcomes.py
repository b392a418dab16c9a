"""How an attempt ends: the customer is asked, the bank refuses, the money is there, the method is saved.

Every end of an intent passes through here. Whoever made the intent hears of it by listening to the event.
"""

from typing import NoReturn
from urllib.parse import quote

from infra.local.stripe.call import Call
from infra.local.stripe.cards import Decline
from infra.local.stripe.errors import DOCS, CardError
from infra.local.stripe.resources import charges
from infra.local.stripe.resources.payment_methods import save_to
from infra.local.stripe.values import Json, public

NOT_AUTHENTICATED = {
    "payment_intent": "payment_intent_authentication_failure",
    "setup_intent": "setup_intent_authentication_failure",
}
EXPIRY_JOB, _HELD_SECONDS = "payment_intent.expire", 7 * 86400
_LAST_ERROR = {"payment_intent": "last_payment_error", "setup_intent": "last_setup_error"}
_FAILED = {"payment_intent": "payment_intent.payment_failed", "setup_intent": "setup_intent.setup_failed"}


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


def paid(call: Call, intent: Json, charge: Json) -> Json:
    """The charge brought the intent's money."""
    done = _attempted(intent, charge) | {
        "amount_capturable": 0,
        "amount_received": charge["amount_captured"],
        "status": "succeeded",
    }
    return _ended(call, "payment_intent.succeeded", done)


def held(call: Call, intent: Json, charge: Json) -> Json:
    """The charge holds the money until it is captured, for a week."""
    waiting = _attempted(intent, charge) | {"amount_capturable": charge["amount"], "status": "requires_capture"}
    call.store.save(waiting)
    call.emit("payment_intent.amount_capturable_updated", waiting)
    call.later(EXPIRY_JOB, waiting["id"], _HELD_SECONDS)
    return waiting


def under_way(call: Call, intent: Json, charge: Json) -> Json:
    """The charge will bring the money, or not, in some days."""
    waiting = _attempted(intent, charge) | {"status": "processing"}
    call.store.save(waiting)
    call.emit("payment_intent.processing", waiting)
    return waiting


def set_up(call: Call, intent: Json, method: Json, mandate: Json | None = None) -> Json:
    """The method may be used from now on."""
    done = intent | {
        "last_setup_error": None,
        "mandate": mandate["id"] if mandate else None,
        "next_action": None,
        "payment_method": method["id"],
        "status": "succeeded",
    }
    call.store.save(done)
    remember(call, done, method, save=True)
    return _ended(call, "setup_intent.succeeded", done)


def decline(call: Call, intent: Json, method: Json, reason: Decline, *, charged: bool = False) -> NoReturn:
    """Record the refusal on the intent, tell of it, and raise it; `charged` when the bank was asked for money."""
    charge = charges.declined(call, intent, method, reason) if charged else None
    error = error_of(reason, method, charge)
    failed = fail(call, intent, error, charge)
    members = {name: value for name, value in error.items() if name not in ("type", "message", "doc_url")}
    raise CardError(reason.message, about=members | {intent["object"]: public(failed)})


def error_of(reason: Decline, method: Json, charge: Json | None) -> Json:
    """A bank's refusal as the intent shows it."""
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
    return {name: value for name, value in error.items() if value is not None}


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
    return _ended(call, _FAILED[intent["object"]], failed)


def remember(call: Call, intent: Json, method: Json, *, save: bool) -> None:
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


def _attempted(intent: Json, charge: Json) -> Json:
    return intent | {
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": charge["payment_method"],
    }


def _ended(call: Call, event_type: str, intent: Json) -> Json:
    call.store.save(intent)
    call.emit(event_type, intent)
    return intent
