"""What Stripe's signed events do: move a payment on, and book its money in the same transaction, exactly once.

Repeats, any order, concurrent runs and crashes are harmless because an event writes nothing but one transaction, which
holds only when the event is new, the payment is as it was read, and no other movement of the account came between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.billing.receivables import EntryKind, LedgerEntry, Receivables
from chalicelib.billing.store import payment_writes
from chalicelib.payments.events import API_VERSION, STATUS_BY_TYPE, StripeEvent, Unreadable, read_event, read_intent
from chalicelib.payments.model import IntentFact, Marker, Outcome, Payment, PaymentStatus
from chalicelib.payments.store import EventKnown, Outrun, PaymentStore
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Unavailable

ATTEMPTS = 8
"""How often a movement is decided anew when others come first; the queue tries again after that."""
_COUNTED = {
    Outcome.IGNORED: "StripeEventsIgnored",
    Outcome.OLDER: "StripeEventsOlder",
    Outcome.OTHER_VERSION: "StripeEventsOtherVersion",
    Outcome.UNMATCHED: "PaymentsUnmatched",
}


@dataclass(frozen=True)
class StripeEvents:
    """`count` adds one to a named business counter."""

    store: PaymentStore
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def apply(self, body: str) -> None:
        """Deal with one event, given as the body that Stripe sent. What it was is kept with its marker for 40 days.

        Types that the desk does not act on, intents that are not ours, and shapes of other API versions that cannot be
        read are kept and counted. Raises Unreadable for a body that is no event, Unavailable for a too busy account.
        """
        event = read_event(body)
        if event.type not in STATUS_BY_TYPE:
            return self._keep(event, Outcome.IGNORED)
        try:
            fact = read_intent(event)
        except Unreadable:
            if event.api_version == API_VERSION:
                raise
            return self._keep(event, Outcome.OTHER_VERSION)
        return self._apply(event, fact)

    def _apply(self, event: StripeEvent, fact: IntentFact) -> None:
        for _ in range(ATTEMPTS):
            payment = self.store.get(fact.payment_id, consistent=True) if fact.payment_id else None
            if payment is None or not payment.is_of(fact):
                return self._keep(event, Outcome.UNMATCHED)
            if not payment.is_changed_by(fact):
                return self._keep(event, Outcome.OLDER)
            try:
                self._move(event, payment, fact)
            except EventKnown:
                return None
            except Outrun:
                continue
            return None
        raise Unavailable("The account is too busy just now; the event will be tried again.")

    def _move(self, event: StripeEvent, payment: Payment, fact: IntentFact) -> None:
        marker = self._marker(event, Outcome.APPLIED)
        moved = payment.model_copy(
            update={
                "status": fact.status,
                "payment_intent_id": fact.intent_id,
                "failure_code": fact.failure_code,
                "as_of": max(fact.at, payment.as_of),
            }
        )
        if fact.status is PaymentStatus.SUCCEEDED:
            self._book(marker, payment, moved, datetime.fromtimestamp(fact.at, UTC))
            self.count("PaymentsSucceeded")
        else:
            self.store.apply(marker, payment, moved)
            if fact.status is PaymentStatus.FAILED:
                self.count("PaymentsFailed")

    def _book(self, marker: Marker, payment: Payment, moved: Payment, at: datetime) -> None:
        before = self.store.payer(payment.account_id)
        after, allocations = before.paid(payment.amount_minor, payment.invoice_ids)
        settled = moved.model_copy(update={"allocations": allocations, "settled_at": at})
        booked = LedgerEntry(
            entry_id=self.new_id("led"),
            account_id=payment.account_id,
            at=at,
            entry_kind=EntryKind.PAYMENT,
            amount_minor=-payment.amount_minor,
            currency=payment.currency,
            reference_id=payment.payment_id,
        )
        audit = self._audited(payment, settled, before, after)
        self.store.apply(marker, payment, settled, payment_writes(before, after, allocations, booked), audit)

    def _audited(self, payment: Payment, settled: Payment, before: Receivables, after: Receivables) -> AuditEntry:
        actor = Actor(payment.taken_by, payment.taken_by_name, payment.request_id)
        taken = {"payment_id": payment.payment_id, "amount_minor": payment.amount_minor, "currency": payment.currency}
        return entry(
            self.new_id("aud"),
            f"A#{payment.account_id}",
            "payment.taken",
            actor,
            self.clock(),
            {"status": payment.status.value, "balance_minor": before.balance_minor},
            {"status": settled.status.value, "balance_minor": after.balance_minor, **taken},
        )

    def _keep(self, event: StripeEvent, outcome: Outcome) -> None:
        if self.store.keep(self._marker(event, outcome)):
            self.count(_COUNTED[outcome])

    def _marker(self, event: StripeEvent, outcome: Outcome) -> Marker:
        return Marker(
            event_id=event.id,
            event_type=event.type,
            api_version=event.api_version,
            object_id=event.object_id,
            outcome=outcome,
            at=self.clock(),
        )
