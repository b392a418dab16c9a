"""HTTP of changes of subscriptions: quote, confirm, take back."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.accounts.assurance import Action
from chalicelib.audit.http import actor_of
from chalicelib.billing.model import Subscription
from chalicelib.platform.errors import Conflict, NotFound, Refused, Unprocessable
from chalicelib.platform.fields import Input
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.subscriptions.contract_routes import SubscriptionView, subscription_view
from chalicelib.subscriptions.quote_views import quote_view
from chalicelib.subscriptions.views import ChangeQuoteView
from chalicelib.subscriptions.wish import Wish
from chalicelib.wiring import (
    contracts,
    desk_api,
    planned_changes,
    step_up,
    subscription_changes,
    subscription_standings,
    today,
)

api = desk_api(__name__, "subscriptions")


class Agreed(Input):
    """The quote that was seen and is agreed to."""

    quote_id: Annotated[str, StringConstraints(pattern=r"^cq_[0-9A-Za-z_]{1,64}$")] = Field(
        description="The desk's id of the quote.", examples=["cq_01JD3Z6M8V7Q2N4T5R9WXYABCD"]
    )


def _reached(request: Request[Any, Empty]) -> Subscription:
    """The subscription of the path. Raises NotFound for another customer's."""
    subscription = subscription_standings().subscription(request.path["subscription_id"])
    request.caller.reach(subscription.account_id)
    return subscription


@api.operation(
    "POST", "/v1/subscriptions/{subscription_id}/change-quotes", summary="Quote a change of a subscription",
    permission=Permission.SUBSCRIPTION_CHANGE, body=Wish, returns=ChangeQuoteView, status=201,
    errors=(NotFound, Conflict, Refused, Unprocessable), idempotency="optional",
)  # fmt: skip
def quote_change(request: Request[Wish, Empty]) -> Reply[ChangeQuoteView]:
    """What the change costs to the penny, from when on, on which bill, and what it brings. Nothing is changed by it.

    409 names why it cannot be had: `change_planned`, `end_planned`, `paused`, `not_at_provider`, …
    """
    quote = subscription_changes().quote(_reached(request).subscription_id, request.body)
    return Reply(quote_view(quote), location=f"/v1/change-quotes/{quote.quote_id}")


@api.operation(
    "GET", "/v1/change-quotes/{quote_id}", summary="Read a change quote", permission=Permission.SUBSCRIPTION_CHANGE,
    returns=ChangeQuoteView, errors=(NotFound,),
)  # fmt: skip
def read_change_quote(request: Request[Empty, Empty]) -> Reply[ChangeQuoteView]:
    """The quote as it was shown, where it stands, and, once its bill has come, how the bill compares."""
    quote = subscription_changes().get(request.path["quote_id"])
    request.caller.reach(quote.account_id)
    return Reply(quote_view(quote))


@api.operation(
    "POST", "/v1/subscriptions/{subscription_id}/changes", summary="Confirm a change that was quoted",
    permission=Permission.SUBSCRIPTION_CHANGE, body=Agreed, returns=ChangeQuoteView, status=201,
    errors=(NotFound, Conflict, Refused, Unprocessable), idempotency="required",
)  # fmt: skip
def confirm_change(request: Request[Agreed, Empty]) -> Reply[ChangeQuoteView]:
    """Carries out exactly what was quoted, or nothing: 409 with `reason` `quote_expired`, `quote_used`,
    `change_running` (try again in a moment), or `price_drifted` with a new `quote_id` to look at. The customer gets a
    mail that confirms it."""
    return _confirmed(request, ends=False)


@api.operation(
    "POST", "/v1/subscriptions/{subscription_id}/cancellations", summary="Confirm a cancellation that was quoted",
    permission=Permission.SUBSCRIPTION_CHANGE, body=Agreed, returns=ChangeQuoteView, status=201,
    errors=(NotFound, Conflict, Refused, Unprocessable), idempotency="required",
)  # fmt: skip
def confirm_cancellation(request: Request[Agreed, Empty]) -> Reply[ChangeQuoteView]:
    """Ends the subscription as a quote of kind `cancel` said, so that its consequences were seen; 409 as for changes.
    Until it ends it can be taken back."""
    return _confirmed(request, ends=True)


def _confirmed(request: Request[Agreed, Empty], *, ends: bool) -> Reply[ChangeQuoteView]:
    subscription = _reached(request)
    step_up().require(request.caller, subscription.account_id, Action.CHANGE_SUBSCRIPTION)
    key, actor = request.idempotency_key or "", actor_of(request)
    changes, subscription_id = subscription_changes(), subscription.subscription_id
    quote = changes.confirm(subscription_id, request.body.quote_id, key, actor, ends=ends)
    return Reply(quote_view(quote), location=f"/v1/change-quotes/{quote.quote_id}")


@api.operation(
    "DELETE", "/v1/subscriptions/{subscription_id}/planned-change", summary="Take a planned change back",
    permission=Permission.SUBSCRIPTION_CHANGE, returns=SubscriptionView, errors=(NotFound, Conflict, Refused),
)  # fmt: skip
def take_back_planned_change(request: Request[Empty, Empty]) -> Reply[SubscriptionView]:
    """What was going to change, or to end, stays as it is. A fee for leaving does not come, or the next bill gives it
    back; 409 when nothing is planned. It concerns all parts of the plan that is billed together."""
    subscription = _reached(request)
    step_up().require(request.caller, subscription.account_id, Action.CHANGE_SUBSCRIPTION)
    planned_changes().take_back(subscription.subscription_id, actor_of(request))
    return Reply(subscription_view(contracts().get(subscription.subscription_id), today()))
