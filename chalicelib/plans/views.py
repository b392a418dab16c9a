"""What callers see of plans."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.plans.looking import Look
from chalicelib.plans.model import PayBy, PlanStatus
from chalicelib.plans.schedule import Frequency
from chalicelib.plans.settling import Settlement
from chalicelib.plans.standing import DueState
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Version, View
from chalicelib.platform.money import Money


class InstalmentView(View):
    """An instalment as it is now, after holds have moved it and credits have made it smaller."""

    number: int = Field(description="Counts from one.")
    due_on: date
    amount: Money
    state: DueState = Field(description="`late` is in its grace, `missed` beyond it, `dropped` need not be paid.")


class PaymentPlanView(View):
    """A plan, and how far the ledger says it has come."""

    plan_id: str
    account_id: str
    status: PlanStatus
    total: Money = Field(description="What was due when it was agreed.")
    paid: Money = Field(description="By whatever way, since it was agreed.")
    credited: Money = Field(description="What the bills came down by since: the last instalments shrank.")
    left: Money
    invoice_ids: list[str] = Field(description="The invoices that it covers.")
    frequency: Frequency = Field(description="How often an instalment is due.")
    instalments: list[InstalmentView]
    method: PayBy = Field(description="How instalments are paid.")
    payment_method: str | None = Field(description="Stripe's id of the saved method that is charged.")
    grace_days: int = Field(description="Days to pay an instalment after it was asked for.")
    is_resting: bool = Field(description="A hold stands: nothing is asked for, and later days move on.")
    quote_id: str = Field(description="The quote that was agreed to.")
    replaces: str | None = Field(description="The plan that it followed.")
    agreed_on: date
    made_by_name: str = Field(description="User name of who agreed to it.")
    ended_at: Instant | None
    end_reason: str | None = Field(description="Why it was cancelled.")
    policy: str = Field(description="The version of the rules that it goes by.")
    version: Version


class SettlementView(View):
    """The payment of all that is left."""

    plan_id: str
    payment_id: str
    amount: Money
    url: str | None = Field(description="The page that takes it, when a link was asked for.")
    client_secret: str | None = Field(description="For the app's Stripe SDK when the bank wants an approval.")


def plan_view(look: Look) -> PaymentPlanView:
    """A plan as it stands."""
    plan, now = look.plan, look.now

    def money(minor: int) -> Money:
        return Money(amount_minor=minor, currency=plan.currency)

    return PaymentPlanView(
        **plan.model_dump(include=set(PaymentPlanView.model_fields) - {"instalments"}),
        total=money(plan.total_minor),
        paid=money(now.position.paid_minor),
        credited=money(now.position.forgiven_minor),
        left=money(now.position.left_minor),
        invoice_ids=list(plan.invoice_ids),
        instalments=[
            InstalmentView(number=due.number, due_on=due.due_on, amount=money(due.amount_minor), state=due.state)
            for due in now.dues
        ],
        method=plan.pay_by,
        grace_days=plan.terms.grace_days,
        is_resting=now.resting and plan.is_under_way,
    )


def settlement_view(done: Settlement) -> SettlementView:
    """The payment of all that is left, and how the customer goes on with it."""
    payment = done.payment
    return SettlementView(
        plan_id=done.plan.plan_id,
        payment_id=payment.payment_id,
        amount=Money(amount_minor=payment.amount_minor, currency=payment.currency),
        url=done.page.url if done.page else None,
        client_secret=done.client_secret,
    )
