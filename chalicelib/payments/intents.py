"""What Stripe's news of payment intents does: move a payment on, and book its money in the same transaction, once.

Repeats, any order, concurrent runs and crashes are harmless: a fact writes nothing but one transaction, which holds
only when the payment is as it was read and no other movement of its account came between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import book
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore
from chalicelib.payments.handling import Fact
from chalicelib.payments.markers import Outcome
from chalicelib.payments.model import IntentFact, Payment, PaymentStatus, foreign_payment_id
from chalicelib.payments.news import Newsroom
from chalicelib.payments.reading import STATUS_BY_TYPE, read_intent
from chalicelib.payments.rows import until_first
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.telling import payment_news
from chalicelib.platform.clock import Clock

STRIPE: Final = Actor("stripe", "Stripe")
"""Who acts when money came that nobody at the desk asked for."""


class Owners(Protocol):
    """Whose money it is that the desk did not ask for."""

    def follow_invoice(self, intent_id: str, cause: str) -> Outcome | None:
        """Follow the invoice of Stripe's that the intent pays, which books it; None when it pays none.

        UNMATCHED when our books cannot follow that invoice.
        """

    def account_of(self, customer_id: str) -> str | None:
        """The account of a Stripe customer."""


class Suspense(Protocol):
    """Where money waits that belongs to nobody known."""

    def receive(self, fact: IntentFact) -> Outcome:
        """Keep it, exactly once, and tell of it."""


@dataclass(frozen=True)
class Intents:
    """`count` adds one to a named business counter."""

    payments: PaymentStore
    ledger: BillingStore
    owners: Owners
    suspense: Suspense
    newsroom: Newsroom
    clock: Clock
    count: Callable[[str], None]

    def apply(self, fact: Fact) -> Outcome:
        """Handle `payment_intent.*`. Raises Unreadable, and Unavailable when the account is too busy."""
        if fact.type not in STATUS_BY_TYPE:
            return Outcome.NOTED
        said = read_intent(fact)
        payment = self.payments.get(said.payment_id, consistent=True) if said.payment_id else None
        if payment and payment.is_of(said):
            return self.settle(payment.payment_id, said)
        return self._foreign(said, payment) if said.status is PaymentStatus.SUCCEEDED else Outcome.NOTED

    def settle(self, payment_id: str, said: IntentFact) -> Outcome:
        """Move one payment on by a fact about it, and tell of what stands then, also when a crash kept that unsaid."""
        outcome, payment, owed = until_first(lambda: self._moved(payment_id, said))
        if payment.is_settled_beside(said):  # since the caller looked
            return self._foreign(said, payment)
        if payment.is_where(said):
            if owed is None and payment.status is PaymentStatus.SUCCEEDED:
                owed = self.ledger.receivables(payment.account_id)
            news = payment_news(payment, said, owed)
            if news:
                self.newsroom.tell(news)
        return outcome

    def _moved(self, payment_id: str, said: IntentFact) -> tuple[Outcome, Payment, Receivables | None]:
        payment = self.payments.existing(payment_id)
        if not payment.is_changed_by(said):
            return Outcome.OLDER, payment, None
        moved = payment.moved(said)
        if said.status is not PaymentStatus.SUCCEEDED:
            self.payments.move(payment, moved)
            self._count(said)
            return Outcome.APPLIED, moved, None
        return self._booked(payment, moved, said)

    def _booked(self, payment: Payment, moved: Payment, said: IntentFact) -> tuple[Outcome, Payment, Receivables]:
        before = self.ledger.receivables(payment.account_id, consistent=True)
        after, allocations = before.paid(payment.amount_minor, payment.invoice_ids)
        at = datetime.fromtimestamp(said.at, UTC)
        settled = moved.model_copy(update={"allocations": allocations, "settled_at": at})
        actor = Actor(payment.taken_by, payment.taken_by_name, payment.request_id)
        movement = Movement(EntryKind.PAYMENT, payment.amount_minor, payment.payment_id, at, said.cause, actor)
        self.payments.move(payment, settled, book(before, after, movement, self.clock()))
        self._count(said)
        return Outcome.APPLIED, settled, after

    def _foreign(self, said: IntentFact, named: Payment | None) -> Outcome:
        """Money that the desk did not ask for in this way: of a Stripe invoice, of a customer, or of nobody known.

        A ledger has one currency: what a customer paid in another one waits in suspense too.
        """
        followed = self.owners.follow_invoice(said.intent_id, said.cause) if named is None else None
        if followed and followed is not Outcome.UNMATCHED:
            return followed
        account_id = self.owners.account_of(said.customer_id) if said.customer_id else None
        if account_id is None or self.ledger.receivables(account_id, consistent=True).currency != said.currency:
            return self.suspense.receive(said)
        begun = self.payments.begin(_begun(said, account_id))
        return self.settle(begun.payment_id, said)

    def _count(self, said: IntentFact) -> None:
        if said.status in (PaymentStatus.SUCCEEDED, PaymentStatus.FAILED):
            self.count(f"Payments{said.status.value.capitalize()}")


def _begun(said: IntentFact, account_id: str) -> Payment:
    """The payment of an intent that the desk did not begin, before its money is booked."""
    return Payment(
        payment_id=foreign_payment_id(said.intent_id),
        account_id=account_id,
        amount_minor=said.amount_minor,
        currency=said.currency,
        payment_intent_id=said.intent_id,
        taken_by=STRIPE.subject,
        taken_by_name=STRIPE.name,
        created_at=datetime.fromtimestamp(said.at, UTC),
    )
