"""Keys, queries and transactions of billing. Every movement of money goes through the account head, in one transaction.

| item               | pk             | sk                       | round trips, units             |
| invoice            | `A#<account>`  | `B#<period>#<invoice>`   | page 1; by id 2                |
| invoice pointer    | `I#<invoice>`  | `#`                      | makes an issue happen once     |
| ledger entry       | `A#<account>`  | `L#<instant>#<entry>`    | append only                    |
| subscription       | `A#<account>`  | `S#<subscription>`       | page 1                         |
| balance, open list | the head of the account (`accounts.store.head_key`): 1 get   |                    |

The head's `ledger_version` is the lock: what is decided from one reading of the head is written only when no other
movement came between. The balance is moved by ADD of the entry's amount: it is the sum of the entries by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.store import head_key
from chalicelib.billing.model import Invoice, Subscription
from chalicelib.billing.receivables import Allocation, LedgerEntry, Receivables
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import (
    ABSENT,
    Attr,
    ConditionBase,
    ConditionFailed,
    Contended,
    Key,
    Put,
    Table,
    Update,
    Write,
)
from chalicelib.platform.errors import NotFound


class LedgerMoved(Exception):
    """Another movement of this account came first: read again and decide again."""


class InvoiceStands(Exception):
    """An invoice with this id has been issued already."""


@dataclass(frozen=True)
class BillingStore:
    table: Table

    def receivables(self, account_id: str, *, consistent: bool = False) -> Receivables:
        """What the account owes, from its head. One round trip. Raises NotFound."""
        item = self.table.get(*head_key(account_id), consistent=consistent)
        if item is None:
            raise NotFound("There is no account with this id.")
        return Receivables.model_validate(item)

    def invoice(self, invoice_id: str) -> Invoice | None:
        """One invoice by its id alone. Two round trips."""
        pointer = self.table.get(f"I#{invoice_id}", "#")
        item = pointer and self.table.get(*invoice_key(pointer["account_id"], pointer["period"], invoice_id))
        return Invoice.model_validate(item) if item else None

    def invoices(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Invoice], Item | None]:
        """Invoices of an account, newest period first. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("B#")
        page = self.table.query(key, limit=limit, start=start, forward=False)
        return [Invoice.model_validate(item) for item in page.items], page.next_key

    def issue(self, before: Receivables, after: Receivables, invoice: Invoice, entry: LedgerEntry) -> None:
        """Invoice, its pointer, ledger entry and balance in one transaction. Raises InvoiceStands, LedgerMoved."""
        pk, sk = invoice_key(invoice.account_id, invoice.period, invoice.invoice_id)
        item = {**invoice.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": "invoice"}
        pointer = {"pk": f"I#{invoice.invoice_id}", "sk": "#", "kind": "pointer", "account_id": invoice.account_id}
        pointer_put = Put({**pointer, "period": invoice.period}, ABSENT)
        try:
            self.table.transact([pointer_put, Put(item, ABSENT), *_moved(before, after, entry)])
        except ConditionFailed as failed:
            raise (InvoiceStands if failed.index < 2 else LedgerMoved)(invoice.invoice_id) from None
        except Contended:
            raise LedgerMoved(invoice.invoice_id) from None

    def add_subscription(self, subscription: Subscription) -> None:
        """Keep a subscription; the one of the same id is replaced. One write unit."""
        key = {"pk": f"A#{subscription.account_id}", "sk": f"S#{subscription.subscription_id}", "kind": "subscription"}
        self.table.write(Put({**subscription.model_dump(mode="json"), **key}))

    def subscriptions(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Subscription], Item | None]:
        """Subscriptions of an account in order of their ids. One round trip."""
        page = self.table.query(Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("S#"), limit=limit, start=start)
        return [Subscription.model_validate(item) for item in page.items], page.next_key


def payment_writes(
    before: Receivables, after: Receivables, allocations: Sequence[Allocation], entry: LedgerEntry
) -> list[Write]:
    """A payment's part in a transaction of the payments domain: head, ledger entry, and each invoice that it pays.

    The transaction fails when another movement of the account came between the reading of `before` and now.
    """
    periods = {invoice.invoice_id: invoice.period for invoice in before.open_invoices}
    still_open = {invoice.invoice_id for invoice in after.open_invoices}
    paid = [
        Update(
            *invoice_key(before.account_id, periods[part.invoice_id], part.invoice_id),
            set={} if part.invoice_id in still_open else {"status": "paid"},
            add={"due_minor": -part.amount_minor, "version": 1},
            condition=Attr("due_minor").gte(part.amount_minor),
        )
        for part in allocations
    ]
    return [*_moved(before, after, entry), *paid]


def invoice_key(account_id: str, period: str, invoice_id: str) -> tuple[str, str]:
    """Partition and sort key of an invoice."""
    return f"A#{account_id}", f"B#{period}#{invoice_id}"


def _moved(before: Receivables, after: Receivables, entry: LedgerEntry) -> list[Write]:
    unmoved: ConditionBase = Attr("ledger_version").eq(before.ledger_version)
    if before.ledger_version == 0:
        unmoved = Attr("pk").exists() & Attr("ledger_version").not_exists()
    shown = after.model_dump(mode="json", include={"open_invoices", "last_invoice"})
    head = Update(
        *head_key(before.account_id),
        set=shown,
        add={"balance_minor": entry.amount_minor, "ledger_version": 1},
        condition=unmoved,
    )
    key = {"pk": f"A#{entry.account_id}", "sk": f"L#{format_instant(entry.at)}#{entry.entry_id}", "kind": "ledger"}
    return [head, Put({**entry.model_dump(mode="json"), **key}, ABSENT)]
