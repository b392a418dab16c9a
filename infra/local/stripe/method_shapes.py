"""What a payment method is made of when a test card or a test account becomes one, and which of them is behind it."""

import hashlib
from datetime import UTC, datetime

from infra.local.stripe.accounts import ACCOUNTS, SORT_CODE, UNUSABLE, TestAccount, account_named
from infra.local.stripe.call import Call
from infra.local.stripe.cards import CARDS, TestCard
from infra.local.stripe.errors import InvalidRequest, RawCardNumber, no_such
from infra.local.stripe.values import Json

_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
_CARD, _NAME, _TOKEN = "pm_card_", "pm_", "tok_"
_BANK_CODE_LENGTH = {"AT": 5, "DE": 8}
_HOLDER: Json = {
    "address": {**dict.fromkeys(_ADDRESS), "city": "London", "country": "GB", "line1": "1 Test Street"},
    "email": "holder@example.com",
    "name": "Account Holder",
}


def behind(method: Json) -> TestCard | TestAccount:
    """The test card or account behind a method."""
    return card_of(method) if method["type"] == "card" else account_of(method)


def card_of(method: Json) -> TestCard:
    """The test card behind a method of type card."""
    return CARDS[method["_card"]]


def account_of(method: Json) -> TestAccount:
    """The test account behind a bank debit's method."""
    return ACCOUNTS[method["_account"]]


def named(call: Call, given: str) -> Json | None:
    """A method of the test card or account with this name, not kept yet; None when nothing is called so."""
    if given.startswith(_CARD):
        name = given.removeprefix(_CARD)
        return _card_method(call, name) if name in CARDS else None
    name = given.removeprefix(_NAME)
    if name not in ACCOUNTS or not given.startswith(_NAME):
        return None
    return _account_method(call, name) | {"billing_details": blank_details() | _HOLDER}


def made(call: Call) -> Json:
    """The method that the request describes, not kept yet. InvalidRequest for a real card's or account's number."""
    kind = call.params.get("type")
    if kind == "card":
        method = _card_method(call, _token(call.params.get("card", {})))
    elif kind in ("bacs_debit", "sepa_debit"):
        method = _account_method(call, _account_name(kind, call.params.get(kind, {})))
    else:
        raise InvalidRequest(
            "The local Stripe simulates payment methods of type card, bacs_debit and sepa_debit.", param="type"
        )
    method |= {
        "allow_redisplay": call.params.get("allow_redisplay", "unspecified"),
        "billing_details": billing_details(call, blank_details()),
        "metadata": call.metadata({}),
    }
    for name in ("name", "email"):
        if kind != "card" and not method["billing_details"][name]:
            param = f"billing_details[{name}]"
            raise InvalidRequest(f"Missing required param: {param}.", code="parameter_missing", param=param)
    return method


def billing_details(call: Call, former: Json) -> Json:
    """The former billing details with those the request gives; empty ones clear."""
    given = call.params.get("billing_details", {})
    details = former | {name: value or None for name, value in given.items() if name != "address"}
    if "address" in given:
        details["address"] = {name: (given["address"] or {}).get(name) or None for name in _ADDRESS}
    return details


def blank_details() -> Json:
    """Billing details that say nothing."""
    return {"address": dict.fromkeys(_ADDRESS), "email": None, "name": None, "phone": None, "tax_id": None}


def _token(card: Json) -> str:
    if "number" in card:
        raise RawCardNumber(
            "Sending credit card numbers directly to the Stripe API is generally unsafe. To continue "
            "processing use Stripe.js, the Stripe mobile bindings, or Stripe Elements."
        )
    token = str(card.get("token", ""))
    name = token.removeprefix(_TOKEN)
    if name not in CARDS or not token.startswith(_TOKEN):
        raise InvalidRequest(no_such("token", token), code="resource_missing", param="card[token]")
    return name


def _account_name(kind: str, given: Json) -> str:
    param = f"{kind}[iban]" if kind == "sepa_debit" else f"{kind}[account_number]"
    number = str(given.get("iban", given.get("account_number", ""))).replace(" ", "").upper()
    sort_code = str(given.get("sort_code", SORT_CODE)).replace("-", "")
    if number in UNUSABLE:
        raise InvalidRequest("The bank account provided cannot be used.", code="bank_account_unusable", param=param)
    name = account_named(kind, number)
    if name is None or sort_code != SORT_CODE:
        raise InvalidRequest(
            f"The local Stripe takes Stripe's test accounts only (sort code {SORT_CODE}).",
            code="account_number_invalid",
            param=param,
        )
    return name


def _method(call: Call, kind: str, details: Json, **notes: object) -> Json:
    return call.begin("payment_method", "pm") | {
        "allow_redisplay": "unspecified",
        "billing_details": blank_details(),
        kind: details,
        "customer": None,
        "metadata": {},
        "type": kind,
        "_set_up": False,
        "_spent": False,
        **notes,
    }


def _card_method(call: Call, name: str) -> Json:
    return _method(call, "card", _card(CARDS[name], datetime.fromtimestamp(call.now(), UTC).year + 1), _card=name)


def _account_method(call: Call, name: str) -> Json:
    account = ACCOUNTS[name]
    details = {"fingerprint": _fingerprint(f"{account.type} {account.number}"), "last4": account.number[-4:]}
    if account.type == "bacs_debit":
        details["sort_code"] = SORT_CODE
        return _method(call, account.type, details, _account=name, _mandate=None)
    country = account.number[:2]
    bank = {"bank_code": account.number[4 : 4 + _BANK_CODE_LENGTH[country]], "branch_code": None, "country": country}
    source = {"generated_from": {"charge": None, "setup_attempt": None}}
    return _method(call, account.type, details | bank | source, _account=name, _mandate=None)


def _card(card: TestCard, expires_in: int) -> Json:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": expires_in,
        "fingerprint": _fingerprint(f"{card.brand} {card.last4}"),
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _fingerprint(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()[:16]
