"""The text of a mandate, as the customer may read it again."""

from werkzeug.wrappers import Request, Response

from infra.local.stripe.call import Call
from infra.local.stripe.hosted.choices import name_of
from infra.local.stripe.hosted.html import page


def show(call: Call, _: Request, mandate_id: str) -> Response:
    """What may be debited from which account, and whether the mandate is in force."""
    mandate = call.named("mandate", mandate_id)
    method = call.named("payment_method", mandate["payment_method"])
    reference = mandate["payment_method_details"][method["type"]]["reference"]
    return page("mandate", title="Mandate", mandate=mandate, account=name_of(method), reference=reference)
