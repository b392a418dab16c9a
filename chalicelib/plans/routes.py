"""HTTP of payment plans."""

from __future__ import annotations

from chalicelib.accounts.assurance import Action, StepUpRequired
from chalicelib.approvals.model import ApprovalRequired
from chalicelib.audit.http import actor_of
from chalicelib.plans.agreement import PlanOrder
from chalicelib.plans.inputs import NewPaymentPlan, NewSettlement, PlanEnd
from chalicelib.plans.model import Plan
from chalicelib.plans.views import PaymentPlanView, SettlementView, plan_view, settlement_view
from chalicelib.platform.errors import Conflict, Declined, NotFound, Refused, Unprocessable
from chalicelib.platform.http import NO_STORE, Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, payment_plans, plan_settling, step_up

api = desk_api(__name__, "payment plans")


def _reply(plan: Plan) -> Reply[PaymentPlanView]:
    return Reply(plan_view(payment_plans().seen(plan)), plan.version, f"/v1/payment-plans/{plan.plan_id}")


def _own(request: Request[NewPaymentPlan, Empty] | Request[NewSettlement, Empty] | Request[PlanEnd, Empty]) -> Plan:
    """The plan of the path. Raises NotFound, also for another customer's."""
    plan = payment_plans().get(request.path["plan_id"])
    request.caller.reach(plan.account_id)
    return plan


def _agreed(request: Request[NewPaymentPlan, Empty], account_id: str, replaces: str | None) -> Reply[PaymentPlanView]:
    new, by_staff = request.body, request.caller.is_staff
    step_up().require(request.caller, account_id, Action.MAKE_PAYMENT_PLAN)
    order = PlanOrder(account_id, new.quote_id, new.choice, new.method, new.payment_method, replaces)
    return _reply(payment_plans().make(order, actor_of(request), by_staff=by_staff))


@api.operation(
    "POST", "/v1/accounts/{account_id}/payment-plans", summary="Agree to a payment plan",
    permission=Permission.PAYMENT_PLAN_MANAGE, body=NewPaymentPlan, returns=PaymentPlanView, status=201, versioned=True,
    idempotency="required",
    errors=(ApprovalRequired, StepUpRequired, Conflict, NotFound, Refused, Unprocessable),
)  # fmt: skip
def make_payment_plan(request: Request[NewPaymentPlan, Empty]) -> Reply[PaymentPlanView]:
    """Agrees to one choice of a quote, as it was quoted. One plan is under way on an account at a time.

    Beyond what the caller may agree to alone it is 403 `approval_required`: staff ask for it with `POST /v1/approvals`,
    customers ask the desk. A letter confirms the schedule; while the plan is kept nothing else asks for its bills.
    """
    return _agreed(request, request.path["account_id"], None)


@api.operation(
    "GET", "/v1/accounts/{account_id}/payment-plans", summary="Payment plans of an account",
    permission=Permission.PAYMENT_PLAN_READ, query=Paged, returns=PaymentPlanView,
)  # fmt: skip
def list_payment_plans(request: Request[Empty, Paged]) -> Items[PaymentPlanView]:
    """Plans of every status, newest first, each as the ledger says it stands."""
    found, key = payment_plans().of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([plan_view(look) for look in found], key)


@api.operation(
    "GET", "/v1/payment-plans/{plan_id}", summary="Read a payment plan", permission=Permission.PAYMENT_PLAN_READ,
    returns=PaymentPlanView, errors=(NotFound,), versioned=True,
)  # fmt: skip
def read_payment_plan(request: Request[Empty, Empty]) -> Reply[PaymentPlanView]:
    """One plan as it stands: any payment of its bills counts, whoever made it and by whatever way."""
    plan = payment_plans().get(request.path["plan_id"])
    request.caller.reach(plan.account_id)
    return _reply(plan)


@api.operation(
    "POST", "/v1/payment-plans/{plan_id}/cancellations", summary="End a payment plan",
    permission=Permission.PAYMENT_PLAN_MANAGE, body=PlanEnd, returns=PaymentPlanView, errors=(Conflict, NotFound),
    versioned=True, idempotency="optional",
)  # fmt: skip
def cancel_payment_plan(request: Request[PlanEnd, Empty]) -> Reply[PaymentPlanView]:
    """What is left is due as any other bill from then on. A plan that is over is 409."""
    plan = _own(request)
    return _reply(payment_plans().cancel(plan.plan_id, request.body.reason, actor_of(request)))


@api.operation(
    "POST", "/v1/payment-plans/{plan_id}/settlements", summary="Pay all that is left of a plan",
    permission=Permission.PAYMENT_PLAN_MANAGE, body=NewSettlement, returns=SettlementView, status=201,
    errors=(Conflict, Declined, NotFound, Refused, Unprocessable), idempotency="required",
)  # fmt: skip
def settle_payment_plan(request: Request[NewSettlement, Empty]) -> Reply[SettlementView]:
    """Charges a saved method, or opens a page of Stripe's, for what `left` of the plan says; there is no fee.

    The plan is completed when the money is booked.
    """
    plan, new = _own(request), request.body
    done = plan_settling().settle(
        plan, new.method, new.payment_method, request.idempotency_key or "", actor_of(request),
        alone=request.caller.is_staff,
    )  # fmt: skip
    return Reply(settlement_view(done), location=f"/v1/payments/{done.payment.payment_id}", headers=NO_STORE)


@api.operation(
    "POST", "/v1/payment-plans/{plan_id}/renegotiations", summary="Agree to another plan in place of one",
    permission=Permission.PAYMENT_PLAN_MANAGE, body=NewPaymentPlan, returns=PaymentPlanView, status=201, versioned=True,
    idempotency="required",
    errors=(ApprovalRequired, StepUpRequired, Conflict, NotFound, Refused, Unprocessable),
)  # fmt: skip
def renegotiate_payment_plan(request: Request[NewPaymentPlan, Empty]) -> Reply[PaymentPlanView]:
    """Agrees to a quote that was made while this plan was under way: for what is left, and new bills if they are named.

    The old plan ends and the new one begins in one step. More often than policy allows it needs approval.
    """
    plan = _own(request)
    return _agreed(request, plan.account_id, plan.plan_id)
