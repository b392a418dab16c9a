"""Balance transactions: every movement of the account's own money, and what they come to. Nothing here is ever changed.

Funds are available at once, unlike those of a real account.
"""

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_CATEGORY_BY_TYPE = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payment_failure_refund": "refund_failure",
}

_AT_ONCE: Json = {"balance_type": "payments", "exchange_rate": None, "status": "available"}


def book(
    call: Call,
    source: Json,
    kind: str,
    amount: int,
    *,
    fee: int = 0,
    fee_name: str = "Stripe processing fees",
    description: str | None = None,
    category: str | None = None,
) -> Json:
    """Book so many minor units (negative when they leave) for the source, less the fee (negative when it returns)."""
    begun = call.begin("balance_transaction", "txn")
    del begun["livemode"]  # these do not say
    part = {"application": None, "currency": source["currency"], "description": fee_name, "type": "stripe_fee"}
    booked = {
        **_AT_ONCE,
        "amount": amount,
        "available_on": begun["created"],
        "currency": source["currency"],
        "description": description,
        "fee": fee,
        "fee_details": [{"amount": fee, **part}] if fee else [],
        "net": amount - fee,
        "reporting_category": category or _CATEGORY_BY_TYPE[kind],
        "source": source["id"],
        "type": kind,
    }
    return call.store.add(begun | booked)


def retrieve(call: Call, transaction: str) -> Json:
    """The transaction."""
    return call.named("balance_transaction", transaction)


def every(call: Call) -> Json:
    """Transactions, newest first."""
    return page(call, "balance_transaction", "currency", "source", "type")


def balance(call: Call) -> Json:
    """What all transactions come to, currency by currency."""
    total: dict[str, int] = {}
    for each in call.store.scan(Query("balance_transaction")):
        total[each["currency"]] = total.get(each["currency"], 0) + each["net"]
    available = [_sum(currency, amount) for currency, amount in sorted(total.items())]
    pending = [_sum(currency, 0) for currency in sorted(total)]
    return {"object": "balance", "available": available, "livemode": False, "pending": pending}


def _sum(currency: str, amount: int) -> Json:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


_ALL = "/v1/balance_transactions"
ROUTES = (
    route("GET", _ALL, every, sdk.BalanceTransactionListParams, f"{PAGING} created currency source type"),
    route("GET", f"{_ALL}/<transaction>", retrieve, sdk.BalanceTransactionRetrieveParams),
    route("GET", "/v1/balance", balance, sdk.BalanceRetrieveParams),
)
