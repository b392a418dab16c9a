"""Refunds: never more than the charge took, whole or in parts, to the card that paid."""

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.resources import charges
from infra.local.stripe.values import Json, changed


def create(call: Call) -> Json:
    """Give back part or all of what is left of a charge. InvalidRequest beyond that, or when nothing was taken."""
    charge = _charge(call)
    if charge["status"] != "succeeded":
        raise InvalidRequest(f"This charge ({charge['id']}) has not succeeded, so it cannot be refunded.")
    if charge["refunded"]:
        raise InvalidRequest(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = call.params.get("amount", charge["amount_captured"] - charge["amount_refunded"])
    if amount <= 0:
        raise InvalidRequest("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    charges.refunded(call, charge, amount)
    refund = _body(call, charge, amount)
    call.store.add(refund)
    call.emit("refund.created", refund)
    return refund


def update(call: Call, refund: str) -> Json:
    """Change the metadata."""
    before = call.named("refund", refund, "refund")
    after = before | {"metadata": call.metadata(before["metadata"])}
    call.store.save(after)
    call.emit("refund.updated", after, changed(before, after))
    return after


def retrieve(call: Call, refund: str) -> Json:
    """The refund."""
    return call.named("refund", refund, "refund")


def every(call: Call) -> Json:
    """Refunds, newest first."""
    return page(call, "refund", "charge", "payment_intent")


def _charge(call: Call) -> Json:
    charge, intent = call.referred("charge", "charge"), call.referred("payment_intent", "payment_intent")
    if charge and intent and charge["payment_intent"] != intent["id"]:
        raise InvalidRequest("The charge is not one of this PaymentIntent.", param="charge")
    if charge:
        return charge
    if intent is None:
        raise InvalidRequest(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    if intent["latest_charge"] is None:
        raise InvalidRequest(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return call.named("charge", intent["latest_charge"])


def _body(call: Call, charge: Json, amount: int) -> Json:
    destination = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
    begun = call.begin("refund", "re")
    del begun["livemode"]  # the one object that does not say
    return begun | {
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {"card": destination, "type": "card"},
        "metadata": call.metadata({}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": call.params.get("reason"),
        "receipt_number": None,
        "status": "succeeded",
    }


_FIELDS = "amount charge payment_intent metadata reason"
ROUTES = (
    route("POST", "/v1/refunds", create, sdk.RefundCreateParams, _FIELDS),
    route("GET", "/v1/refunds", every, sdk.RefundListParams, f"{PAGING} created charge payment_intent"),
    route("GET", "/v1/refunds/<refund>", retrieve, sdk.RefundRetrieveParams),
    route("POST", "/v1/refunds/<refund>", update, sdk.RefundUpdateParams, "metadata"),
)
