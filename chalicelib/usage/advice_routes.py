"""HTTP of advice on plans."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Input, View
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.usage.advice import Candidate, Cost, PlanAdvice
from chalicelib.usage.routes import SubscriptionId
from chalicelib.wiring import desk_api, plan_advising

api = desk_api(__name__, "usage")


class AdviceWanted(Input):
    """For which subscription."""

    subscription_id: SubscriptionId | None = Field(default=None, description="All of the account when left out.")


class CostView(View):
    """What one finished period costs with a plan, with tax: the price and what is used beyond its allowances."""

    starts_on: date = Field(description="First day of the period, YYYY-MM-DD.")
    price: Money = Field(description="The plan's price, with its add-ons for the present plan; with tax.")
    use: Money = Field(description="For use beyond what is included, with tax.")
    total: Money = Field(description="Both.")


class CandidateView(View):
    """Another plan, rated on the same use."""

    plan_code: str
    plan_name: str
    costs: list[CostView] = Field(description="Period by period, newest first.")
    total: Money = Field(description="The sum of the periods, with tax.")
    saves: Money = Field(description="How much less than the present plan; below zero: more.")


class PlanAdviceView(View):
    """The use of the last finished periods, rated on the present plan and on every other one that is sold."""

    subscription_id: str
    plan_code: str
    plan_name: str
    costs: list[CostView] = Field(description="What the periods did cost, newest first.")
    total: Money = Field(description="Their sum, with tax.")
    best: CandidateView | None = Field(description="The plan that is advised; null when none saves enough.")
    others: list[CandidateView] = Field(description="Every plan of the service that is sold, the cheapest first.")
    bound_until_on: date | None = Field(
        description="Last day, YYYY-MM-DD, of a minimum term that runs: a change may cost a fee, which a quote shows."
    )
    policy_version: str = Field(description="The policy that says what is enough to be advised.")


class PlanAdvicesView(View):
    """Advice for each subscription that has enough finished periods."""

    subscriptions: list[PlanAdviceView] = Field(description="In the order in which their use was first counted.")


@api.operation(
    "GET", "/v1/accounts/{account_id}/plan-advice", summary="Which plan suits the real use",
    permission=Permission.USAGE_READ, query=AdviceWanted, returns=PlanAdvicesView, errors=(NotFound,),
)  # fmt: skip
def read_plan_advice(request: Request[Empty, AdviceWanted]) -> Reply[PlanAdvicesView]:
    """Rates what was really used in the last finished periods on every plan that is sold, and shows each sum.

    A plan is advised only when it saves as much as the policy asks. What a spending limit kept off the bills counts for
    the present plan alone, so no other plan looks cheaper than it would have been.
    """
    found = plan_advising().advise(request.path["account_id"], request.query.subscription_id)
    return Reply(PlanAdvicesView(subscriptions=list(map(_advice, found))))


def _advice(advice: PlanAdvice) -> PlanAdviceView:
    others = [_candidate(each, advice) for each in advice.candidates]
    return PlanAdviceView(
        subscription_id=advice.subscription_id, plan_code=advice.plan_code, plan_name=advice.plan_name,
        costs=[_cost(cost, advice.currency) for cost in advice.costs], others=others,
        total=Money(amount_minor=advice.total_minor, currency=advice.currency),
        best=_candidate(advice.best, advice) if advice.best else None, bound_until_on=advice.bound_until,
        policy_version=advice.policy_version,
    )  # fmt: skip


def _candidate(candidate: Candidate, advice: PlanAdvice) -> CandidateView:
    return CandidateView(
        plan_code=candidate.offer.code, plan_name=candidate.offer.name,
        costs=[_cost(cost, advice.currency) for cost in candidate.costs],
        total=Money(amount_minor=candidate.total_minor, currency=advice.currency),
        saves=Money(amount_minor=advice.saves_minor(candidate), currency=advice.currency),
    )  # fmt: skip


def _cost(cost: Cost, currency: str) -> CostView:
    price, use, total = (
        Money(amount_minor=minor, currency=currency) for minor in (cost.price_minor, cost.use_minor, cost.total_minor)
    )
    return CostView(starts_on=cost.starts_on, price=price, use=use, total=total)
