"""What a charge looks like: the amounts, the method and the bank's answer of one attempt."""

from infra.local.stripe.call import Call
from infra.local.stripe.cards import Decline
from infra.local.stripe.values import Json

_ONLY_OF_CARDS = frozenset({"display_brand", "generated_from", "networks", "three_d_secure_usage"})
_ONLY_OF_DEBITS = frozenset({"generated_from"})

_OF_INTENT = (
    "amount",
    "currency",
    "customer",
    "description",
    "metadata",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
)
_UNSET = (
    "balance_transaction",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "receipt_number",
    "receipt_url",
    "shipping",
)


def charge_of(call: Call, intent: Json, method: Json, status: str, mandate: Json | None = None) -> Json:
    """A charge of this attempt, with nothing captured yet."""
    return call.begin("charge", "ch" if method["type"] == "card" else "py") | {
        **dict.fromkeys(_UNSET),
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        **{name: intent[name] for name in _OF_INTENT},
        "calculated_statement_descriptor": intent["statement_descriptor"],
        "captured": False,
        "disputed": False,
        "fraud_details": {},
        "outcome": accepted(method),
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(method, mandate),
        "refunded": False,
        "status": status,
    }


def accepted(method: Json) -> Json:
    """The outcome of an attempt that the bank has not refused."""
    return {
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal" if method["type"] == "card" else "not_assessed",
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def refused(decline: Decline) -> Json:
    """The members of a charge that say why it took nothing."""
    outcome: Json = {
        "network_status": "not_sent_to_network" if decline.blocked else "declined_by_network",
        "reason": "highest_risk_level" if decline.blocked else decline.decline_code or decline.code,
        "risk_level": "highest" if decline.blocked else "normal",
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "blocked" if decline.blocked else "issuer_declined",
    }
    if decline.advice_code:
        outcome["advice_code"] = decline.advice_code
    return {
        "failure_code": decline.code,
        "failure_message": decline.message,
        "outcome": outcome,
        "paid": False,
        "status": "failed",
    }


def _details(method: Json, mandate: Json | None) -> Json:
    kind = method["type"]
    if kind == "card":
        card = {name: value for name, value in method["card"].items() if name not in _ONLY_OF_CARDS}
        more = {"network": method["card"]["brand"], "authorization_code": None, "three_d_secure": None, "mandate": None}
        return {"card": card | more, "type": "card"}
    bank = {name: value for name, value in method[kind].items() if name not in _ONLY_OF_DEBITS}
    return {kind: bank | {"expected_debit_date": None, "mandate": mandate["id"] if mandate else None}, "type": kind}
