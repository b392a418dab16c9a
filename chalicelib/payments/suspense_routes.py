"""HTTP of money that belongs to nobody known: what waits, whose it may be, and whose it is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.accounts.heads import AccountMerged
from chalicelib.audit.http import actor_of
from chalicelib.payments.inputs import InvoiceIds
from chalicelib.payments.routes import AllocationView
from chalicelib.payments.suspense_matches import MatchOrder
from chalicelib.payments.suspense_model import Candidate, Confidence, SuspensePayment
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound, Unprocessable
from chalicelib.platform.fields import Input, Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Currency, Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, suspense, suspense_matches

api = desk_api(__name__, "payments")


class SuspenseQuery(Paged):
    """Which of the money that waits."""

    currency: Currency = "GBP"


class NewMatch(Input):
    """Whose money it is."""

    account_id: Annotated[str, StringConstraints(pattern=r"^acc_[0-9A-Za-z_]{1,64}$")] = Field(
        description="The account that gets it.", examples=["acc_01M6GG8HXXY3CSJ72Y8ZGD4THN"]
    )
    invoice_ids: InvoiceIds = Field(default=[])


class CandidateView(View):
    """An account that the money may be for."""

    account_id: str
    invoice_ids: list[str] = Field(description="Open bills that were named, or one of exactly this amount.")
    confidence: Confidence
    reasons: list[str] = Field(description="In plain words.", examples=[["An open bill is of exactly this amount."]])


class SuspensePaymentView(View):
    """Money that belongs to nobody known."""

    payment_id: str
    amount: Money
    left: Money = Field(description="Less than the amount when some of it went back, or the payer's bank disputes it.")
    hints: list[str] = Field(description="Texts that came with the payment, cut, without card numbers.")
    payer_mail: str | None = Field(description="Where the payer's receipt was to go.")
    proposed: CandidateView | None = Field(
        description="The best candidate, as it looked when the money came; null when several are equally good."
    )
    candidates: list[CandidateView] = Field(description="The best ones first, five at most.")
    received_at: Instant = Field(description="When Stripe took it.")
    version: Version


class MatchView(View):
    """A payment that has left suspense."""

    payment_id: str
    account_id: str
    amount: Money
    allocations: list[AllocationView]
    credit: Money = Field(description="The part that paid no invoice and stays as credit.")
    received_at: Instant = Field(description="When Stripe took it.")
    matched_at: Instant = Field(description="When somebody said whose it is.")
    matched_by_name: str = Field(description="Who said whose it is.")
    version: Version


def _view(payment: SuspensePayment) -> SuspensePaymentView:
    proposal = payment.proposal
    return SuspensePaymentView(
        payment_id=payment.payment_id,
        amount=_money(payment, payment.amount_minor),
        left=_money(payment, payment.refundable_minor),
        hints=list(payment.hints),
        payer_mail=payment.payer_mail,
        proposed=_candidate(proposal.best) if proposal.best else None,
        candidates=[_candidate(each) for each in proposal.candidates],
        received_at=payment.created_at,
        version=payment.version,
    )


def _candidate(candidate: Candidate) -> CandidateView:
    return CandidateView(
        account_id=candidate.account_id,
        invoice_ids=list(candidate.invoice_ids),
        confidence=candidate.confidence,
        reasons=list(candidate.reasons),
    )


def _matched(payment: SuspensePayment) -> MatchView:
    assert payment.match is not None
    return MatchView(
        payment_id=payment.payment_id,
        account_id=payment.account_id,
        amount=_money(payment, payment.amount_minor),
        allocations=[
            AllocationView(invoice_id=part.invoice_id, amount=_money(payment, part.amount_minor))
            for part in payment.allocations
        ],
        credit=_money(payment, payment.credit_minor),
        received_at=payment.created_at,
        matched_at=payment.match.at,
        matched_by_name=payment.match.by_name,
        version=payment.version,
    )


def _money(payment: SuspensePayment, minor: int) -> Money:
    return Money(amount_minor=minor, currency=payment.currency)


@api.operation(
    "GET", "/v1/suspense-payments", summary="Money that belongs to nobody known",
    permission=Permission.SUSPENSE_READ, query=SuspenseQuery, returns=SuspensePaymentView,
)  # fmt: skip
def list_suspense_payments(request: Request[Empty, SuspenseQuery]) -> Items[SuspensePaymentView]:
    """Payments of one currency that wait for somebody to say whose they are, newest first, each with whose it may be.

    One that is nobody's is sent back by a refund of the payment.
    """
    found, key = suspense().waiting(request.query.currency, request.query.limit, request.start)
    return Items([_view(payment) for payment in found], key)


@api.operation(
    "POST", "/v1/suspense-payments/{payment_id}/matches", summary="Say whose money it is",
    permission=Permission.SUSPENSE_MATCH, body=NewMatch, returns=MatchView, status=201,
    errors=(AccountMerged, NotFound, Unprocessable), idempotency="required",
)  # fmt: skip
def match_suspense_payment(request: Request[NewMatch, Empty]) -> Reply[MatchView]:
    """Takes the money to this account: it pays the bills named, then the oldest, and the customer gets a receipt.

    409 when it was matched before, or when some of it went back or is disputed.
    """
    match = request.body
    order = MatchOrder(request.path["payment_id"], match.account_id, tuple(match.invoice_ids))
    payment = suspense_matches().match(order, request.idempotency_key or "", actor_of(request))
    return Reply(_matched(payment), location=f"/v1/payments/{payment.payment_id}")
