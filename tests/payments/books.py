"""What stands on the table after events, checked for consistency as it is read."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.billing.ledger import verify
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Key


def of_account(prefix: str) -> list[Item]:
    return wiring.table().query(Key("pk").eq("A#acc_1") & Key("sk").begins_with(prefix)).items


def balance_minor(account_id: str = "acc_1") -> int:
    """The balance, after the ledger has proven itself."""
    ledger = list(wiring.billing_store().ledger(account_id))
    assert verify(ledger) is None
    owed = wiring.invoices().receivables(account_id)
    assert owed.balance_minor == sum(entry.amount_minor for entry in ledger)
    return owed.balance_minor


def marker(event_id: str) -> Item | None:
    return wiring.table().get(f"W#stripe#{event_id}", "#")
