"""Customer balance transactions: every movement of a customer's balance, by hand or by a document."""

import stripe.params as sdk

from infra.local.stripe import balances
from infra.local.stripe.call import Call, route
from infra.local.stripe.currencies import known
from infra.local.stripe.errors import InvalidRequest, Missing
from infra.local.stripe.lists import PAGING, page
from infra.local.stripe.values import Json

_KIND = "customer_balance_transaction"


def create(call: Call, customer: str) -> Json:
    """Adjust the balance by hand: a negative amount is credit for the customer, a positive one debt."""
    if call.params["amount"] == 0:
        raise InvalidRequest("The amount must not be zero.", param="amount")
    body = _living(call, customer)
    about = {"description": call.text("description"), "metadata": call.metadata({})}
    return balances.move(call, body["id"], known(call.params["currency"]), call.params["amount"], "adjustment", **about)


def update(call: Call, customer: str, transaction: str) -> Json:
    """Change the description or the metadata."""
    before = _of(call, customer, transaction)
    return call.store.save(
        before
        | {
            "description": call.text("description", before["description"]),
            "metadata": call.metadata(before["metadata"]),
        }
    )


def retrieve(call: Call, customer: str, transaction: str) -> Json:
    """The transaction."""
    return _of(call, customer, transaction)


def every(call: Call, customer: str) -> Json:
    """The customer's transactions, newest first."""
    call.named("customer", customer, "customer")
    return page(call, _KIND, "invoice", customer=customer)


def _living(call: Call, customer: str) -> Json:
    body = call.named("customer", customer, "customer")
    if body.get("deleted"):
        raise Missing("customer", customer, "customer")
    return body


def _of(call: Call, customer: str, transaction: str) -> Json:
    body = call.named(_KIND, transaction, "transaction")
    if body["customer"] != customer:
        raise Missing(_KIND, transaction, "transaction")
    return body


_ALL = "/v1/customers/<customer>/balance_transactions"
_ONE = f"{_ALL}/<transaction>"
ROUTES = (
    route(
        "POST",
        _ALL,
        create,
        sdk.CustomerBalanceTransactionCreateParams,
        "amount currency description metadata",
    ),
    route("GET", _ALL, every, sdk.CustomerBalanceTransactionListParams, f"{PAGING} created invoice"),
    route("GET", _ONE, retrieve, sdk.CustomerBalanceTransactionRetrieveParams),
    route("POST", _ONE, update, sdk.CustomerBalanceTransactionUpdateParams, "description metadata"),
)
