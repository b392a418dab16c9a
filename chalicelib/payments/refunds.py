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
from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.store import BillingStore
from chalicelib.payments.finding import PaymentFinder
from chalicelib.payments.handling import Fact
from chalicelib.payments.ids import derived_id
from chalicelib.payments.intents import STRIPE
from chalicelib.payments.markers import Outcome
from chalicelib.payments.model import Payment, stale
from chalicelib.payments.news import Newsroom
from chalicelib.payments.reading import read_refund
from chalicelib.payments.refund import (
    Refund,
    Refunder,
    RefundFact,
    RefundOrder,
    RefundStatus,
    foreign_refund_id,
    refund_of,
)
from chalicelib.payments.returns import Return, booked
from chalicelib.payments.rows import Outrun, Stands, until_first
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.telling import refund_news
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, NotFound, Refused, Unprocessable


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

        Raises NotFound, Conflict when the payment took no money or the key belongs to another refund or one that Stripe
        refused, Unprocessable for more than is left, Refused and Unavailable of Stripe.
        """
        refund = until_first(lambda: self._begun(order, key, actor))
        if not refund.is_for(order):
            raise Conflict("This Idempotency-Key was used for another refund.", reason="key_reused")
        if refund.status is RefundStatus.REFUSED:
            raise Conflict("This refund was refused. Use a new Idempotency-Key.", reason="refund_refused")
        return self.go_on(refund) if refund.status is RefundStatus.REQUESTED else refund

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
        # In this order: a payment that lacks what a twin of this request took shows the twin's refund too.
        payment = self.payments.existing(order.payment_id)
        standing = self.payments.refunds.get(refund_id, consistent=True)
        if standing:
            return standing
        refund = refund_of(payment, order, refund_id, actor, self.clock())
        after = _reserving(payment, None, refund)
        return self.payments.ask_refund(payment, after, refund, _audited(payment, refund, actor))

    def go_on(self, refund: Refund) -> Refund:
        """Ask Stripe for a refund that was begun. Raises Refused, Conflict, Unprocessable, Unavailable."""
        try:
            said = self._said_before(refund) or self.refunder.create_refund(refund)
        except (Refused, Conflict, Unprocessable):
            until_first(lambda: self._released(refund.refund_id))
            raise
        return self._follow(refund.refund_id, said, refund.request_id or refund.refund_id)[1]

    def _said_before(self, refund: Refund) -> RefundFact | None:
        """Stripe forgets after a day what it was asked: an older refund that it made, and nobody heard of, is found."""
        return self.refunder.find_refund(refund) if stale(refund, self.clock()) else None

    def _released(self, refund_id: str) -> None:
        """Stripe did not take it on: the payment can give the money back again."""
        refund = self.payments.refunds.get(refund_id, consistent=True)
        if refund is None or refund.status is not RefundStatus.REQUESTED:
            return
        payment = self.payments.existing(refund.payment_id)
        refused = refund.model_copy(update={"status": RefundStatus.REFUSED})
        self.payments.move_refund((refund, refused), (payment, _reserving(payment, refund, refused)))

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
            going = Return(refund_id, refund.amount_minor, said.made_at, said.at, cause, actor)
            after, entries = booked(payment, owed, going.movements(kinds), self.clock())
        self.payments.move_refund((refund, moved), (payment, _reserving(after, refund, moved)), *entries)
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
        self.payments.begin_refund(refund, (payment, _reserving(payment, None, refund)))

    def _count(self, refund: Refund) -> None:
        if refund.status in (RefundStatus.SUCCEEDED, RefundStatus.FAILED):
            self.count(f"Refunds{refund.status.value.capitalize()}")


def _reserving(payment: Payment, before: Refund | None, after: Refund) -> Payment:
    """The payment after what a refund keeps of it has changed."""
    kept = after.reserved_minor - (before.reserved_minor if before else 0)
    return payment.model_copy(update={"refunded_minor": payment.refunded_minor + kept})


def _audited(payment: Payment, refund: Refund, actor: Actor) -> AuditEntry:
    asked = refund.model_dump(mode="json", include={"refund_id", "payment_id", "amount_minor", "currency", "reason"})
    audit_id, subject = f"aud_{refund.refund_id}", f"A#{payment.account_id}"
    return entry(audit_id, subject, "refund.requested", actor, refund.created_at, {}, asked)
