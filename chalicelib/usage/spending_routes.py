"""HTTP of spending limits: what use may cost at most, the customer's express word beyond it, and what is barred."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.accounts.assurance import Action
from chalicelib.audit.http import actor_of
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from chalicelib.platform.fields import Input
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.platform.money import Minor, Money
from chalicelib.policy.permissions import Permission
from chalicelib.usage.categories import BARRABLE, Category
from chalicelib.usage.control import ACCOUNT, Control
from chalicelib.usage.routes import SubscriptionId
from chalicelib.usage.spending_views import ConsentView, SpendingRulesView, consent_view, rules_view
from chalicelib.wiring import desk_api, spending, step_up

api = desk_api(__name__, "usage")

_SCOPE = Field(default=None, description="Null: all subscriptions of the account together.")
Barrable = Literal[
    Category.ROAMING_DATA, Category.ROAMING_VOICE, Category.ROAMING_TEXT, Category.PREMIUM_VOICE, Category.PREMIUM_TEXT
]


class Spent(Money):
    """An amount of money of nothing or more."""

    amount_minor: Annotated[Minor, Field(ge=0, le=10**9)]


class Allowed(Money):
    """An amount of money above nothing."""

    amount_minor: Annotated[Minor, Field(gt=0, le=10**9)]


class NewLimit(Input):
    """A spending limit."""

    subscription_id: SubscriptionId | None = _SCOPE
    limit: Spent | None = Field(description="The most for the bills of a month, with tax; null takes the limit away.")


class NewConsent(Input):
    """The customer's express word."""

    subscription_id: SubscriptionId | None = _SCOPE
    amount: Allowed | None = Field(default=None, description="By how much, with tax; by any amount when left out.")
    source: Literal["app", "phone", "mail", "chat", "shop"] = Field(description="How the customer said it.")


class NewBars(Input):
    """Exactly what is to be barred."""

    subscription_id: SubscriptionId | None = _SCOPE
    categories: list[Barrable] = Field(max_length=len(BARRABLE), description="What is barred; the rest no longer is.")


@api.operation(
    "GET", "/v1/accounts/{account_id}/spending-limit", summary="Spending limits of an account",
    permission=Permission.USAGE_READ, returns=SpendingRulesView, errors=(NotFound,),
)  # fmt: skip
def read_spending_limit(request: Request[Empty, Empty]) -> Reply[SpendingRulesView]:
    """The limits and bars in force, and the consents that were given."""
    return _reply(spending().read(request.path["account_id"]))


@api.operation(
    "PUT", "/v1/accounts/{account_id}/spending-limit", summary="Set a spending limit",
    permission=Permission.PREFERENCES_MANAGE, body=NewLimit, returns=SpendingRulesView,
    errors=(NotFound, Conflict, Unprocessable),
)  # fmt: skip
def set_spending_limit(request: Request[NewLimit, Empty]) -> Reply[SpendingRulesView]:
    """Sets the most that use beyond the allowance may cost for the bills of a month, of one subscription or of all.

    It counts for use from now on. What is used beyond it is not billed. To raise a limit or take it away asks for a
    customer who is verified well enough.
    """
    account_id, scope, limit = request.path["account_id"], request.body.subscription_id or ACCOUNT, request.body.limit
    if spending().lifts(account_id, scope, limit):
        step_up().require(request.caller, account_id, Action.LIFT_SPENDING_LIMIT)
    return _reply(spending().set_limit(account_id, scope, limit, actor_of(request)))


@api.operation(
    "POST", "/v1/accounts/{account_id}/spending-consents", summary="Let charges go beyond the limit",
    permission=Permission.PREFERENCES_MANAGE, body=NewConsent, returns=ConsentView, status=201,
    errors=(NotFound, Conflict, Unprocessable), idempotency="optional",
)  # fmt: skip
def give_spending_consent(request: Request[NewConsent, Empty]) -> Reply[ConsentView]:
    """Notes the customer's express consent to pay for use beyond the spending limit, until the running periods end.

    Only use from now on is billed; what the limit has kept off the bill stays off. A letter confirms it.
    """
    account_id, new = request.path["account_id"], request.body
    step_up().require(request.caller, account_id, Action.LIFT_SPENDING_LIMIT)
    given = spending().consent(
        account_id, new.subscription_id or ACCOUNT, new.amount, new.source, actor_of(request), request.idempotency_key
    )  # fmt: skip
    return Reply(consent_view(given, spending().read(account_id).currency))


@api.operation(
    "PUT", "/v1/accounts/{account_id}/usage-bars", summary="Bar use abroad or of premium numbers",
    permission=Permission.PREFERENCES_MANAGE, body=NewBars, returns=SpendingRulesView, errors=(NotFound, Conflict),
)  # fmt: skip
def set_usage_bars(request: Request[NewBars, Empty]) -> Reply[SpendingRulesView]:
    """Sets which categories are barred, for one subscription or for all. What is used of them all the same is not
    billed. To lift a bar asks for a customer who is verified well enough."""
    account_id, scope = request.path["account_id"], request.body.subscription_id or ACCOUNT
    barred = [Category(each) for each in request.body.categories]
    if spending().unbars(account_id, scope, barred):
        step_up().require(request.caller, account_id, Action.LIFT_SPENDING_LIMIT)
    return _reply(spending().set_bars(account_id, scope, barred, actor_of(request)))


def _reply(control: Control) -> Reply[SpendingRulesView]:
    return Reply(rules_view(control, spending().clock()))
