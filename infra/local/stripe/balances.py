"""A customer's balance: below zero the customer's credit, above zero the customer's debt; the sum of its transactions.

The balance is kept in the currency that the customer was first billed in.
"""

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest, no_such
from infra.local.stripe.values import Json, changed

_MOST = 99_999_999_999


def settle_currency(call: Call, customer: Json, currency: str) -> Json:
    """The customer, whose currency is this one from now on if it had none."""
    if customer["currency"]:
        return customer
    return call.store.save(customer | {"currency": currency})


def of(customer: Json, currency: str) -> int:
    """The balance that counts for a document in this currency."""
    balance: int = customer["balance"]
    return balance if customer["currency"] in (None, currency) else 0


def move(call: Call, customer_id: str, currency: str, amount: int, kind: str, **about: Json | str | None) -> Json:
    """Add so many minor units to the balance, keep the transaction and tell of the customer's change."""
    before = settle_currency(call, _living(call, customer_id), currency)
    if before["currency"] != currency:
        raise InvalidRequest(
            f"The customer's balance is kept in {before['currency']}, not in {currency}.", param="currency"
        )
    after = before | {"balance": before["balance"] + amount}
    if abs(after["balance"]) > _MOST:
        raise InvalidRequest("The customer's balance would be larger than it can be.", param="amount")
    call.store.save(after)
    call.emit("customer.updated", after, changed(before, after))
    return call.store.add(
        call.begin("customer_balance_transaction", "cbtxn")
        | {**_UNSET, "metadata": {}, **{name: value for name, value in about.items() if value}}
        | {
            "amount": amount,
            "currency": currency,
            "customer": customer_id,
            "ending_balance": after["balance"],
            "type": kind,
        }
    )


def _living(call: Call, customer_id: str) -> Json:
    customer = call.named("customer", customer_id)
    if customer.get("deleted"):
        raise InvalidRequest(no_such("customer", customer_id), code="resource_missing", param="customer")
    return customer


_UNSET = dict.fromkeys(("checkout_session", "credit_note", "customer_account", "description", "invoice"))
