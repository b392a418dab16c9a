"""Keys, queries and transactions of payments. Rows stand as `rows.py` says, under the letters P, F and D.

| item               | pk              | sk  | round trips, units                       |
| customer's pointer | `SC#<customer>` | `#` | get 1, 0.5 read                          |
| refund asked for   | `ASKED#<day>`   | `<refund>` | page 1; expires after ten days    |

Begin: 1 round trip, 6 write units (pointer, row, audit entry). A payment that succeeds is one transaction of its row
and the ledger entry that says what is owed after it: 4 write units with up to three open invoices; the event's marker
is the fifth. A refund or dispute that moves money takes two units more, for its own row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from chalicelib.accounts.store import head_key
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.store import BillingStore, entry_put
from chalicelib.payments.chargeback import Chargeback
from chalicelib.payments.model import Payer, Payment, PaymentStatus
from chalicelib.payments.refund import Refund
from chalicelib.payments.rows import Outrun, Rows, Stands, until_first
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Key, Put, Table, Update, Write
from chalicelib.platform.errors import Conflict, NotFound

ASKED_KEPT: Final = timedelta(days=10)
T = TypeVar("T")
Moved = tuple[T, T]
"""A row as it was read, and as it is to be."""


@dataclass(frozen=True)
class PaymentStore:
    table: Table

    @property
    def rows(self) -> Rows[Payment]:
        return Rows(self.table, Payment, "payment", "P")

    @property
    def refunds(self) -> Rows[Refund]:
        return Rows(self.table, Refund, "refund", "F")

    @property
    def chargebacks(self) -> Rows[Chargeback]:
        return Rows(self.table, Chargeback, "chargeback", "D")

    def payer(self, account_id: str) -> Payer:
        """What a payment needs to know of its account. Two round trips. Raises NotFound."""
        head = self.table.get(*head_key(account_id), consistent=True)
        if head is None:
            raise NotFound("There is no account with this id.")
        tail = BillingStore(self.table).tail(account_id)
        owed = dict(tail.receivables) if tail else {"account_id": account_id, "currency": head["currency"]}
        customers = {name: head.get(name) for name in ("stripe_customer_id", "former_customer_id", "merged_into")}
        return Payer(**owed, **customers)

    def set_customer(self, account_id: str, customer_id: str) -> str:
        """Keep the account's Stripe customer, and whose it is. Returns the one that stands: the first one kept wins.

        Raises NotFound without the account, Conflict when the customer stands for another one.
        """
        first = Attr("pk").exists() & Attr("stripe_customer_id").not_exists()
        head = Update(*head_key(account_id), set={"stripe_customer_id": customer_id}, condition=first)
        pointer = {"pk": f"SC#{customer_id}", "sk": "#", "kind": "pointer", "account_id": account_id}
        try:
            self.table.transact([head, Put(pointer, ABSENT | Attr("account_id").eq(account_id))])
        except ConditionFailed as failed:
            if failed.index:
                raise Conflict("This customer stands for another account.") from None
            if failed.item is None:
                raise NotFound("There is no account with this id.") from None
            return str(failed.item["stripe_customer_id"])
        return customer_id

    def drop_customer(self, account_id: str, customer_id: str) -> bool:
        """The account's customer is no more; False when it is not the account's. Whose it was stays known."""
        own = Attr("stripe_customer_id").eq(customer_id)
        former = {"former_customer_id": customer_id}
        try:
            self.table.write(Update(*head_key(account_id), former, remove=["stripe_customer_id"], condition=own))
        except ConditionFailed:
            return False
        return True

    def account_of(self, customer_id: str) -> str | None:
        """The account of a Stripe customer. One round trip."""
        pointer = self.table.get(f"SC#{customer_id}", "#")
        return str(pointer["account_id"]) if pointer else None

    def begin(self, payment: Payment, audit: AuditEntry | None = None) -> Payment:
        """Keep a new payment, or return what stands under its id because it was begun before. Raises Unavailable."""
        try:
            until_first(lambda: self.rows.begin(payment, *([audit_put(audit)] if audit else [])))
        except Stands:
            return self.existing(payment.payment_id)
        return payment

    def receive(self, payment: Payment, *entries: LedgerEntry) -> None:
        """Keep a payment that has its money already, with what is booked for it. Raises Stands, Outrun."""
        self.rows.begin(payment, *map(entry_put, entries))

    def get(self, payment_id: str, *, consistent: bool = False) -> Payment | None:
        """One payment by its id alone. Two round trips."""
        return self.rows.get(payment_id, consistent=consistent)

    def existing(self, payment_id: str) -> Payment:
        """A payment as it truly is. Raises NotFound."""
        payment = self.get(payment_id, consistent=True)
        if payment is None:
            raise NotFound
        return payment

    def of_account(
        self, account_id: str, limit: int, start: Item | None, *, consistent: bool = False
    ) -> tuple[list[Payment], Item | None]:
        """Payments of an account, newest first; as they truly are when `consistent`. One round trip."""
        return self.rows.of_account(account_id, limit, start, consistent=consistent)

    def on_its_way(self, account_id: str) -> list[Payment]:
        """Those of an account's newest 25 payments that were taken and are not booked yet, newest first. One round
        trip."""
        newest, _ = self.of_account(account_id, 25, None, consistent=True)
        return [payment for payment in newest if payment.status is PaymentStatus.PROCESSING]

    def answered(
        self, payment: Payment, status: PaymentStatus, intent_id: str | None = None, failure_code: str | None = None
    ) -> Payment:
        """Note Stripe's direct answer, unless an event has said more already. Returns the payment as it stands."""
        news = {"status": status, "payment_intent_id": intent_id, "failure_code": failure_code}
        after = payment.model_copy(update={**news, "version": payment.version + 1})
        try:
            self.rows.move(payment, after)
        except Outrun:
            return self.existing(payment.payment_id)
        return after

    def move(self, before: Payment, after: Payment, *entries: LedgerEntry) -> None:
        """Move a payment on, with what is booked for it, in one transaction. Raises Outrun."""
        self.rows.move(before, after, *map(entry_put, entries))

    def ask_refund(self, before: Payment, after: Payment, refund: Refund, audit: AuditEntry) -> Refund:
        """Keep a new refund and what it leaves of its payment, or return the one that stands. Raises Outrun."""
        try:
            self.refunds.begin(refund, self.rows.moved(before, after), audit_put(audit), Put(_asked_marker(refund)))
        except Stands:
            standing = self.refunds.get(refund.refund_id, consistent=True)
            if standing is None:
                raise Outrun from None
            return standing
        return refund

    def refunds_asked_on(self, day: date) -> Iterator[Refund]:
        """The refunds asked for on a day (UTC), as they stand. One round trip for each hundred, two for each."""
        start: Item | None = None
        while True:
            page = self.table.query(Key("pk").eq(f"ASKED#{day}"), start=start)
            found = (self.refunds.get(item["sk"], consistent=True) for item in page.items)
            yield from (refund for refund in found if refund)
            if (start := page.next_key) is None:
                return

    def move_refund(self, refund: Moved[Refund], payment: Moved[Payment], *entries: LedgerEntry) -> None:
        """Move a refund and its payment on, each from what was read, with what is booked. Raises Outrun."""
        self.refunds.move(*refund, self.rows.moved(*payment), *map(entry_put, entries))

    def begin_refund(self, refund: Refund, payment: Moved[Payment]) -> None:
        """Keep a refund that the desk did not ask for. Raises Stands, Outrun."""
        self.refunds.begin(refund, self.rows.moved(*payment))

    def move_chargeback(self, chargeback: Moved[Chargeback], payment: Moved[Payment], *entries: LedgerEntry) -> None:
        """Move a chargeback and its payment on, each from what was read, with what is booked. Raises Outrun."""
        money: list[Write] = [self.rows.moved(*payment), *map(entry_put, entries)] if entries else []
        self.chargebacks.move(*chargeback, *money)


def _asked_marker(refund: Refund) -> Item:
    """Found by the day on which it was asked for; whether Stripe has answered since, its row says."""
    expires_at = int((refund.created_at + ASKED_KEPT).timestamp())
    key = {"pk": f"ASKED#{refund.created_at:%Y-%m-%d}", "sk": refund.refund_id, "kind": "asked"}
    return {**key, "expires_at": expires_at}
