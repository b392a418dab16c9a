"""The ways to pay that a page offers: test methods by what they do, and what the customer saved; no card numbers."""

from collections.abc import Collection
from dataclasses import dataclass

from werkzeug.wrappers import Request

from infra.local.stripe.accounts import ACCOUNTS, SORT_CODE
from infra.local.stripe.call import Call
from infra.local.stripe.cards import CARDS
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json


@dataclass(frozen=True)
class Choice:
    """One way to pay: what the form sends, what people read, and a saved method's id or a new one's parameters."""

    value: str
    label: str
    method: Json | str
    type: str = "card"

    def parameters(self) -> Json:
        """What makes the new method of this choice; nothing when it is a saved one."""
        return self.method if isinstance(self.method, dict) else {}


def _card(name: str, outcome: str) -> Choice:
    card = CARDS[name]
    label = f"{card.brand.capitalize()} •••• {card.last4}: {outcome}"
    return Choice(f"pm_card_{name}", label, {"type": "card", "card": {"token": f"tok_{name}"}})


def _account(name: str, outcome: str) -> Choice:
    account = ACCOUNTS[name]
    label = f"{_DEBITS[account.type]} •••• {account.number[-4:]}: {outcome}"
    details = {"iban": account.number}
    if account.type == "bacs_debit":
        details = {"account_number": account.number, "sort_code": SORT_CODE}
    return Choice(f"pm_{name}", label, {"type": account.type, account.type: details}, account.type)


_DEBITS = {"bacs_debit": "Bacs Direct Debit", "sepa_debit": "SEPA Direct Debit"}
_NEW: tuple[Choice, ...] = (
    _card("visa", "succeeds"),
    _card("mastercard", "succeeds"),
    _card("amex", "succeeds"),
    _card("threeDSecure2Required", "asks the bank (3-D Secure)"),
    _card("authenticationRequiredOnSetup", "asks the bank unless it was saved before"),
    _card("visa_chargeDeclined", "declined"),
    _card("visa_chargeDeclinedInsufficientFunds", "declined: insufficient funds"),
    _card("chargeDeclinedExpiredCard", "declined: expired card"),
    _card("chargeDeclinedIncorrectCvc", "declined: wrong security code"),
    _card("chargeDeclinedProcessingError", "declined: processing error"),
    _card("chargeDeclinedFraudulent", "blocked as fraudulent"),
    _card("authenticationRequiredChargeDeclinedInsufficientFunds", "asks the bank, then declined"),
    _card("chargeCustomerFail", "can be saved, declines when charged"),
    _card("createDispute", "succeeds, then disputed as fraudulent"),
    _account("bacsDebit_success", "succeeds after some seconds"),
    _account("bacsDebit_insufficientFunds", "fails after some seconds: insufficient funds"),
    _account("bacsDebit_debitNotAuthorized", "fails after some seconds, and ends the mandate"),
    _account("success_de", "succeeds after some seconds"),
    _account("failed_at", "fails after some seconds: insufficient funds"),
)


def new(types: Collection[str]) -> list[Choice]:
    """The test methods of these types."""
    return [choice for choice in _NEW if choice.type in types]


def saved(call: Call, customer_id: str | None, types: Collection[str], redisplay: Collection[str]) -> list[Choice]:
    """The customer's saved methods of these types that may be shown again."""
    if customer_id is None:
        return []
    found = call.store.find(Query("payment_method", {"customer": customer_id}))
    kept = [method for method in found if method["type"] in types and method["allow_redisplay"] in redisplay]
    return [Choice(method["id"], name_of(method), method["id"], method["type"]) for method in kept]


def name_of(method: Json) -> str:
    """A kept method as people read it."""
    about = method[method["type"]]
    kind = _DEBITS.get(method["type"]) or about["brand"].capitalize()
    return f"{kind} •••• {about['last4']}"


def chosen(choices: list[Choice], value: str) -> Choice:
    """The choice that the form sent; InvalidRequest when the page offered no such choice."""
    for choice in choices:
        if choice.value == value:
            return choice
    raise InvalidRequest("Choose a way to pay.", param="payment_method")


def acceptance(choice: Choice, request: Request) -> Json | None:
    """The customer's yes to the mandate of a debit, which sending the form gives; a card needs none."""
    if choice.type == "card":
        return None
    online = {"ip_address": request.remote_addr or "127.0.0.1", "user_agent": request.user_agent.string or "unknown"}
    return {"type": "online", "online": online}
