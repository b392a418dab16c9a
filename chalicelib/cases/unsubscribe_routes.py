"""HTTP of the link under letters that nobody has to get (RFC 8058): no sign-in, the link itself is the proof."""

from __future__ import annotations

from typing import Final

from chalicelib.accounts.preferences_model import Channel
from chalicelib.audit.model import Actor
from chalicelib.cases.letters import templates
from chalicelib.cases.unsubscribing import Refusal, read_token
from chalicelib.platform.clock import utc_now
from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import NO_STORE, Empty, Raw, Request
from chalicelib.wiring import accounts, customer_preferences, desk_api, mail_key

api = desk_api(__name__, "cases")
_ACTOR: Final = Actor("mail", "customer by mail link")
_STRICT: Final = {
    **NO_STORE,
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
}  # fmt: skip


def _read(request: Request[Empty, Empty]) -> Refusal:
    found = read_token(request.path["token"], mail_key(), utc_now().date())
    if found is None:
        raise NotFound("This link leads nowhere.")
    return found


def _page(refusal: Refusal, *, is_done: bool) -> Raw:
    template = templates().get_template("unsubscribe.html.j2")
    html = template.render(language=refusal.language, purpose=refusal.purpose.value, is_done=is_done)
    return Raw(html, "text/html; charset=utf-8", _STRICT)


@api.operation(
    "GET", "/v1/unsubscriptions/{token}", summary="Ask whether letters are to stop", permission=None, returns=None,
    media_type="text/html", errors=(NotFound,),
)  # fmt: skip
def ask_to_unsubscribe(request: Request[Empty, Empty]) -> Raw:
    """A page with one button, in the language of the letter. It changes nothing: mail programs open links, too."""
    return _page(_read(request), is_done=False)


@api.operation(
    "POST", "/v1/unsubscriptions/{token}", summary="Stop letters of one kind", permission=None, returns=None,
    media_type="text/html", errors=(NotFound,),
)  # fmt: skip
def unsubscribe(request: Request[Empty, Empty]) -> Raw:
    """Takes back the customer's consent to letters of one kind by mail; what the button of the page and the one-click
    button of a mail program send (RFC 8058). The body does not matter. Again it changes nothing."""
    refusal = _read(request)
    account = accounts().standing(refusal.account_id)
    customer_preferences().withdraw(account.account_id, refusal.purpose, Channel.MAIL, _ACTOR)
    return _page(refusal, is_done=True)
