"""The page of a checkout session: what is sold, the ways to pay, and what became of the last attempt.

A form sent twice pays once: the second finds the session complete, in a transaction after the first.
"""

import re

from werkzeug.wrappers import Request, Response

from infra.local.stripe import checkout
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.hosted import choices
from infra.local.stripe.hosted.html import MERCHANT, go_to, message, money, page
from infra.local.stripe.resources import line_items, payment_links
from infra.local.stripe.values import Json

_TITLES = {"payment": "Pay", "setup": "Save a way to pay", "subscription": "Subscribe"}
_VERBS = {"book": "Book", "donate": "Donate"}


def show(call: Call, request: Request, session_id: str) -> Response:
    """The page; a customer who comes back from the bank goes on to the shop."""
    session = call.named("checkout.session", session_id)
    if session["status"] == "complete":
        return _done(session) if "redirect_status" in request.args else _already_done(session)
    if session["status"] == "expired" or not payment_links.takes(call, session):
        return _closed(session)
    intent = checkout.intent_of(call, session) or {}
    problem = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
    return _form(call, session, problem.get("message"))


def pay(call: Call, request: Request, session_id: str) -> Response:
    """Make an attempt with what the form says, and go where it leads: the shop, the bank, or this page again."""
    session = call.named("checkout.session", session_id)
    if session["status"] == "complete":
        return _done(session)
    if session["status"] == "expired" or not payment_links.takes(call, session):
        return _closed(session)
    try:
        attempt = _attempt(call, request, session)
    except InvalidRequest as problem:
        return _form(call, session, str(problem), status=400)
    after = checkout.attempted(call, session, attempt)
    if after["status"] == "complete":
        return _done(after)
    intent = checkout.intent_of(call, after) or {}
    waiting = intent.get("status") == "requires_action"
    return go_to(intent["next_action"]["redirect_to_url"]["url"] if waiting else session["url"])


def _attempt(call: Call, request: Request, session: Json) -> checkout.Attempt:
    email = request.form.get("email", "").strip() or None
    if _asks_for_email(call, session) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email or ""):
        raise InvalidRequest("Enter your e-mail address, such as name@example.com.", param="email")
    if not _needs_method(session):
        return checkout.Attempt("", email)
    choice = choices.chosen(_choices(call, session), request.form.get("payment_method", ""))
    save = _can_save(session) and "save" in request.form
    return checkout.Attempt(choice.method, email, save, choices.acceptance(choice, request))


def _form(call: Call, session: Json, problem: str | None, *, status: int = 200) -> Response:
    return page(
        "checkout",
        status=status,
        title=_TITLES[session["mode"]],
        merchant=(session["branding_settings"] or {}).get("display_name") or MERCHANT,
        session=session,
        items=line_items.of(call, session["id"]),
        choices=_choices(call, session) if _needs_method(session) else [],
        asks_for_email=_asks_for_email(call, session),
        can_save=_can_save(session),
        problem=problem,
        button=_button(session),
    )


def _choices(call: Call, session: Json) -> list[choices.Choice]:
    types, shown = session["payment_method_types"], (session["saved_payment_method_options"] or {})
    kept = choices.saved(call, session["customer"], types, shown.get("allow_redisplay_filters", ()))
    return kept + choices.new(types)


def _needs_method(session: Json) -> bool:
    return bool(session["mode"] != "payment" or session["amount_total"])


def _asks_for_email(call: Call, session: Json) -> bool:
    customer = call.named("customer", session["customer"]) if session["customer"] else {}
    return not customer.get("email") and not session["customer_email"]


def _can_save(session: Json) -> bool:
    offered = (session["saved_payment_method_options"] or {}).get("payment_method_save") == "enabled"
    return offered and session["mode"] == "payment" and bool(session["customer"])


def _button(session: Json) -> str:
    if session["mode"] == "setup":
        return "Save"
    if session["mode"] == "subscription":
        return f"Subscribe: {money(session['amount_total'], session['currency'])} now"
    return f"{_VERBS.get(session['submit_type'], 'Pay')} {money(session['amount_total'], session['currency'])}"


def _done(session: Json) -> Response:
    return go_to(_success_url(session)) if session["success_url"] else _already_done(session)


def _already_done(session: Json) -> Response:
    link = ("Back to the shop", _success_url(session)) if session["success_url"] else None
    text = session["_thanks"] or "There is nothing more to do on this page."
    return message("Thank you", text, link=link)


def _closed(session: Json) -> Response:
    link = ("Back to the shop", session["cancel_url"]) if session["cancel_url"] else None
    return message("This page has expired", "Nothing can be paid on it any more.", status=410, link=link)


def _success_url(session: Json) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
