"""What stands in the ledger of the account, proved as it is read."""

from __future__ import annotations

from chalicelib.audit.model import Actor
from chalicelib.billing.movements import Book
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.service import Ledger
from chalicelib.billing.store import BillingStore

FINANCE = Actor("sub-finance", "finance.one")


def owed(store: BillingStore) -> Receivables:
    """What is owed, after proving the ledger."""
    assert Ledger(store).check("acc_1").difference is None
    return store.receivables("acc_1")


def postings(store: BillingStore) -> dict[Book, int]:
    """Of the newest entry."""
    tail = store.tail("acc_1")
    assert tail is not None
    return {posting.book: posting.amount_minor for posting in tail.postings}
