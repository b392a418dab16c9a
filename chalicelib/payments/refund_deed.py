"""A refund that a second person has to approve: how it is prepared, and done when they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from chalicelib.approvals.model import Approval, Asked, Prepared
from chalicelib.audit.model import Actor
from chalicelib.payments.refund import RefundOrder, RefundReason, refund_of
from chalicelib.payments.refunds import Refunds
from chalicelib.platform.errors import FieldError, Unprocessable
from chalicelib.platform.fields import Input
from chalicelib.platform.money import Money
from chalicelib.platform.problem import field_errors
from chalicelib.policy.permissions import Permission

_NOBODY: Final = Actor("approvals", "approvals")


class RefundPayload(Input):
    """How much goes back, all that is left when nothing is said, and why, in Stripe's vocabulary."""

    amount: Money | None = None
    reason: RefundReason | None = None


@dataclass(frozen=True)
class RefundDeed:
    refunds: Refunds

    def prepare(self, asked: Asked) -> Prepared:
        """Raises NotFound without the payment, Conflict when it took no money, Unprocessable for no refund of it."""
        try:
            wanted = RefundPayload.model_validate(asked.payload)
        except ValidationError as error:
            wrong = [FieldError(f"/payload{each.pointer}", each.detail) for each in field_errors(error)]
            raise Unprocessable("This is no refund.", wrong) from None
        payment = self.refunds.payments.existing(asked.subject_id)
        if wanted.amount and wanted.amount.currency != payment.currency:
            raise Unprocessable("The refund is not in the currency of its payment.")
        order = RefundOrder(payment.payment_id, wanted.amount.amount_minor if wanted.amount else None, wanted.reason)
        refund = refund_of(payment, order, "ref_asked", _NOBODY, self.refunds.clock())
        return Prepared(
            account_id=refund.account_id, payload=wanted.model_dump(mode="json", exclude_none=True),
            amount_minor=refund.amount_minor, currency=refund.currency, permission=Permission.REFUND_CREATE,
        )  # fmt: skip

    def do(self, approval: Approval, actor: Actor) -> str:
        """The refund's id; the approval's own id is the key that makes it one refund."""
        wanted = RefundPayload.model_validate(approval.payload)
        order = RefundOrder(approval.subject_id, approval.amount_minor, wanted.reason)
        return self.refunds.request(order, approval.approval_id, actor).refund_id
