"""The receipt of a charge."""

from werkzeug.wrappers import Request, Response

from infra.local.stripe.call import Call
from infra.local.stripe.hosted.html import page
from infra.local.stripe.values import Json, public


def show(call: Call, _: Request, charge_id: str) -> Response:
    """What was taken and what was given back."""
    charge: Json = public(call.named("charge", charge_id))
    return page("receipt", title="Receipt", charge=charge)
