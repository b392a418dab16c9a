"""Invoice payments: which payment intents pay for which invoice, and how far they are."""

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.params import not_simulated
from infra.local.stripe.values import Json

_KIND = "invoice_payment"


def retrieve(call: Call, invoice_payment: str) -> Json:
    """The payment."""
    return call.named(_KIND, invoice_payment, _KIND)


def every(call: Call) -> Json:
    """Payments, newest first, of one invoice or of one payment intent."""
    payment = call.params.get("payment", {})
    if payment.get("type", "payment_intent") != "payment_intent":
        raise not_simulated("payment[type]")
    wanted = {f"payment.{name}": payment[name] for name in payment if name != "type"}
    return page(call, _KIND, "invoice", "status", **wanted)


ROUTES = (
    route(
        "GET", "/v1/invoice_payments", every, sdk.InvoicePaymentListParams, f"{PAGING} created invoice payment status"
    ),
    route("GET", "/v1/invoice_payments/<invoice_payment>", retrieve, sdk.InvoicePaymentRetrieveParams),
)
