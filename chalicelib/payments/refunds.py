"""Use cases of refunds: ask for one within what was paid, and follow what Stripe says of it.

What a payment can still give back is on its own row, so two requests at once cannot take the same money. The ledger
books a refund when Stripe has taken it on and its return when it fails, each in the transaction that moves the refund;
the parts of invoices that the money had paid are owed again when no unused credit covers them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.billing.ledger import EntryKind, LedgerEntry, Movement
from chalicelib.billing.store import BillingStore
from chalicelib.payments.finding import PaymentFinder
from chalicelib.payments.handling import Fact
from chalicelib.payments.ids import derived_id
from chalicelib.payments.intents import STRIPE
from chalicelib.payments.markers import Outcome
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.news import Newsroom
from chalicelib.payments.reading import read_refund
from chalicelib.payments.refund import (
    RETURNED,
    Refund,
    Refunder,
    RefundFact,
    RefundReason,
    RefundStatus,
    foreign_refund_id,
)
from chalicelib.payments.returns import booked
from chalicelib.payments.rows import Outrun, Stands, until_first
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.telling import refund_news
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, FieldError, NotFound, Refused, Unprocessable


@dataclass(frozen=True)
class RefundOrder:
    """What is to go back: an amount in minor units (none: all that is left) of one payment."""

    payment_id: str
    amount_minor: int | None = None
    reason: RefundReason | None = None


@dataclass(frozen=True)
class Refunds:
    """`id_key` keys the refund ids; `count` adds one to a named business counter."""

    payments: PaymentStore
    ledger: BillingStore
    finder: PaymentFinder
    refunder: Refunder
    newsroom: Newsroom
    clock: Clock
    id_key: Callable[[], bytes]
    count: Callable[[str], None]

    def request(self, order: RefundOrder, key: str, actor: Actor) -> Refund:
        """Send money of a payment back; one payment and Idempotency-Key is one refund.

        Raises NotFound, Conflict when the payment took no money or the key belongs to another refund, Unprocessable
        for more than is left, Refused and Unavailable of Stripe.
        """
        refund = until_first(lambda: self._begun(order, key, actor))
        if order.amount_minor not in (None, refund.amount_minor) or refund.payment_id != order.payment_id:
            raise Conflict("This Idempotency-Key was used for another refund.", reason="key_reused")
        return self._ask(refund) if refund.status is RefundStatus.REQUESTED else refund

    def get(self, refund_id: str) -> Refund:
        """The refund. Raises NotFound."""
        refund = self.payments.refunds.get(refund_id)
        if refund is None:
            raise NotFound
        return refund

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Refund], Item | None]:
        """Refunds of an account, newest first."""
        return self.payments.refunds.of_account(account_id, limit, start)

    def apply(self, fact: Fact) -> Outcome:
        """Handle `refund.*`. Raises Unreadable, and Unavailable when the account is too busy."""
        said = read_refund(fact)
        refund = self.payments.refunds.get(said.refund_id or foreign_refund_id(said.stripe_refund_id), consistent=True)
        if refund is None or not refund.is_of(said):
            return self._foreign(said, fact.cause)
        return self._follow(refund.refund_id, said, fact.cause)[0]

    def _begun(self, order: RefundOrder, key: str, actor: Actor) -> Refund:
        refund_id = derived_id("ref", self.id_key(), order.payment_id, key)
        standing = self.payments.refunds.get(refund_id, consistent=True)
        if standing:
            return standing
        payment = self.payments.existing(order.payment_id)
        refund = self._new(refund_id, payment, order, actor)
        after = payment.model_copy(update={"refunded_minor": payment.refunded_minor + refund.amount_minor})
        return self.payments.ask_refund(payment, after, refund, _audited(payment, refund, actor))

    def _new(self, refund_id: str, payment: Payment, order: RefundOrder, actor: Actor) -> Refund:
        if payment.status is not PaymentStatus.SUCCEEDED or payment.payment_intent_id is None:
            raise Conflict("This payment has taken no money.", reason="payment_not_settled")
        amount = payment.refundable_minor if order.amount_minor is None else order.amount_minor
        if not 0 < amount <= payment.refundable_minor:
            wrong = FieldError("/amount/amount_minor", f"{payment.refundable_minor} can still be refunded")
            raise Unprocessable("The refund is more than what is left of the payment.", [wrong])
        return Refund(
            refund_id=refund_id,
            account_id=payment.account_id,
            payment_id=payment.payment_id,
            payment_intent_id=payment.payment_intent_id,
            amount_minor=amount,
            currency=payment.currency,
            reason=order.reason,
            requested_by=actor.subject,
            requested_by_name=actor.name,
            request_id=actor.request_id,
            created_at=self.clock(),
        )

    def _ask(self, refund: Refund) -> Refund:
        try:
            said = self.refunder.create_refund(refund)
        except (Refused, Conflict, Unprocessable):
            until_first(lambda: self._released(refund))
            raise
        return self._follow(refund.refund_id, said, refund.request_id or refund.refund_id)[1]

    def _released(self, refund: Refund) -> None:
        """Stripe did not take it on: the payment can give the money back again."""
        payment = self.payments.existing(refund.payment_id)
        refused = refund.model_copy(update={"status": RefundStatus.REFUSED})
        left = payment.model_copy(update={"refunded_minor": payment.refunded_minor - refund.amount_minor})
        self.payments.move_refund((refund, refused), (payment, left))

    def _follow(self, refund_id: str, said: RefundFact, cause: str) -> tuple[Outcome, Refund]:
        outcome, refund, balance = until_first(lambda: self._moved(refund_id, said, cause))
        if refund.status is said.status:
            news = refund_news(refund, said.at, balance)
            if news:
                self.newsroom.tell(news)
        return outcome, refund

    def _moved(self, refund_id: str, said: RefundFact, cause: str) -> tuple[Outcome, Refund, int | None]:
        refund = self.payments.refunds.get(refund_id, consistent=True)
        if refund is None:
            raise Outrun
        if not refund.is_changed_by(said):
            return Outcome.OLDER, refund, None
        moved, kinds = refund.moved(said)
        payment = self.payments.existing(refund.payment_id)
        after, entries = payment, tuple[LedgerEntry, ...]()
        if kinds:
            owed = self.ledger.receivables(payment.account_id, consistent=True)
            actor = Actor(refund.requested_by, refund.requested_by_name, refund.request_id)
            when = {EntryKind.REFUND: said.made_at}
            steps = [
                Movement(kind, refund.amount_minor, refund_id, when.get(kind, said.at), cause, actor) for kind in kinds
            ]
            after, entries = booked(payment, owed, steps, self.clock())
        if moved.status in RETURNED:
            after = after.model_copy(update={"refunded_minor": payment.refunded_minor - refund.amount_minor})
        self.payments.move_refund((refund, moved), (payment, after), *entries)
        self._count(moved)
        return Outcome.APPLIED, moved, entries[-1].balance_minor if entries else None

    def _foreign(self, said: RefundFact, cause: str) -> Outcome:
        """A refund made at Stripe itself: it is followed like one of ours."""
        if said.payment_intent_id is None:
            return Outcome.UNMATCHED
        payment = self.finder.settled(said.payment_intent_id, said.currency, cause)
        if payment is None:
            return Outcome.UNMATCHED
        refund_id = foreign_refund_id(said.stripe_refund_id)
        with suppress(Stands):
            until_first(lambda: self._adopted(refund_id, payment.payment_id, said))
        return self._follow(refund_id, said, cause)[0]

    def _adopted(self, refund_id: str, payment_id: str, said: RefundFact) -> None:
        payment = self.payments.existing(payment_id)
        refund = Refund(
            refund_id=refund_id,
            account_id=payment.account_id,
            payment_id=payment_id,
            payment_intent_id=said.payment_intent_id or "",
            amount_minor=said.amount_minor,
            currency=said.currency,
            requested_by=STRIPE.subject,
            requested_by_name=STRIPE.name,
            created_at=said.made_at,
        )
        after = payment.model_copy(update={"refunded_minor": payment.refunded_minor + said.amount_minor})
        self.payments.begin_refund(refund, (payment, after))

    def _count(self, refund: Refund) -> None:
        if refund.status in (RefundStatus.SUCCEEDED, RefundStatus.FAILED):
            self.count(f"Refunds{refund.status.value.capitalize()}")


def _audited(payment: Payment, refund: Refund, actor: Actor) -> AuditEntry:
    asked = refund.model_dump(mode="json", include={"refund_id", "payment_id", "amount_minor", "currency", "reason"})
    audit_id, subject = f"aud_{refund.refund_id}", f"A#{payment.account_id}"
    return entry(audit_id, subject, "refund.requested", actor, refund.created_at, {}, asked)
