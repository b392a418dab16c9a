"""The customer portal: invoices, the saved methods and which of them is the default, and the way back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from werkzeug.wrappers import Request, Response

from infra.local.stripe.call import Call
from infra.local.stripe.errors import CardError, InvalidRequest
from infra.local.stripe.hosted import choices
from infra.local.stripe.hosted.html import go_to, message, page
from infra.local.stripe.intents import TYPES
from infra.local.stripe.resources import payment_methods, portal_sessions, setup_intents
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_UNUSED_SECONDS, _IDLE_SECONDS = 300, 3600


def show(call: Call, _: Request, session_id: str) -> Response:
    """What the customer may see and do."""
    session = call.named("billing_portal.session", session_id)
    if _is_over(call, session):
        return _closed(session)
    session = call.store.save(session | {"_used_at": call.now()})
    intent = call.named("setup_intent", session["_setup_intent"]) if session["_setup_intent"] else {}
    flow = session["flow"]
    if flow and intent.get("status") == "succeeded":
        if flow["after_completion"]["type"] != "portal_homepage":
            return _after_flow(session)
        flow = None
    return _page(call, session, (intent.get("last_setup_error") or {}).get("message"), whole=not flow)


def change(call: Call, request: Request, session_id: str) -> Response:
    """Carry out one of the page's forms and show the page again, or the bank's question."""
    session = call.named("billing_portal.session", session_id)
    if _is_over(call, session):
        return _closed(session)
    if not _features(call, session)["payment_method_update"]["enabled"]:
        raise InvalidRequest("Saved methods cannot be changed here.")
    actions: dict[str, Callable[[Call, Json, Request], Response]] = {
        "add": _add,
        "default": _default,
        "remove": _remove,
    }
    action = actions.get(request.form.get("action", ""))
    if action is None:
        raise InvalidRequest("Choose what to do.", param="action")
    return action(call, session, request)


def _add(call: Call, session: Json, request: Request) -> Response:
    choice = choices.chosen(choices.new(TYPES), _named(request))
    customer = call.named("customer", session["customer"])
    holder = {"email": customer["email"] or "holder@example.com", "name": customer["name"] or "Account Holder"}
    details = {"allow_redisplay": "always", "billing_details": holder}
    method = payment_methods.create(replace(call, params=choice.parameters() | details))
    wish = replace(call, params={"customer": session["customer"], "usage": "off_session"})
    intent = setup_intents.create(wish)
    call.store.save(intent | {"_portal": session["id"]})
    call.store.save(session | {"_setup_intent": intent["id"], "_used_at": call.now()})
    given: Json = {"payment_method": method["id"], "return_url": session["url"]}
    accepted = choices.acceptance(choice, request)
    if accepted:
        given["mandate_data"] = {"customer_acceptance": accepted}
    with suppress(CardError):  # the page reads the reason from the intent
        setup_intents.confirm(replace(call, params=given), intent["id"])
    after = call.named("setup_intent", intent["id"])
    waiting = after["status"] == "requires_action"
    return go_to(after["next_action"]["redirect_to_url"]["url"] if waiting else session["url"])


def _default(call: Call, session: Json, request: Request) -> Response:
    portal_sessions.make_default(call, session["customer"], _named(request))
    return go_to(session["url"])


def _remove(call: Call, session: Json, request: Request) -> Response:
    method_id = _named(request)
    payment_methods.release(call, payment_methods.of_customer(call, session["customer"], method_id))
    if _default_of(call, session) == method_id:
        portal_sessions.make_default(call, session["customer"], "")
    return go_to(session["url"])


def _named(request: Request) -> str:
    return request.form.get("payment_method", "")


def _default_of(call: Call, session: Json) -> str | None:
    settings: Json = call.named("customer", session["customer"])["invoice_settings"]
    default: str | None = settings["default_payment_method"]
    return default


def _features(call: Call, session: Json) -> Json:
    features: Json = call.named("billing_portal.configuration", session["configuration"])["features"]
    return features


def _page(call: Call, session: Json, problem: str | None, *, whole: bool) -> Response:
    mine, features = {"customer": session["customer"]}, _features(call, session)
    found = call.store.find(Query("payment_method", mine)) if features["payment_method_update"]["enabled"] else []
    invoices = call.store.find(Query("invoice", mine)) if whole and features["invoice_history"]["enabled"] else []
    return page(
        "portal",
        title="Your billing" if whole else "Change how you pay",
        session=session,
        methods=[(method["id"], choices.name_of(method)) for method in found],
        default=_default_of(call, session),
        can_change=features["payment_method_update"]["enabled"],
        choices=choices.new(TYPES),
        invoices=[invoice for invoice in invoices if invoice["status"] != "draft"],
        problem=problem,
    )


def _after_flow(session: Json) -> Response:
    after: Json = session["flow"]["after_completion"]
    if after["redirect"]:
        return go_to(after["redirect"]["return_url"])
    words = (after["hosted_confirmation"] or {}).get("custom_message") or "Your way to pay was changed."
    link = ("Back", session["return_url"]) if session["return_url"] else None
    return message("Thank you", words, link=link)


def _is_over(call: Call, session: Json) -> bool:
    used_at = session["_used_at"]
    since, patience = (session["created"], _UNUSED_SECONDS) if used_at is None else (used_at, _IDLE_SECONDS)
    return bool(call.now() - since > patience)


def _closed(session: Json) -> Response:
    link = ("Back", session["return_url"]) if session["return_url"] else None
    return message("This page has expired", "Ask for a new one.", status=410, link=link)
