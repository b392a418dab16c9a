"""What the rest of the desk sees of an account's plan at a glance, and what of its bills the plan shields. Pure."""

from __future__ import annotations

from datetime import date

from chalicelib.plans.model import Covered, Plan, PlanStatus
from chalicelib.plans.standing import DueState, Standing
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor

PLAN = "PLAN"
"""Its name among the items of the account's summary."""


class PlanSummary(Record):
    """The plan that is under way. `left_minor` and the next instalment are as of the last look at the ledger."""

    plan_id: str
    account_id: str
    status: PlanStatus
    currency: Currency
    total_minor: Minor
    left_minor: Minor
    next_due_on: date | None = None
    next_minor: Minor = 0
    ends_on: date
    instalments_left: int
    covered: tuple[Covered, ...]

    def shielded_minor(self, invoice_id: str) -> int:
        """So much of an invoice's due amount is on the plan, and is not to be collected in another way. What became
        due of it since, because money went back, is not on the plan."""
        return sum(each.due_minor for each in self.covered if each.invoice_id == invoice_id)


def summary(plan: Plan, now: Standing) -> PlanSummary:
    """The plan as it stands."""
    following = now.following
    return PlanSummary(
        plan_id=plan.plan_id,
        account_id=plan.account_id,
        status=plan.status,
        currency=plan.currency,
        total_minor=plan.total_minor,
        left_minor=now.position.left_minor,
        next_due_on=following.due_on if following else None,
        next_minor=now.short_minor(following) if following else 0,
        ends_on=now.dues[-1].due_on,
        instalments_left=sum(due.state not in (DueState.PAID, DueState.DROPPED) for due in now.dues),
        covered=plan.covered,
    )
