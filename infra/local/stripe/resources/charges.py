"""Charges: what an attempt to pay took, or why it took nothing. Made by payment intents, never by a caller."""

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.cards import Decline
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.values import Json, changed


def record(call: Call, intent: Json, method: Json, decline: Decline | None) -> Json:
    """Keep the charge of one attempt and tell of it."""
    charge = call.begin("charge", "ch") | _amounts(intent, decline) | _details(intent, method) | _outcome(decline)
    charge["receipt_url"] = None if decline else f"{call.base_url}/_hosted/receipts/{charge['id']}"
    call.store.add(charge)
    call.emit("charge.failed" if decline else "charge.succeeded", charge)
    return charge


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


def refunded(call: Call, charge: Json, amount: int) -> None:
    """Take so many minor units of the charge as given back and tell of it. InvalidRequest beyond what is left."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if amount > left:
        raise InvalidRequest(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}) in minor "
            f"units of {charge['currency']}.",
            param="amount",
        )
    after = charge | {"amount_refunded": charge["amount_refunded"] + amount, "refunded": amount == left}
    call.store.save(after)
    call.emit("charge.refunded", after, changed(charge, after))


def _amounts(intent: Json, decline: Decline | None) -> Json:
    return {
        "amount": intent["amount"],
        "amount_captured": 0 if decline else intent["amount"],
        "amount_refunded": 0,
        "captured": decline is None,
        "currency": intent["currency"],
        "disputed": False,
        "paid": decline is None,
        "refunded": False,
        "status": "failed" if decline else "succeeded",
    }


def _details(intent: Json, method: Json) -> Json:
    card = {name: value for name, value in method["card"].items() if name not in _ONLY_OF_METHODS}
    more = {"network": method["card"]["brand"], "authorization_code": None, "three_d_secure": None, "mandate": None}
    return {
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": intent["statement_descriptor"],
        "customer": intent["customer"],
        "description": intent["description"],
        "fraud_details": {},
        "metadata": intent["metadata"],
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": card | more, "type": "card"},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "shipping": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
    }


_ONLY_OF_METHODS = frozenset({"display_brand", "generated_from", "networks", "three_d_secure_usage"})


def _outcome(decline: Decline | None) -> Json:
    outcome: Json = {
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
    if decline:
        blocked = decline.blocked
        outcome = {
            "network_status": "not_sent_to_network" if blocked else "declined_by_network",
            "reason": "highest_risk_level" if blocked else decline.decline_code,
            "risk_level": "highest" if blocked else "normal",
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "blocked" if blocked else "issuer_declined",
        }
        if decline.advice_code:
            outcome["advice_code"] = decline.advice_code
    return {
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "outcome": outcome,
    }


ROUTES = (
    route("GET", "/v1/charges", every, sdk.ChargeListParams, f"{PAGING} created customer payment_intent"),
    route("GET", "/v1/charges/<charge>", retrieve, sdk.ChargeRetrieveParams),
    route("POST", "/v1/charges/<charge>", update, sdk.ChargeUpdateParams, "description metadata receipt_email"),
)
