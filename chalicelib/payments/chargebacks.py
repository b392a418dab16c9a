"""Follows what Stripe says of disputes: the money that the bank holds, gives back or keeps, and who has to hear."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.store import BillingStore
from chalicelib.payments.chargeback import CLOSED, Chargeback, ChargebackFact, ChargebackStatus, held_minor
from chalicelib.payments.finding import PaymentFinder
from chalicelib.payments.handling import Fact
from chalicelib.payments.intents import STRIPE
from chalicelib.payments.markers import Outcome
from chalicelib.payments.news import Newsroom
from chalicelib.payments.reading import read_chargeback
from chalicelib.payments.returns import Return, booked
from chalicelib.payments.rows import Outrun, Stands, until_first
from chalicelib.payments.store import PaymentStore
from chalicelib.payments.telling import chargeback_news
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item


@dataclass(frozen=True)
class Chargebacks:
    """`count` adds one to a named business counter."""

    payments: PaymentStore
    ledger: BillingStore
    finder: PaymentFinder
    newsroom: Newsroom
    clock: Clock
    count: Callable[[str], None]

    def apply(self, fact: Fact) -> Outcome:
        """Handle `charge.dispute.*`. Raises Unreadable, and Unavailable when the account is too busy."""
        said = read_chargeback(fact)
        if self.payments.chargebacks.get(said.chargeback_id, consistent=True) is None:
            intent_id = said.payment_intent_id
            payment = intent_id and self.finder.settled(intent_id, said.currency, fact.cause)
            if not payment:
                return Outcome.UNMATCHED
            begun = _begun(said, payment.account_id, payment.payment_id)
            with suppress(Stands):
                until_first(lambda: self.payments.chargebacks.begin(begun))
        outcome, chargeback, balance = until_first(lambda: self._moved(said, fact.cause))
        if chargeback.status is said.status:
            for news in chargeback_news(chargeback, said, balance):
                self.newsroom.tell(news)
        return outcome

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Chargeback], Item | None]:
        """Disputes at the bank of an account's payments, newest first."""
        return self.payments.chargebacks.of_account(account_id, limit, start)

    def _moved(self, said: ChargebackFact, cause: str) -> tuple[Outcome, Chargeback, int | None]:
        chargeback = self.payments.chargebacks.get(said.chargeback_id, consistent=True)
        if chargeback is None:
            raise Outrun
        if not chargeback.is_changed_by(said):
            return Outcome.OLDER, chargeback, None
        moved, kinds = chargeback.moved(said)
        payment = self.payments.existing(chargeback.payment_id)
        after, entries = payment, tuple[LedgerEntry, ...]()
        if kinds:
            owed = self.ledger.receivables(payment.account_id, consistent=True)
            going = Return(moved.chargeback_id, moved.amount_minor, moved.opened_at, said.at, cause, STRIPE)
            after, entries = booked(payment, owed, going.movements(kinds), self.clock())
            held = payment.charged_back_minor - held_minor(chargeback) + held_minor(moved)
            after = after.model_copy(update={"charged_back_minor": held})
        self.payments.move_chargeback((chargeback, moved), (payment, after), *entries)
        self._count(moved)
        return Outcome.APPLIED, moved, entries[-1].balance_minor if entries else None

    def _count(self, chargeback: Chargeback) -> None:
        ending = "Closed" if chargeback.status in CLOSED else "Moved"
        self.count(f"Chargebacks{ending}")


def _begun(said: ChargebackFact, account_id: str, payment_id: str) -> Chargeback:
    """An inquiry of nothing yet: what the fact says of it comes as its first move."""
    return Chargeback(
        chargeback_id=said.chargeback_id,
        account_id=account_id,
        payment_id=payment_id,
        amount_minor=said.amount_minor,
        currency=said.currency,
        status=ChargebackStatus.WARNING_NEEDS_RESPONSE,
        reason=said.reason,
        due_at=said.due_at,
        as_of=datetime.fromtimestamp(0, said.opened_at.tzinfo),
        opened_at=said.opened_at,
    )
