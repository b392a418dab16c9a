"""HTTP of refunds, and of what banks dispute."""

from __future__ import annotations

from pydantic import Field, field_validator

from chalicelib.accounts.assurance import Action, StepUpRequired
from chalicelib.approvals.model import ApprovalRequired
from chalicelib.audit.http import actor_of
from chalicelib.identity.refund_guard import RefundHeld
from chalicelib.payments.chargeback import Chargeback, ChargebackStatus
from chalicelib.payments.declines import shown_failure
from chalicelib.payments.refund import Refund, RefundOrder, RefundReason, RefundStatus
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound, Refused, Unprocessable
from chalicelib.platform.fields import Input, Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import chargebacks, desk_api, payments, refund_guard, refunds, step_up

api = desk_api(__name__, "payments")


class NewRefund(Input):
    """Money to send back to the method that paid."""

    amount: Money | None = Field(default=None, description="When left out, all that is left of the payment.")
    reason: RefundReason | None = Field(default=None, description="Stripe's vocabulary.")

    @field_validator("amount")
    @classmethod
    def _positive(cls, amount: Money | None) -> Money | None:
        if amount and amount.amount_minor < 1:
            raise ValueError("a refund is at least one minor unit")
        return amount


class RefundView(View):
    """A refund. Its money has left when the status is `pending` or `succeeded`; `failed` brought it back."""

    refund_id: str
    account_id: str
    payment_id: str
    amount: Money
    status: RefundStatus
    reason: RefundReason | None
    failure_reason: str | None = Field(description="Why Stripe says that it failed.")
    created_at: Instant
    settled_at: Instant | None = Field(description="When Stripe said that it has succeeded.")
    version: Version


class ChargebackView(View):
    """A payment that is disputed at the customer's bank."""

    chargeback_id: str = Field(description="Stripe's id of the dispute.")
    payment_id: str
    amount: Money
    status: ChargebackStatus
    reason: str = Field(description="The bank's reason, as Stripe names it.")
    due_at: Instant | None = Field(description="Until when the bank hears evidence.")
    opened_at: Instant
    closed_at: Instant | None


def _view(refund: Refund) -> RefundView:
    plain = refund.model_dump(include=set(RefundView.model_fields))
    plain["failure_reason"] = shown_failure(refund.failure_reason)
    return RefundView(**plain, amount=Money(amount_minor=refund.amount_minor, currency=refund.currency))


def _chargeback(chargeback: Chargeback) -> ChargebackView:
    plain = chargeback.model_dump(include=set(ChargebackView.model_fields))
    return ChargebackView(**plain, amount=Money(amount_minor=chargeback.amount_minor, currency=chargeback.currency))


@api.operation(
    "POST", "/v1/payments/{payment_id}/refunds", summary="Refund a payment", permission=Permission.REFUND_CREATE,
    body=NewRefund, returns=RefundView, status=201, versioned=True, idempotency="required",
    errors=(NotFound, StepUpRequired, ApprovalRequired, RefundHeld, Refused, Unprocessable),
)  # fmt: skip
def refund_payment(request: Request[NewRefund, Empty]) -> Reply[RefundView]:
    """Sends money back to the method that paid, in parts or all that is left; never more than was paid.

    The ledger books it when Stripe has taken it on; parts of bills that the money had paid are due again when no credit
    covers them. A refund that fails later comes back by itself, and a case says so. For some days after a change of
    mail or phone it needs approval, and after a change of SIM card nothing is refunded for a day.
    """
    new, payment = request.body, payments().get(request.path["payment_id"])
    request.caller.reach(payment.account_id)
    if new.amount and new.amount.currency != payment.currency:
        raise Unprocessable("The refund is not in the currency of its payment.")
    step_up().require(request.caller, payment.account_id, Action.REFUND)
    refund_guard().check(payment.account_id, payment.payment_id)
    order = RefundOrder(payment.payment_id, new.amount.amount_minor if new.amount else None, new.reason)
    refund = refunds().request(order, request.idempotency_key or "", actor_of(request))
    return Reply(_view(refund), refund.version, f"/v1/refunds/{refund.refund_id}")


@api.operation(
    "GET", "/v1/refunds/{refund_id}", summary="Read a refund", permission=Permission.PAYMENT_READ,
    returns=RefundView, errors=(NotFound,), versioned=True,
)  # fmt: skip
def read_refund(request: Request[Empty, Empty]) -> Reply[RefundView]:
    """One refund as it is now. A customer reads only those of the own account."""
    refund = refunds().get(request.path["refund_id"])
    request.caller.reach(refund.account_id)
    return Reply(_view(refund), version=refund.version)


@api.operation(
    "GET", "/v1/accounts/{account_id}/refunds", summary="Refunds of an account", permission=Permission.PAYMENT_READ,
    query=Paged, returns=RefundView,
)  # fmt: skip
def list_refunds(request: Request[Empty, Paged]) -> Items[RefundView]:
    """Refunds of every status, newest first."""
    found, key = refunds().of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([_view(refund) for refund in found], key)


@api.operation(
    "GET", "/v1/accounts/{account_id}/chargebacks", summary="Payments disputed at the bank",
    permission=Permission.PAYMENT_READ, query=Paged, returns=ChargebackView,
)  # fmt: skip
def list_chargebacks(request: Request[Empty, Paged]) -> Items[ChargebackView]:
    """What the customer's bank disputes, inquiries included, newest first."""
    found, key = chargebacks().of_account(request.path["account_id"], request.query.limit, request.start)
    return Items([_chargeback(chargeback) for chargeback in found], key)
