"""Refunds: never more than the charge took, whole or in parts, to where the money came from.

Most cards get their money at once. Bank accounts, and some test cards, get it later, or it comes back.
"""

import stripe.params as sdk

from infra.local.stripe.aftermath import SOON_SECONDS, Refunding
from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.method_shapes import behind
from infra.local.stripe.resources import balance_transactions, charges, disputes
from infra.local.stripe.values import Json, changed

_JOB = "refund.answer"
_TRANSFERS = {"bacs_debit": "gb_bank_transfer", "sepa_debit": "eu_bank_transfer"}


def create(call: Call) -> Json:
    """Give back part or all of what is left of a charge. InvalidRequest beyond that, or when nothing was taken."""
    charge = _charge(call)
    amount = call.params.get("amount", charges.left_of(charge))
    return give_back(call, charge, amount, reason=call.params.get("reason"), metadata=call.metadata({}))


def give_back(call: Call, charge: Json, amount: int, *, reason: str | None, metadata: Json) -> Json:
    """A refund of so many minor units of this charge. InvalidRequest when it cannot be made."""
    _must_be_refundable(call, charge)
    if amount <= 0:
        raise InvalidRequest("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    charges.refunded(call, charge, amount)
    method = call.named("payment_method", charge["payment_method"])
    refund = _body(call, charge, method, amount) | {"metadata": metadata, "reason": reason}
    kind = "refund" if method["type"] == "card" else "payment_refund"
    booked = balance_transactions.book(call, refund, kind, -amount, description="REFUND FOR CHARGE")
    refund["balance_transaction"] = booked["id"]
    call.store.add(refund)
    call.emit("refund.created", refund)
    if behind(method).refunding is not Refunding.AT_ONCE:
        call.later(_JOB, refund["id"], SOON_SECONDS)
    return refund


def update(call: Call, refund: str) -> Json:
    """Change the metadata."""
    before = call.named("refund", refund, "refund")
    return _moved(call, before, {"metadata": call.metadata(before["metadata"])})


def cancel(call: Call, refund: str) -> Json:
    """Take back a refund that is still under way."""
    body = call.named("refund", refund, "refund")
    if body["status"] != "pending":
        raise InvalidRequest(f"You cannot cancel this refund because it has a status of {body['status']}.")
    return _returned(call, body, "canceled", "merchant_request")


def answered(call: Call, refund: str) -> None:
    """The money has arrived, or has come back."""
    body = call.named("refund", refund)
    refunding = behind(call.named("payment_method", body["payment_method"])).refunding
    if refunding is Refunding.LATER and body["status"] == "pending":
        kind = call.named("charge", body["charge"])["payment_method_details"]["type"]
        arrived = {"destination_details": _destination(kind, later=False), "pending_reason": None}
        _moved(call, body, {**arrived, "status": "succeeded"})
    elif refunding is Refunding.FAILS_LATER and body["status"] == "succeeded":
        call.emit("refund.failed", _returned(call, body, "failed", "unknown"))


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


def _must_be_refundable(call: Call, charge: Json) -> None:
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise InvalidRequest(f"This charge ({charge['id']}) has not succeeded, so it cannot be refunded.")
    if disputes.holds(call, charge):
        raise InvalidRequest(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if charge["refunded"]:
        raise InvalidRequest(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")


def _moved(call: Call, before: Json, changes: Json) -> Json:
    after = call.store.save(before | changes)
    previous = changed(before, after)
    call.emit("refund.updated", after, previous)
    call.emit("charge.refund.updated", after, previous)
    return after


def _returned(call: Call, refund: Json, status: str, reason: str) -> Json:
    """The money is ours again: book it, and let the charge be refunded anew."""
    charges.unrefunded(call, refund["charge"], refund["amount"])
    kind = "refund_failure" if refund["destination_details"]["type"] == "card" else "payment_failure_refund"
    booked = balance_transactions.book(call, refund, kind, refund["amount"], description="REFUND FAILURE")
    ended = {"failure_balance_transaction": booked["id"], "failure_reason": reason, "status": status}
    return _moved(call, refund, {**ended, "pending_reason": None})


def _body(call: Call, charge: Json, method: Json, amount: int) -> Json:
    later = behind(method).refunding is Refunding.LATER
    begun = call.begin("refund", "re" if method["type"] == "card" else "pyr")
    del begun["livemode"]  # the one object that does not say
    return begun | {
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": _destination(method["type"], later=later),
        "failure_balance_transaction": None,
        "failure_reason": None,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": "processing" if later else None,
        "receipt_number": None,
        "status": "pending" if later else "succeeded",
    }


def _destination(kind: str, *, later: bool) -> Json:
    reference: Json = {"reference": None, "reference_status": "pending"}
    if kind == "card":
        card = {"reference_type": "acquirer_reference_number", "type": "pending" if later else "refund"}
        return {"card": reference | card, "type": "card"}
    return {_TRANSFERS[kind]: reference, "type": _TRANSFERS[kind]}


_FIELDS = "amount charge payment_intent metadata reason"
ROUTES = (
    route("POST", "/v1/refunds", create, sdk.RefundCreateParams, _FIELDS),
    route("GET", "/v1/refunds", every, sdk.RefundListParams, f"{PAGING} created charge payment_intent"),
    route("GET", "/v1/refunds/<refund>", retrieve, sdk.RefundRetrieveParams),
    route("POST", "/v1/refunds/<refund>", update, sdk.RefundUpdateParams, "metadata"),
    route("POST", "/v1/refunds/<refund>/cancel", cancel, sdk.RefundCancelParams),
)
JOBS = {_JOB: answered}
