"""How a checkout session goes on: an attempt to pay on its page, what the intent then says of it, and its end.

The intents know nothing of sessions: a session's intent carries the session's id, and this module listens to the
intents' events. So a session is complete in the very transaction in which its intent is, on whichever page or day.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from infra.local.stripe import checkout_subscriptions, intents
from infra.local.stripe.call import Call
from infra.local.stripe.errors import CardError
from infra.local.stripe.outbox import Listener
from infra.local.stripe.resources import customers, payment_intents, payment_methods, setup_intents
from infra.local.stripe.scheduler import Job
from infra.local.stripe.values import Json

_KINDS = {"pi": "payment_intent", "seti": "setup_intent"}
_DETAILS = ("address", "business_name", "email", "individual_name", "name", "phone")


@dataclass(frozen=True)
class Attempt:
    """What the customer chose on the page: the parameters of a new method or the id of a saved one, and who pays.

    `acceptance` is the yes to a debit's mandate.
    """

    method: Json | str
    email: str | None
    save: bool = False
    acceptance: Json | None = None


def attempted(call: Call, session: Json, attempt: Attempt) -> Json:
    """Try to pay, or to save the method, with this choice; the session as it stands then.

    A declined attempt leaves the session open, and the reason on its intent.
    """
    session = _with_customer(call, session | {"_email": attempt.email})
    if session["mode"] == "payment" and session["amount_total"] == 0:
        return _completed(call, session, "no_payment_required")
    intent = _intent(call, session)
    pays = intent["object"] == "payment_intent"
    given: Json = {"payment_method": _method(call, session, attempt), "return_url": session["url"]}
    if attempt.acceptance:
        given["mandate_data"] = {"customer_acceptance": attempt.acceptance}
    if pays and (attempt.save or session["mode"] == "subscription"):
        given["setup_future_usage"] = "on_session" if session["mode"] == "payment" else "off_session"
    confirmed = payment_intents.confirmed if pays else setup_intents.confirmed
    with suppress(CardError):  # the page reads the reason from the intent
        confirmed(replace(call, params=given), intent)
    return call.named("checkout.session", session["id"])


def intent_of(call: Call, session: Json) -> Json | None:
    """The intent behind the session; None before the first attempt to pay."""
    intent_id = session["_intent"]
    return call.named(_KINDS[intent_id.partition("_")[0]], intent_id) if intent_id else None


def setup_intent(call: Call, session: Json) -> Json:
    """A setup intent for the session, kept; the session does not know it yet."""
    data = session["_data"] if session["mode"] == "setup" else {}
    given = data | {"allowed_payment_method_types": session["payment_method_types"], "usage": "off_session"}
    if session["customer"]:
        given["customer"] = session["customer"]
    return call.store.save(setup_intents.create(replace(call, params=given)) | {"_checkout": session["id"]})


def details(known: Json, email: str | None) -> Json:
    """The `customer_details` of a session, from a customer or from billing details."""
    told = {name: known.get(name) for name in _DETAILS} | {"email": email}
    return told | {"tax_exempt": known.get("tax_exempt", "none"), "tax_ids": None}


def expired(call: Call, session: Json) -> Json:
    """Close an open session, and with it its intent and what waited to be paid."""
    checkout_subscriptions.given_up(call, session)
    intent = intent_of(call, session)
    if intent and intent["status"] in intents.OPEN:
        reason = {"cancellation_reason": "expired"} if intent["object"] == "payment_intent" else {}
        intents.canceled(replace(call, params=reason), intent)
    ended = call.store.save(session | {"status": "expired", "url": None})
    call.emit("checkout.session.expired", ended)
    return ended


def _expire(call: Call, session_id: str) -> None:
    session = call.named("checkout.session", session_id)
    if session["status"] == "open":
        expired(call, session)


def _follow(call: Call, intent: Json) -> None:
    if "_checkout" not in intent:
        return
    session = call.named("checkout.session", intent["_checkout"])
    paid, pays = intent["status"] == "succeeded", intent["object"] == "payment_intent"
    if session["status"] == "open" and (paid or intent["status"] == "processing"):
        if session["mode"] == "subscription":
            session |= _subscribed(call, session, intent)
        _completed(call, session, "no_payment_required" if not pays else "paid" if paid else "unpaid")
    elif session["status"] == "complete" and pays and session["payment_status"] == "unpaid":
        later = call.store.save(session | {"payment_status": "paid" if paid else "unpaid"})
        call.emit(f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", later)


def _subscribed(call: Call, session: Json, intent: Json) -> Json:
    """What the session says of its subscription, which begins now if it did not wait for a payment."""
    begun_before = session["_subscription"] and call.named("subscription", session["_subscription"])
    subscription = begun_before or checkout_subscriptions.begun(call, session, intent["payment_method"])
    return {"invoice": subscription["latest_invoice"], "subscription": subscription["id"]}


def _completed(call: Call, session: Json, payment_status: str) -> Json:
    customer = call.named("customer", session["customer"]) if session["customer"] else {}
    email = session.get("_email") or customer.get("email") or session["customer_email"]
    done = session | {
        "customer_details": details(customer, email),
        "payment_status": payment_status,
        "status": "complete",
        "url": None,
    }
    call.store.save(done)
    call.emit("checkout.session.completed", done)
    return done


def _with_customer(call: Call, session: Json) -> Json:
    """The session with the customer it must have: one is made when the method is to be kept, or on demand."""
    wanted = session["customer_creation"] == "always" or session["_data"].get("setup_future_usage")
    if wanted and not session["customer"]:
        email = session["_email"] or session["customer_email"]
        customer = customers.create(replace(call, params={"email": email} if email else {}))
        session = session | {"customer": customer["id"]}
    return call.store.save(session)


def _intent(call: Call, session: Json) -> Json:
    """The intent to attempt with: the one there is, with the customer it may not know yet, or a new one."""
    known = intent_of(call, session)
    if known and known["status"] != "canceled":
        return call.store.save(known | {"customer": session["customer"]})
    if session["mode"] == "subscription" and session["amount_total"]:
        subscription = checkout_subscriptions.begun(call, session)
        intent = checkout_subscriptions.first_intent(call, subscription)
        session |= {"_subscription": subscription["id"]}
    elif session["mode"] == "payment":
        intent = _payment_intent(call, session)
        session |= {"payment_intent": intent["id"]}
    else:
        intent = setup_intent(call, session)
    call.store.save(session | {"_intent": intent["id"]})
    return call.store.save(intent | {"_checkout": session["id"]})


def _payment_intent(call: Call, session: Json) -> Json:
    given = session["_data"] | {
        "allowed_payment_method_types": session["payment_method_types"],
        "amount": session["amount_total"],
        "currency": session["currency"],
    }
    if session["customer"]:
        given["customer"] = session["customer"]
    return payment_intents.create(replace(call, params=given))


def _method(call: Call, session: Json, attempt: Attempt) -> str:
    if isinstance(attempt.method, str):
        return attempt.method
    customer = call.named("customer", session["customer"]) if session["customer"] else {}
    email = attempt.email or customer.get("email") or session["customer_email"]
    holder = {"email": email, "name": customer.get("name") or (attempt.acceptance and "Account Holder")}
    given = {
        **attempt.method,
        "allow_redisplay": "always" if attempt.save else "limited",
        "billing_details": {name: value for name, value in holder.items() if value},
    }
    return str(payment_methods.create(replace(call, params=given))["id"])


JOBS: Mapping[str, Job] = {"checkout.expire": _expire}
LISTENERS: Mapping[str, Sequence[Listener]] = {
    "payment_intent.payment_failed": (_follow,),
    "payment_intent.processing": (_follow,),
    "payment_intent.succeeded": (_follow,),
    "setup_intent.succeeded": (_follow,),
}
