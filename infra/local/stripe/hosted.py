"""The pages that a customer sees: authenticating a payment or a saved card, and the receipt of a charge."""

from dataclasses import dataclass
from html import escape
from string import Template
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from infra.local.stripe import attempts
from infra.local.stripe.call import Call
from infra.local.stripe.errors import DOCS, CardError, InvalidRequest, UnknownUrl
from infra.local.stripe.outbox import Outbox
from infra.local.stripe.values import Json, NewId

_PAGE = Template("""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width"><style>body{font:1rem/1.5 system-ui;max-width:32rem;margin:4rem auto}
button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}</style></head><body><h1>$title</h1>$body</body></html>""")
_CHOICE = """<p>The bank of the test card asks whether it is really you.</p><form method="post">
<button name="result" value="success">Yes, it is me</button><button name="result" value="failure">No</button></form>"""
_PREFIXES = {"pi": "payment_intent", "seti": "setup_intent"}


@dataclass(frozen=True)
class Hosted:
    """Answers `/_hosted/...`."""

    outbox: Outbox
    new_id: NewId

    def answer(self, request: Request, request_id: str) -> Response:
        """A page, or the way back to the shop. InvalidRequest when the page has nothing to ask any more."""
        call = Call(
            self.outbox.store,
            self.outbox,
            self.outbox.clock,
            self.new_id,
            {},
            request.host_url.rstrip("/"),
            request.path,
            request_id,
        )
        page, object_id = [*request.path.split("/"), "", ""][2:4]
        if page == "receipts" and request.method == "GET":
            return _receipt(call.named("charge", object_id))
        if page != "authenticate" or request.method not in ("GET", "POST"):
            raise UnknownUrl(request.method, request.path)
        with call.store.transaction():
            intent = _waiting(call, object_id, request.args.get("client_secret", ""))
            if request.method == "GET":
                return _html("Confirm it is you", _CHOICE)
            ended = _ended(call, intent, request.form.get("result", ""))
        return _back(ended)


def _waiting(call: Call, object_id: str, client_secret: str) -> Json:
    kind = _PREFIXES.get(object_id.partition("_")[0], "payment_intent")
    intent = call.named(kind, object_id, "intent")
    if client_secret != intent["client_secret"] or intent["status"] != "requires_action":
        raise InvalidRequest("This page is no longer valid.")
    return intent


def _ended(call: Call, intent: Json, result: str) -> Json:
    method = call.named("payment_method", intent["payment_method"])
    settle = attempts.settle_payment if intent["object"] == "payment_intent" else attempts.settle_setup
    if result not in ("success", "failure"):
        raise InvalidRequest("Choose success or failure.", param="result")
    if result == "failure":
        return attempts.fail(call, intent, _not_authenticated(intent))
    try:
        return settle(call, intent, method)
    except CardError:
        return call.named(intent["object"], intent["id"])


def _not_authenticated(intent: Json) -> Json:
    code = attempts.NOT_AUTHENTICATED[intent["object"]]
    return {
        "code": code,
        "doc_url": DOCS + code.replace("_", "-"),
        "message": "We are unable to authenticate your payment method. Please choose another one and try again.",
        "type": "invalid_request_error",
    }


def _back(intent: Json) -> Response:
    status = "succeeded" if intent["status"] == "succeeded" else "failed"
    if not intent["_return_url"]:
        return _html("Thank you", f"<p>The bank's answer: {status}. You can close this page.</p>")
    kind, parts = intent["object"], urlsplit(intent["_return_url"])
    added = urlencode({kind: intent["id"], f"{kind}_client_secret": intent["client_secret"], "redirect_status": status})
    query = f"{parts.query}&{added}" if parts.query else added
    return redirect(urlunsplit(parts._replace(query=query)), 303)


def _receipt(charge: Json) -> Response:
    rows = {
        "Charge": charge["id"],
        "Amount in minor units": f"{charge['amount']} {charge['currency'].upper()}",
        "Refunded": str(charge["amount_refunded"]),
    }
    return _html("Receipt", "".join(f"<p>{escape(name)}: {escape(value)}</p>" for name, value in rows.items()))


def _html(title: str, body: str) -> Response:
    return Response(_PAGE.substitute(title=escape(title), body=body), mimetype="text/html")
