"""An account with whatever its domains say of it at a glance, as they store it, and the glance at it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.billing.receivables import LastInvoice, OpenInvoice
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.workspace.glance import LEDGER, Glance, read
from chalicelib.workspace.reasons import likely

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
ADVISOR = "sub-advisor"


def ago(days: float) -> str:
    return format_instant(NOW - timedelta(days=days))


def on(days: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=days)


USAGE_ITEM: Item = {
    "limits": {"account": 2000}, "barred": {"account": ["premium"]}, "currency": "GBP",
    "alerts": [{"name": "limit|account|2000|80", "at": ago(2)}, {"name": "sub_1|2026-11-14|data|50", "at": ago(3)}],
    "unusual_bill": {"invoice_id": "in_9", "total_minor": 9000, "usual_minor": 5000, "at": ago(1)},
}  # fmt: skip


def head(**changes: Any) -> Item:
    return {
        "account_id": "acc_1", "account_number": "4021836575", "name": {"given": "Ada", "family": "Lovelace"},
        "emails": ["ada@example.com"], "phones": ["+447700900123"], "currency": "GBP", "created_at": ago(400),
        "billing_address": {"line1": "1 High Street", "city": "London", "country": "GB"}, "updated_at": ago(400),
        **changes,
    }  # fmt: skip


def bill(total_minor: int = 5760, before_minor: int | None = 5779, issued: int = -8) -> LastInvoice:
    """The last bill, so many days from today."""
    return LastInvoice(
        invoice_id="inv_3", number="NWT-3", period="2026-10", issued_on=on(issued), due_on=on(issued + 31),
        total_minor=total_minor, before_minor=before_minor,
    )  # fmt: skip


def due(invoice_id: str = "inv_3", minor: int = 5760, days: int = 23) -> OpenInvoice:
    """An invoice that is due in so many days; below zero, it was."""
    return OpenInvoice(invoice_id=invoice_id, period="2026-10", due_on=on(days), due_minor=minor)


def ledger(*invoices: OpenInvoice, credit_minor: int = 0, last: LastInvoice | None = None) -> Item:
    """The newest entry: all of it is owed in one posting."""
    owed = sum(each.due_minor for each in invoices) - credit_minor
    entry = {
        "seq": 7, "account_id": "acc_1", "currency": "GBP", "at": ago(8), "booked_at": ago(8), "entry_kind": "invoice",
        "postings": [], "reference_id": "inv_3", "cause": "inv_3", "actor": "billing", "actor_name": "billing",
        "balance_minor": owed, "open_invoices": [each.model_dump(mode="json") for each in invoices],
    }  # fmt: skip
    return {**entry, "last_invoice": last.model_dump(mode="json") if last else None}


def case(n: int = 1, **changes: Any) -> Item:
    return {
        "case_id": f"case_{n}", "reference": f"C00000000{n}", "subject": "Two routers", "state": "open",
        "queue": "billing", "priority": "normal", "channel": "mail", "created_at": ago(n), "updated_at": ago(n),
        "due_at": ago(-n), "kind": "case", **changes,
    }  # fmt: skip


def hold(kind: str, **changes: Any) -> Item:
    return {
        "hold_id": f"hold_{kind}", "kind": kind, "from_on": on(-5).isoformat(), "policy": "holds@initial",
        "placed_at": ago(5), "placed_by_name": "advisor.one", **changes,
    }  # fmt: skip


def holds(*rows: Item) -> Item:
    return {"holds": list(rows), "version": 1}


def plan(next_days: int = 3, **changes: Any) -> Item:
    return {
        "plan_id": "plan_1", "status": "active", "total_minor": 10_000, "left_minor": 6667, "next_minor": 3334,
        "next_due_on": on(next_days).isoformat(), "ends_on": on(60).isoformat(), "instalments_left": 2,
        "covered": [{"invoice_id": "inv_1", "due_minor": 10_000}], **changes,
    }  # fmt: skip


def proof(level: str, by: str = ADVISOR, minutes: float = 10) -> Item:
    until = format_instant(NOW + timedelta(minutes=minutes))
    return {"proofs": [{"by": by, "kind": "mail_code", "level": level, "until": until}]}


def glance(*cases: Item, **summary: Item) -> Glance:
    """`HEAD`, `HOLDS` and so on by keyword; the newest ledger entry is `ledger`."""
    items = {"HEAD": head(), **summary}
    if "ledger" in items:
        items[LEDGER] = items.pop("ledger")
    return read(items, cases, ADVISOR, NOW, TODAY)


def reasons(*cases: Item, **summary: Item) -> list[tuple[str, str]]:
    """Each reason with the id of what says so."""
    return [(each.reason.value, each.object_id) for each in likely(glance(*cases, **summary))]
