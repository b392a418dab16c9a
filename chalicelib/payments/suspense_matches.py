"""Says whose money it is that waited in suspense: it leaves there and pays that account's bills, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.accounts.heads import refuse_merged
from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.billing.ledger import LedgerEntry, book
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore
from chalicelib.billing.suspense import is_suspense
from chalicelib.payments.customers import HolderStore
from chalicelib.payments.ids import derived_id
from chalicelib.payments.news import Newsroom
from chalicelib.payments.rows import Outrun, until_first
from chalicelib.payments.suspense_model import Match, Proposal, SuspensePayment
from chalicelib.payments.suspense_store import SuspenseStore
from chalicelib.payments.telling import matched_news, receipt_news
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, FieldError, NotFound, Unprocessable


@dataclass(frozen=True)
class MatchOrder:
    """Whose money a payment is, and which open invoices it pays first, in their order; then the oldest."""

    payment_id: str
    account_id: str
    invoice_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matches:
    """`id_key` keys the match ids."""

    store: SuspenseStore
    ledger: BillingStore
    newsroom: Newsroom
    clock: Clock
    id_key: Callable[[], bytes]

    def match(self, order: MatchOrder, key: str, actor: Actor) -> SuspensePayment:
        """The payment on its account; the same order and Idempotency-Key once more finds it done.

        Raises NotFound for a payment that never was in suspense, Conflict when it was matched before or some of its
        money has gone back, Unprocessable for an account or invoice that cannot take it.
        """
        match_id = derived_id("match", self.id_key(), order.payment_id, order.account_id, *order.invoice_ids, key)
        payment, owed = until_first(lambda: self._matched(order, match_id, actor))
        self.newsroom.tell(receipt_news(payment, owed))
        self.newsroom.tell(matched_news(payment, payment.match.at if payment.match else payment.created_at))
        return payment

    def _matched(self, order: MatchOrder, match_id: str, actor: Actor) -> tuple[SuspensePayment, Receivables]:
        held = self.store.existing(order.payment_id)
        if held.match and held.match.match_id == match_id:
            return held, self.ledger.receivables(held.account_id, consistent=True)
        _check_free(held)
        before, now = self._taker(order, held), self.clock()
        after, allocations = before.paid(held.amount_minor, order.invoice_ids)
        mine = SuspensePayment.model_validate(
            {
                **held.model_dump(),
                "account_id": order.account_id,
                "invoice_ids": order.invoice_ids,
                "allocations": allocations,
                "version": held.version + 1,
                "hints": (),
                "payer_mail": None,
                "proposal": Proposal(),
                "match": Match(match_id=match_id, at=now, by=actor.subject, by_name=actor.name),
            }
        )
        taken = book(before, after, _movement(EntryKind.PAYMENT_MATCHED, mine, actor, now), now)
        self.store.match(held, mine, _audited(held, mine, actor), self._released(held, mine, actor, now), taken)
        return mine, after

    def _released(self, held: SuspensePayment, mine: SuspensePayment, actor: Actor, now: datetime) -> LedgerEntry:
        """What the suspense account gives away is credit there: it has no bills."""
        before = self.ledger.receivables(held.account_id, consistent=True)
        if before.credit_minor < held.amount_minor:
            raise Outrun  # it was taken since the payment was read
        after, _ = before.refunded(held.amount_minor, ())
        return book(before, after, _movement(EntryKind.SUSPENSE_RELEASED, mine, actor, now), now)

    def _taker(self, order: MatchOrder, held: SuspensePayment) -> Receivables:
        """What the account owes that is to take the money. Raises Unprocessable, and AccountMerged for more than that
        where the account goes on in another."""
        try:
            owed = None if is_suspense(order.account_id) else self.ledger.receivables(order.account_id, consistent=True)
        except NotFound:
            owed = None
        if owed is None:
            raise Unprocessable("The money cannot go there.", [FieldError("/account_id", "there is no such account")])
        if owed.currency != held.currency:
            wrong = FieldError("/account_id", f"this account pays in {owed.currency}, the money is {held.currency}")
            raise Unprocessable("The money is not in the currency of the account.", [wrong])
        closed = [place for place, invoice_id in enumerate(order.invoice_ids) if not owed.due_minor(invoice_id)]
        if closed:
            wrongs = [FieldError(f"/invoice_ids/{place}", "not an open invoice of this account") for place in closed]
            raise Unprocessable("Some invoices cannot be paid.", wrongs)
        if held.amount_minor > owed.balance_minor:
            refuse_merged(HolderStore(self.ledger.table).get(order.account_id).merged_into)
        return owed


def _check_free(held: SuspensePayment) -> None:
    if held.match:
        raise Conflict("This payment was matched before.", reason="already_matched")
    if not is_suspense(held.account_id):
        raise NotFound
    if held.returned_minor:
        raise Conflict("Some of this money has gone back; the rest can only be refunded.", reason="money_returned")


def _movement(kind: EntryKind, mine: SuspensePayment, actor: Actor, now: datetime) -> Movement:
    return Movement(kind, mine.amount_minor, mine.payment_id, now, actor.request_id or mine.payment_id, actor)


def _audited(held: SuspensePayment, mine: SuspensePayment, actor: Actor) -> AuditEntry:
    """Kept with the account that got the money, beside what had been proposed."""
    assert mine.match is not None
    before = {"account_id": held.account_id, "proposed": held.proposal.account_id}
    told = {"payment_id", "account_id", "amount_minor", "currency", "invoice_ids"}
    after = mine.model_dump(mode="json", include=told)
    audit_id, subject = f"aud_{mine.match.match_id}", f"A#{mine.account_id}"
    return entry(audit_id, subject, "payment.matched", actor, mine.match.at, before, after)
