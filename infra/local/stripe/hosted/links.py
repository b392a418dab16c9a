"""The page of a payment link: it opens a checkout session of its own for each customer who follows it."""

from werkzeug.wrappers import Request, Response

from infra.local.stripe.call import Call
from infra.local.stripe.hosted.html import go_to, message
from infra.local.stripe.resources import payment_links


def follow(call: Call, request: Request, link_id: str) -> Response:
    """On to a new session; the URL may say who comes (`client_reference_id`, `prefilled_email`)."""
    link = call.named("payment_link", link_id)
    if not link["active"]:
        text = link["inactive_message"] or "This link is no longer active."
        return message("Nothing can be paid here", text, status=410)
    known = {"client_reference_id": "client_reference_id", "prefilled_email": "customer_email"}
    given = {name: request.args[asked] for asked, name in known.items() if request.args.get(asked)}
    return go_to(payment_links.session(call, link, given)["url"])
