"""What stands on the table after events, checked for consistency as it is read."""

from __future__ import annotations

from chalicelib import wiring
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Key


def of_account(prefix: str) -> list[Item]:
    return wiring.table().query(Key("pk").eq("A#acc_1") & Key("sk").begins_with(prefix)).items


def balance_minor() -> int:
    """The balance, after checking that it is the sum of the ledger and the open invoices less credit."""
    owed = wiring.invoices().receivables("acc_1")
    invoices, _ = wiring.invoices().of_account("acc_1", 100, None)
    assert owed.balance_minor == sum(int(entry["amount_minor"]) for entry in of_account("L#"))
    assert {each.invoice_id: each.due_minor for each in owed.open_invoices} == {
        each.invoice_id: each.due_minor for each in invoices if each.due_minor
    }
    return owed.balance_minor


def marker(event_id: str) -> Item | None:
    return wiring.table().get(f"W#stripe#{event_id}", "#")
