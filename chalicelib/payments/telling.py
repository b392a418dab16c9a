"""What is told of payments, refunds and disputes, and when. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from chalicelib.billing.receivables import Allocation, Receivables
from chalicelib.billing.suspense import is_suspense
from chalicelib.payments.chargeback import Chargeback, ChargebackFact, ChargebackStatus
from chalicelib.payments.model import IntentFact, Payment, PaymentStatus
from chalicelib.payments.news import PLANS, Ending, News, PaidPart, Starter, Topic
from chalicelib.payments.news import Fact as Word
from chalicelib.payments.refund import RETURNED, Refund, RefundStatus
from chalicelib.payments.suspense_model import Proposal

_TOPIC_OF_PAYMENT: Final = {
    PaymentStatus.FAILED: Topic.PAYMENT_FAILED,
    PaymentStatus.REQUIRES_ACTION: Topic.ACTION_REQUIRED,
    PaymentStatus.SUCCEEDED: Topic.PAYMENT_SUCCEEDED,
}
_ENDING: Final = {
    ChargebackStatus.WON: Ending.WON,
    ChargebackStatus.LOST: Ending.LOST,
    ChargebackStatus.WARNING_CLOSED: Ending.WITHDRAWN,
    ChargebackStatus.PREVENTED: Ending.WITHDRAWN,
}
_OPENED: Final = frozenset({ChargebackStatus.WARNING_NEEDS_RESPONSE, ChargebackStatus.NEEDS_RESPONSE})


def payment_news(payment: Payment, said: IntentFact, owed: Receivables | None) -> News | None:
    """What is told of a payment that a fact brought to where it is; None where nobody has to hear.

    `owed` is what the account owes after it, when it succeeded. Of money in suspense `unmatched_news` tells.
    """
    topic = _TOPIC_OF_PAYMENT.get(payment.status)
    if topic is None or is_suspense(payment.account_id):
        return None
    starter = _starter(payment, said)
    words = {Word.STARTED_BY: starter, Word.CASE_ID: payment.case_id, Word.DECLINE_CODE: payment.failure_code}
    return News(
        topic=topic,
        object_id=payment.payment_id,
        at=datetime.fromtimestamp(said.at, UTC),
        occasion="" if payment.status is PaymentStatus.SUCCEEDED else said.charge_id or str(said.at),
        account_id=payment.account_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        balance_minor=owed.balance_minor if owed else None,
        parts=tuple(_part(part, owed) for part in payment.allocations) if owed else (),
        facts={word: text for word, text in words.items() if text},
    )


def _starter(payment: Payment, said: IntentFact) -> Starter:
    if payment.off_session and payment.taken_by == PLANS:
        return Starter.PLAN
    return Starter.DESK if payment.off_session or said.delayed else Starter.CUSTOMER


def receipt_news(payment: Payment, owed: Receivables) -> News:
    """What the customer is told of money that was found to be theirs: that it came, when it came, and what it paid."""
    return News(
        topic=Topic.PAYMENT_SUCCEEDED,
        object_id=payment.payment_id,
        at=payment.settled_at or payment.created_at,
        account_id=payment.account_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        balance_minor=owed.balance_minor,
        parts=tuple(_part(part, owed) for part in payment.allocations),
    )


def unmatched_news(payment: Payment, proposal: Proposal) -> News:
    """What is told of money that belongs to nobody known."""
    best = proposal.best
    words = {Word.PROPOSAL: f"{best.account_id} ({best.confidence} confidence)"} if best else {}
    return News(
        topic=Topic.PAYMENT_UNMATCHED,
        object_id=payment.payment_id,
        at=payment.settled_at or payment.created_at,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        facts=words,
    )


def matched_news(payment: Payment, at: datetime) -> News:
    """What is told when somebody has said whose the money of `unmatched_news` is."""
    return News(
        topic=Topic.PAYMENT_MATCHED,
        object_id=payment.payment_id,
        at=at,
        account_id=payment.account_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )


def difference_news(object_id: str, account_id: str | None, at: datetime, words: dict[Word, str]) -> News:
    """What is told of a difference from Stripe's books. Another one of the same object is news of its own."""
    said = "\n".join(words[name] for name in sorted(words))
    return News(
        topic=Topic.RECONCILIATION_DIFFERENCE,
        object_id=object_id,
        at=at,
        occasion=sha256(said.encode()).hexdigest()[:16],
        account_id=account_id,
        facts=words,
    )


def _customers(account_id: str) -> str | None:
    """The account that hears of it; nobody's money has none."""
    return None if is_suspense(account_id) else account_id


def _part(part: Allocation, owed: Receivables) -> PaidPart:
    left = owed.due_minor(part.invoice_id)
    return PaidPart(invoice_id=part.invoice_id, amount_minor=part.amount_minor, left_minor=left)


def refund_news(refund: Refund, at: datetime, balance_minor: int | None) -> News | None:
    """What is told of a refund as it stands; None while it is under way, and when Stripe never took it on."""
    if refund.status is not RefundStatus.SUCCEEDED and refund.status not in RETURNED:
        return None
    failed = refund.status in RETURNED
    words = {Word.PAYMENT_ID: refund.payment_id}
    if failed:
        words[Word.REASON] = refund.failure_reason or refund.status.value
    return News(
        topic=Topic.REFUND_FAILED if failed else Topic.REFUND_SUCCEEDED,
        object_id=refund.refund_id,
        at=at,
        account_id=_customers(refund.account_id),
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        balance_minor=balance_minor,
        facts=words,
    )


def chargeback_news(dispute: Chargeback, said: ChargebackFact, balance_minor: int | None) -> tuple[News, ...]:
    """What is told of a dispute that a fact brought to where it is.

    One that is lost before anything was heard of it is told as opened, too: somebody has to see the money that is gone.
    """
    told = _of_chargeback(dispute, said, balance_minor)
    if dispute.status is not ChargebackStatus.LOST:
        return (told,)
    words = {name: word for name, word in told.facts.items() if name is not Word.OUTCOME}
    opened = {"topic": Topic.DISPUTE_OPENED, "occasion": ChargebackStatus.NEEDS_RESPONSE.value, "facts": words}
    return told.model_copy(update=opened), told


def _of_chargeback(dispute: Chargeback, said: ChargebackFact, balance_minor: int | None) -> News:
    ending = _ENDING.get(dispute.status)
    topic = Topic.DISPUTE_CLOSED if ending else Topic.DISPUTE_OPENED
    if not ending and dispute.status not in _OPENED:
        topic = Topic.DISPUTE_UPDATED
    words = {Word.PAYMENT_ID: dispute.payment_id, Word.REASON: dispute.reason, Word.STATUS: dispute.status.value}
    if ending:
        words[Word.OUTCOME] = ending
    return News(
        topic=topic,
        object_id=dispute.chargeback_id,
        at=said.at,
        occasion=dispute.status.value,
        account_id=_customers(dispute.account_id),
        amount_minor=dispute.amount_minor,
        currency=dispute.currency,
        balance_minor=balance_minor,
        deadline=dispute.due_at,
        facts=words,
    )
