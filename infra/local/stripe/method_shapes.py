"""What a payment method is made of when a test card becomes one."""

import hashlib
from datetime import UTC, datetime

from infra.local.stripe.call import Call
from infra.local.stripe.cards import CARDS, TestCard
from infra.local.stripe.values import Json

_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def method_of(call: Call, name: str) -> Json:
    """A method of the test card with this name, not kept yet, with the details that the request gives."""
    blank = {"address": dict.fromkeys(_ADDRESS), "email": None, "name": None, "phone": None, "tax_id": None}
    own = call.params if "type" in call.params else {}
    return call.begin("payment_method", "pm") | {
        "allow_redisplay": own.get("allow_redisplay", "unspecified"),
        "billing_details": billing_details(call, blank),
        "card": _card(CARDS[name], datetime.fromtimestamp(call.now(), UTC).year + 1),
        "customer": None,
        "metadata": call.metadata({}) if own else {},
        "type": "card",
        "_card": name,
        "_set_up": False,
        "_spent": False,
    }


def billing_details(call: Call, former: Json) -> Json:
    """The former billing details with those the request gives; empty ones clear."""
    given = call.params.get("billing_details", {})
    details = former | {name: value or None for name, value in given.items() if name != "address"}
    if "address" in given:
        details["address"] = {name: (given["address"] or {}).get(name) or None for name in _ADDRESS}
    return details


def _card(card: TestCard, expires_in: int) -> Json:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": expires_in,
        "fingerprint": hashlib.sha256(f"{card.brand} {card.last4}".encode()).hexdigest()[:16],
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
