"""Keys, queries and transactions of billing. Every movement of money is one more entry of the account's ledger.

| item            | pk              | sk                      | round trips, units (items under 1 KB)                |
| ledger entry    | `A#<account>`   | `L#<seq, 10 digits>`    | newest 1, 0.5 read (1 consistent); page 1            |
| invoice         | `A#<account>`   | `B#<period>#<invoice>`  | page 1; by id 2, 2 read                              |
| invoice pointer | `I#<invoice>`   | `#`                     | makes an issue happen once                           |
| invoice number  | `V#<number>`    | `#`                     | get 1, 0.5 read                                      |
| due marker      | `DUE#<day>`     | `<account>#<invoice>`   | one day's page 1; expires 90 days after the day      |
| credit note     | `A#<account>`   | `N#<invoice>#<note>`    | those of an invoice 1                                |
| subscription    | `A#<account>`   | `S#<subscription>`      | page 1                                               |

Issue: 1 round trip, 10 write units (pointer, invoice, number, due marker, entry; 8 without a due marker). Void,
write-off and credit note: 1 round trip, 4 write units. The newest entry says what the account owes. A put of the entry
after it, refused when it stands, is the lock: who decided from an older one gets LedgerMoved and decides again.
An entry lists the open invoices, so it stays under 1 KB with three of them and takes one unit more for each ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from chalicelib.accounts.store import head_key
from chalicelib.billing import subscription_rows
from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.model import CreditNote, Invoice, Subscription
from chalicelib.billing.receivables import Receivables
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

DUE_KEPT: Final = timedelta(days=90)


class LedgerMoved(Exception):
    """Another movement of this account came first: read again and decide again."""


class InvoiceStands(Exception):
    """An invoice with this id has been issued already."""


@dataclass(frozen=True)
class BillingStore:
    table: Table

    def tail(self, account_id: str, *, consistent: bool = False) -> LedgerEntry | None:
        """The newest ledger entry; None when nothing was ever booked. One round trip."""
        page = self.table.query(_under(account_id, "L#"), limit=1, forward=False, consistent=consistent)
        return LedgerEntry.model_validate(page.items[0]) if page.items else None

    def receivables(self, account_id: str, *, consistent: bool = False) -> Receivables:
        """What the account owes. One round trip, two before its first entry. Raises NotFound."""
        entry = self.tail(account_id, consistent=consistent)
        if entry:
            return entry.receivables
        head = self.table.get(*head_key(account_id), consistent=consistent)
        if head is None:
            raise NotFound("There is no account with this id.")
        return Receivables(account_id=account_id, currency=head["currency"])

    def entries(self, account_id: str, limit: int, start: Item | None) -> tuple[list[LedgerEntry], Item | None]:
        """Ledger entries of an account, newest first. One round trip."""
        page = self.table.query(_under(account_id, "L#"), limit=limit, start=start, forward=False)
        return [LedgerEntry.model_validate(item) for item in page.items], page.next_key

    def ledger(self, account_id: str, after: int = 0) -> Iterator[LedgerEntry]:
        """Ledger entries after a number, oldest first, as they truly are. One round trip for each megabyte."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").between(f"L#{after + 1:010d}", "L#9999999999")
        return map(LedgerEntry.model_validate, self._each(key))

    def invoice(self, invoice_id: str) -> Invoice | None:
        """One invoice by its id alone, as it is. Two round trips."""
        pointer = self.table.get(f"I#{invoice_id}", "#", consistent=True)
        key = pointer and _invoice_key(pointer["account_id"], pointer["period"], invoice_id)
        item = key and self.table.get(*key, consistent=True)
        return Invoice.model_validate(item) if item else None

    def invoices_by_id(self, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
        """Those of many invoices that there are. Two round trips for each hundred."""
        pointers = self.table.get_many((f"I#{invoice_id}", "#") for invoice_id in invoice_ids)
        named = ((each["account_id"], each["period"], pk.removeprefix("I#")) for (pk, _), each in pointers.items())
        items = self.table.get_many(_invoice_key(*names) for names in named)
        return {item["invoice_id"]: Invoice.model_validate(item) for item in items.values()}

    def numbered(self, number: str) -> str | None:
        """The id of the invoice with this number, as it was printed. One round trip."""
        pointer = self.table.get(f"V#{number}", "#")
        return str(pointer["invoice_id"]) if pointer else None

    def invoices(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Invoice], Item | None]:
        """Invoices of an account, newest period first. One round trip."""
        page = self.table.query(_under(account_id, "B#"), limit=limit, start=start, forward=False)
        return [Invoice.model_validate(item) for item in page.items], page.next_key

    def issue(self, invoice: Invoice, entry: LedgerEntry) -> None:
        """Invoice, pointers, due marker and ledger entry in one transaction. Raises InvoiceStands, LedgerMoved."""
        pk, sk = _invoice_key(invoice.account_id, invoice.period, invoice.invoice_id)
        item = {**invoice.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": "invoice"}
        pointer = {"pk": f"I#{invoice.invoice_id}", "sk": "#", "kind": "pointer", "account_id": invoice.account_id}
        documents = [Put({**pointer, "period": invoice.period}, ABSENT), Put(item, ABSENT)]
        number = {"pk": f"V#{invoice.number}", "sk": "#", "kind": "pointer", "invoice_id": invoice.invoice_id}
        due = [Put(_due_marker(invoice, entry.booked_at.date()))] if invoice.total_minor > 0 else []
        self._book(entry, documents, [Put(number), *due])

    def close(self, invoice: Invoice, entry: LedgerEntry) -> None:
        """Mark an invoice as `closed_as` says, with its ledger entry, in one transaction. Raises LedgerMoved."""
        key = _invoice_key(invoice.account_id, invoice.period, invoice.invoice_id)
        self._book(entry, [], [Update(*key, set={"closed_as": invoice.closed_as}, condition=Attr("pk").exists())])

    def credit(self, note: CreditNote, entry: LedgerEntry) -> None:
        """A credit note with its ledger entry, in one transaction. Raises LedgerMoved, also when the note stands."""
        pk, sk = _note_key(note)
        item = {**note.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": "credit_note"}
        self._book(entry, [], [Put(item, ABSENT)])

    def withdraw(self, note: CreditNote, entry: LedgerEntry) -> None:
        """Mark a credit note as void, with its ledger entry, in one transaction. Raises LedgerMoved."""
        self._book(entry, [], [Update(*_note_key(note), set={"is_void": True}, condition=Attr("pk").exists())])

    def credit_notes(self, account_id: str, invoice_id: str) -> list[CreditNote]:
        """The credit notes of an invoice, as they truly are. One round trip for each megabyte."""
        return [CreditNote.model_validate(item) for item in self._each(_under(account_id, f"N#{invoice_id}#"))]

    def _each(self, key: ConditionBase) -> Iterator[Item]:
        """All items under a key, as they truly are."""
        start: Item | None = None
        while True:
            page = self.table.query(key, limit=1000, start=start, consistent=True)
            yield from page.items
            if (start := page.next_key) is None:
                return

    def _book(self, entry: LedgerEntry, documents: Sequence[Write], others: Sequence[Write]) -> None:
        try:
            self.table.transact([*documents, *others, entry_put(entry)])
        except ConditionFailed as failed:
            raise (InvoiceStands if failed.index < len(documents) else LedgerMoved)(entry.reference_id) from None
        except Contended:
            raise LedgerMoved(entry.reference_id) from None

    def add_subscription(self, subscription: Subscription) -> bool:
        """Keep a subscription in place of the one of the same id, unless that was read later. Two write units."""
        return subscription_rows.keep(self.table, subscription)

    def subscription(self, subscription_id: str) -> Subscription | None:
        """One subscription by its id alone. Two round trips."""
        return subscription_rows.find(self.table, subscription_id)

    def subscriptions(
        self, account_id: str, limit: int, start: Item | None, *, consistent: bool = False
    ) -> tuple[list[Subscription], Item | None]:
        """Subscriptions of an account in order of their ids. One round trip."""
        page = self.table.query(_under(account_id, "S#"), limit=limit, start=start, consistent=consistent)
        return [Subscription.model_validate(item) for item in page.items], page.next_key


def entry_put(entry: LedgerEntry) -> Put:
    """The write of a ledger entry, for a transaction of any domain; its condition fails when the ledger has moved.

    Put it last, so that the index of a failed condition tells a moved ledger from a guard of the domain's own, which
    says more: a repeat fails both.
    """
    key = {"pk": f"A#{entry.account_id}", "sk": f"L#{entry.seq:010d}", "kind": "ledger"}
    return Put({**entry.model_dump(mode="json"), **key}, ABSENT)


def _under(account_id: str, prefix: str) -> ConditionBase:
    return Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with(prefix)


def _invoice_key(account_id: str, period: str, invoice_id: str) -> tuple[str, str]:
    return f"A#{account_id}", f"B#{period}#{invoice_id}"


def _note_key(note: CreditNote) -> tuple[str, str]:
    return f"A#{note.account_id}", f"N#{note.invoice_id}#{note.credit_note_id}"


def _due_marker(invoice: Invoice, booked_on: date) -> Item:
    """Found by the due day, or by the day of booking for a bill that came late; whether it is open then, the ledger
    says."""
    day = max(invoice.due_on, booked_on)
    return {
        "pk": f"DUE#{day}",
        "sk": f"{invoice.account_id}#{invoice.invoice_id}",
        **invoice.model_dump(include={"account_id", "invoice_id"}),
        "kind": "due",
        "due_on": invoice.due_on.isoformat(),
        "expires_at": int((datetime.combine(day, time(), UTC) + DUE_KEPT).timestamp()),
    }
