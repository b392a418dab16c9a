"""Charges: what an attempt to pay took, or why it took nothing. Made by payment intents, never by a caller."""

import stripe.params as sdk

from infra.local.stripe.aftermath import SOON_SECONDS
from infra.local.stripe.call import Call, route
from infra.local.stripe.cards import Decline
from infra.local.stripe.charge_shapes import charge_of, refused
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.fees import fee_of
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.method_shapes import behind
from infra.local.stripe.resources import balance_transactions
from infra.local.stripe.values import Json, changed

DISPUTE_JOB = "charge.dispute"


def paid(call: Call, intent: Json, method: Json) -> Json:
    """A card's charge that took the whole amount at once."""
    charge = call.store.add(charge_of(call, intent, method, "succeeded"))
    return _taken(call, charge, method, charge["amount"], "charge.succeeded")


def authorized(call: Call, intent: Json, method: Json) -> Json:
    """A card's charge that holds the amount until it is captured."""
    charge = call.store.add(charge_of(call, intent, method, "succeeded"))
    call.emit("charge.succeeded", charge)
    return charge


def captured(call: Call, charge: Json, amount: int) -> Json:
    """Take so many minor units of what is held; the rest is let go."""
    method = call.named("payment_method", charge["payment_method"])
    rest = {"amount_refunded": charge["amount"] - amount}
    return _taken(call, charge | rest, method, amount, "charge.captured")


def let_go(call: Call, charge: Json, *, expired: bool) -> Json:
    """Take nothing of what is held."""
    after = charge | {"amount_refunded": charge["amount"], "refunded": True}
    call.store.save(after)
    call.emit("charge.expired" if expired else "charge.refunded", after, changed(charge, after))
    return after


def declined(call: Call, intent: Json, method: Json, decline: Decline) -> Json:
    """A charge that the bank refused at once."""
    charge = call.store.add(charge_of(call, intent, method, "failed") | refused(decline))
    call.emit("charge.failed", charge)
    return charge


def begun(call: Call, intent: Json, method: Json, mandate: Json) -> Json:
    """A debit's charge, which the bank has not answered yet."""
    charge = call.store.add(charge_of(call, intent, method, "pending", mandate))
    call.emit("charge.pending", charge)
    return charge


def succeeded(call: Call, charge: Json, method: Json) -> Json:
    """The bank paid the debit."""
    return _taken(call, charge | {"paid": True, "status": "succeeded"}, method, charge["amount"], "charge.succeeded")


def failed(call: Call, charge: Json, decline: Decline) -> Json:
    """The bank refused the debit."""
    after = call.store.save(charge | refused(decline))
    call.emit("charge.failed", after)
    return after


def refunded(call: Call, charge: Json, amount: int) -> None:
    """Take so many minor units of the charge as given back and tell of it. InvalidRequest beyond what is left."""
    left = left_of(charge)
    if amount > left:
        raise InvalidRequest(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}) in minor "
            f"units of {charge['currency']}.",
            param="amount",
        )
    after = charge | {"amount_refunded": charge["amount_refunded"] + amount, "refunded": amount == left}
    call.store.save(after)
    call.emit("charge.refunded", after, changed(charge, after))


def unrefunded(call: Call, charge_id: str, amount: int) -> None:
    """A refund of so many minor units did not reach the customer, so they can be given back again."""
    charge = call.named("charge", charge_id)
    call.store.save(charge | {"amount_refunded": charge["amount_refunded"] - amount, "refunded": False})


def left_of(charge: Json) -> int:
    """How many minor units can still be given back."""
    return int(charge["amount"] - charge["amount_refunded"])


def retrieve(call: Call, charge: str) -> Json:
    """The charge."""
    return call.named("charge", charge, "charge")


def every(call: Call) -> Json:
    """Charges, newest first."""
    return page(call, "charge", "customer", "payment_intent")


def update(call: Call, charge: str) -> Json:
    """Change the description, metadata or receipt address."""
    before = call.named("charge", charge, "charge")
    after = before | {
        "description": call.text("description", before["description"]),
        "metadata": call.metadata(before["metadata"]),
        "receipt_email": call.text("receipt_email", before["receipt_email"]),
    }
    call.store.save(after)
    call.emit("charge.updated", after, changed(before, after))
    return after


def _taken(call: Call, charge: Json, method: Json, amount: int, event_type: str) -> Json:
    """The money is there: book it, tell of it, and let the customer's bank do what it does afterwards."""
    kind = "charge" if method["type"] == "card" else "payment"
    booked = balance_transactions.book(
        call, charge, kind, amount, fee=fee_of(method["type"], amount), description=charge["description"]
    )
    after = charge | {
        "amount_captured": amount,
        "balance_transaction": booked["id"],
        "captured": True,
        "receipt_url": f"{call.base_url}/_hosted/receipts/{charge['id']}",
    }
    call.store.save(after)
    call.emit(event_type, after)
    if behind(method).chargeback:
        call.later(DISPUTE_JOB, charge["id"], SOON_SECONDS)
    return after


ROUTES = (
    route("GET", "/v1/charges", every, sdk.ChargeListParams, f"{PAGING} created customer payment_intent"),
    route("GET", "/v1/charges/<charge>", retrieve, sdk.ChargeRetrieveParams),
    route("POST", "/v1/charges/<charge>", update, sdk.ChargeUpdateParams, "description metadata receipt_email"),
)
