"""Keys, queries and transactions of payments.

| item            | pk                   | sk  | gs1                                   | round trips              |
| payment         | `P#<payment>`        | `#` | `A#<account>` / `P#<created>#<id>`    | get 1, page 1            |
| event's marker  | `W#stripe#<event>`   | `#` | -                                     | expires after 40 days    |

A payment that succeeds is one transaction: marker, payment, head, ledger entry, an update of each invoice paid, audit
entry. Items under 1 KB cost two write units each, so 12 with one invoice; payment and head write index entries too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.store import head_key
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.payments.model import Marker, Payer, Payment, PaymentStatus
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Key, Put, Table, Update, Write
from chalicelib.platform.errors import NotFound


class EventKnown(Exception):
    """This event has been dealt with before."""


class Outrun(Exception):
    """Another event or movement came first: read again and decide again."""


@dataclass(frozen=True)
class PaymentStore:
    table: Table

    def payer(self, account_id: str) -> Payer:
        """What a payment needs to know of its account. One round trip. Raises NotFound."""
        item = self.table.get(*head_key(account_id), consistent=True)
        if item is None:
            raise NotFound("There is no account with this id.")
        return Payer.model_validate(item)

    def set_customer(self, account_id: str, customer_id: str) -> str:
        """Keep the account's Stripe customer. Returns the one that stands: the first one kept wins."""
        first = Attr("stripe_customer_id").not_exists()
        try:
            self.table.write(Update(*head_key(account_id), set={"stripe_customer_id": customer_id}, condition=first))
        except ConditionFailed as standing:
            return str((standing.item or {})["stripe_customer_id"])
        return customer_id

    def begin(self, payment: Payment) -> Payment:
        """Keep a new payment, or return what stands under its id because it was begun before. One round trip."""
        listed = {
            "gs1pk": f"A#{payment.account_id}",
            "gs1sk": f"P#{format_instant(payment.created_at)}#{payment.payment_id}",
        }
        item = {
            **payment.model_dump(mode="json"),
            **listed,
            "pk": f"P#{payment.payment_id}",
            "sk": "#",
            "kind": "payment",
        }
        try:
            self.table.write(Put(item, ABSENT))
        except ConditionFailed as standing:
            return Payment.model_validate(standing.item)
        return payment

    def get(self, payment_id: str, *, consistent: bool = False) -> Payment | None:
        item = self.table.get(f"P#{payment_id}", "#", consistent=consistent)
        return Payment.model_validate(item) if item else None

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Payment], Item | None]:
        """Payments of an account, newest first. One round trip."""
        key = Key("gs1pk").eq(f"A#{account_id}") & Key("gs1sk").begins_with("P#")
        page = self.table.query(key, index="gs1", limit=limit, start=start, forward=False)
        return [Payment.model_validate(item) for item in page.items], page.next_key

    def answered(
        self, payment_id: str, status: PaymentStatus, intent_id: str | None = None, failure_code: str | None = None
    ) -> Payment:
        """Note Stripe's direct answer, unless an event has said more already. Returns the payment as it stands."""
        news = {"status": status.value, "payment_intent_id": intent_id, "failure_code": failure_code}
        first = Attr("status").eq(PaymentStatus.CREATED.value)
        try:
            item = self.table.update(Update(f"P#{payment_id}", "#", set=news, add={"version": 1}, condition=first))
        except ConditionFailed as standing:
            return Payment.model_validate(standing.item)
        return Payment.model_validate(item)

    def keep(self, marker: Marker) -> bool:
        """Keep the trace of an event that changes nothing. False when it was kept before. One write unit."""
        try:
            self.table.write(_marker_put(marker))
        except ConditionFailed:
            return False
        return True

    def apply(self, marker: Marker, before: Payment, after: Payment, booked: Sequence[Write] = (),
              audit: AuditEntry | None = None) -> None:  # fmt: skip
        """Move a payment on, with what is booked for it, in one transaction. Raises EventKnown, Outrun."""
        changed = {"status", "allocations", "payment_intent_id", "failure_code", "as_of", "settled_at"}
        moved = Update(
            f"P#{after.payment_id}",
            "#",
            set=after.model_dump(mode="json", include=changed),
            add={"version": 1},
            condition=Attr("version").eq(before.version),
        )
        try:
            self.table.transact([_marker_put(marker), moved, *booked, *([audit_put(audit)] if audit else [])])
        except ConditionFailed as failed:
            raise (EventKnown if failed.index == 0 else Outrun)(marker.event_id) from None
        except Contended:
            raise Outrun(marker.event_id) from None


def _marker_put(marker: Marker) -> Put:
    key = {"pk": f"W#stripe#{marker.event_id}", "sk": "#", "kind": "webhook", "expires_at": marker.expires_at()}
    return Put({**marker.model_dump(mode="json"), **key}, ABSENT)
