"""HTTP of the subscriptions of an account, with their contracts."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.billing.model import PlannedChange, SubscriptionStatus
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Items, Paged, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.subscriptions.contracts import Contract
from chalicelib.subscriptions.offer import Allowance, PriceRise
from chalicelib.wiring import contracts, desk_api, today

api = desk_api(__name__, "subscriptions")


class PlannedChangeView(View):
    """What becomes of a plan at an instant."""

    at: Instant
    plan_code: str | None = Field(description="Null: the plan ends then.")
    plan_name: str | None
    price: Money = Field(description="For a month, before tax.")
    quantity: int


class ContractView(View):
    """What was agreed when the subscription was sold."""

    minimum_ends_on: date | None = Field(description="The last day of the minimum term; null: there is none.")
    exit_fee: Money = Field(description="What leaving today would cost, before tax.")
    notice_days: int = Field(description="Days between giving notice and the end.")
    next_price_rise: PriceRise | None = Field(description="The next rise that was agreed; null: none is to come.")


class SubscriptionView(View):
    """A plan that the account takes."""

    subscription_id: str
    plan_code: str
    plan_name: str
    service: str
    price: Money = Field(description="For a month, before tax, of all of them; use and steps of a price come on top.")
    quantity: int
    started_on: date
    anchor_day: int = Field(description="Day of the month on which its billing month begins.")
    status: SubscriptionStatus
    period_starts_at: Instant | None = Field(description="Of the period that is being billed, where it is known.")
    period_ends_at: Instant | None
    ends_at: Instant | None = Field(description="When it ends or ended.")
    planned: PlannedChangeView | None = Field(description="What it becomes next.")
    contract: ContractView | None = Field(description="Null: no minimum term and no notice were agreed.")
    allowances: list[Allowance] = Field(description="What the price includes for each billing period.")


def subscription_view(contract: Contract, day: date) -> SubscriptionView:
    """The subscription as it stands that day."""
    subscription = contract.subscription
    plain = subscription.model_dump(include=set(SubscriptionView.model_fields) - {"planned"})
    return SubscriptionView(
        **plain,
        price=Money(amount_minor=subscription.price_minor, currency=subscription.currency),
        planned=_planned(subscription.planned, subscription.currency),
        contract=_contract(contract, day),
        allowances=list(contract.offer.allowances) if contract.offer else [],
    )


def _planned(planned: PlannedChange | None, currency: str) -> PlannedChangeView | None:
    if planned is None:
        return None
    price = Money(amount_minor=planned.price_minor, currency=currency)
    return PlannedChangeView(**planned.model_dump(exclude={"price_minor"}), price=price)


def _contract(contract: Contract, day: date) -> ContractView | None:
    terms = contract.terms
    if terms is None:
        return None
    return ContractView(
        minimum_ends_on=terms.minimum_ends_on,
        exit_fee=Money(amount_minor=terms.exit_fee_minor(day), currency=terms.currency),
        notice_days=terms.notice_days,
        next_price_rise=next(iter(terms.rises_after(day)), None),
    )


@api.operation(
    "GET", "/v1/accounts/{account_id}/subscriptions", summary="Subscriptions of an account",
    permission=Permission.INVOICE_READ, query=Paged, returns=SubscriptionView,
)  # fmt: skip
def list_subscriptions(request: Request[Empty, Paged]) -> Items[SubscriptionView]:
    """The plans that the account takes, with their monthly price before tax, contract and allowances."""
    found, key = contracts().of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([subscription_view(each, today()) for each in found], key)
