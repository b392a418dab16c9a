"""A payment plan beyond the limits, which a second person has to approve: how it is prepared, and agreed then."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from chalicelib.approvals.model import Approval, Asked, Prepared
from chalicelib.audit.model import Actor
from chalicelib.plans.agreement import PlanOrder
from chalicelib.plans.inputs import PlanTerms
from chalicelib.plans.service import PaymentPlans
from chalicelib.platform.errors import FieldError, Unprocessable
from chalicelib.platform.problem import field_errors
from chalicelib.policy.permissions import Permission


@dataclass(frozen=True)
class PlanDeed:
    """The subject is the quote, the payload the terms of a plan without the quote."""

    plans: PaymentPlans

    def prepare(self, asked: Asked) -> Prepared:
        """Raises NotFound without the quote, Unprocessable for what is no choice of it, Conflict when it is to follow
        another plan."""
        quote = self.plans.quotes.get(asked.subject_id)
        terms = _terms(asked.payload)
        self.plans.chosen(_order(quote.account_id, asked.subject_id, terms, quote.replaces))
        return Prepared(
            account_id=quote.account_id, payload=terms.model_dump(mode="json", exclude_none=True),
            amount_minor=quote.total_minor, currency=quote.currency, permission=Permission.PAYMENT_PLAN_MANAGE,
        )  # fmt: skip

    def do(self, approval: Approval, actor: Actor) -> str:
        """The plan's id. The plan names who asked for it, its audit trail who approved."""
        quote = self.plans.quotes.get(approval.subject_id)
        order = _order(approval.account_id, approval.subject_id, _terms(approval.payload), quote.replaces)
        return self.plans.make(order, actor, by_staff=True, approval_id=approval.approval_id).plan_id


def _terms(payload: dict[str, object]) -> PlanTerms:
    try:
        return PlanTerms.model_validate(payload)
    except ValidationError as error:
        wrong = [FieldError(f"/payload{each.pointer}", each.detail) for each in field_errors(error)]
        raise Unprocessable("This is no payment plan.", wrong) from None


def _order(account_id: str, quote_id: str, terms: PlanTerms, replaces: str | None) -> PlanOrder:
    return PlanOrder(account_id, quote_id, terms.choice, terms.method, terms.payment_method, replaces)
