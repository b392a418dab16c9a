"""Where the customer's bank asks whether it is really the customer, and what follows from the answer."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.wrappers import Request, Response

from infra.local.stripe import attempts, outcomes
from infra.local.stripe.call import Call
from infra.local.stripe.errors import DOCS, CardError, InvalidRequest
from infra.local.stripe.hosted.html import go_to, message, page
from infra.local.stripe.values import Json

_PREFIXES = {"pi": "payment_intent", "seti": "setup_intent"}


def ask(call: Call, request: Request, intent_id: str) -> Response:
    """The bank's question. InvalidRequest when there is nothing to ask any more."""
    _waiting(call, request, intent_id)
    return page("authenticate", title="Confirm it is you")


def answered(call: Call, request: Request, intent_id: str) -> Response:
    """Carry on with the customer's answer and go back to the shop."""
    return _back(_ended(call, _waiting(call, request, intent_id), request.form.get("result", "")))


def _waiting(call: Call, request: Request, intent_id: str) -> Json:
    kind = _PREFIXES.get(intent_id.partition("_")[0], "payment_intent")
    intent = call.named(kind, intent_id, "intent")
    if request.args.get("client_secret") != intent["client_secret"] or intent["status"] != "requires_action":
        raise InvalidRequest("This page is no longer valid.")
    return intent


def _ended(call: Call, intent: Json, result: str) -> Json:
    method = call.named("payment_method", intent["payment_method"])
    settle = attempts.settle_payment if intent["object"] == "payment_intent" else attempts.settle_setup
    if result not in ("success", "failure"):
        raise InvalidRequest("Choose success or failure.", param="result")
    if result == "failure":
        return outcomes.fail(call, intent, _not_authenticated(intent))
    try:
        return settle(call, intent, method)
    except CardError:
        return call.named(intent["object"], intent["id"])


def _not_authenticated(intent: Json) -> Json:
    code = outcomes.NOT_AUTHENTICATED[intent["object"]]
    return {
        "code": code,
        "doc_url": DOCS + code.replace("_", "-"),
        "message": "We are unable to authenticate your payment method. Please choose another one and try again.",
        "type": "invalid_request_error",
    }


def _back(intent: Json) -> Response:
    status = "succeeded" if intent["status"] == "succeeded" else "failed"
    if not intent["_return_url"]:
        return message("Thank you", f"The bank's answer: {status}. You can close this page.")
    kind, parts = intent["object"], urlsplit(intent["_return_url"])
    added = urlencode({kind: intent["id"], f"{kind}_client_secret": intent["client_secret"], "redirect_status": status})
    query = f"{parts.query}&{added}" if parts.query else added
    return go_to(urlunsplit(parts._replace(query=query)))
