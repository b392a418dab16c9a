"""Bills and accounts for tests; every argument has a believable default."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.audit.model import Actor
from chalicelib.billing.model import Invoice, InvoiceLine, LineKind, Subscription
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.platform.dynamo import Put, Table
from chalicelib.platform.money import portion

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def a_line(line_id: str = "line_1", net_minor: int = 2750, tax_rate_bp: int = 2000, **changes: Any) -> InvoiceLine:
    fields: dict[str, Any] = {
        "line_id": line_id,
        "kind": LineKind.SUBSCRIPTION,
        "code": "BB-FIBRE-100",
        "description": "Fibre 100 broadband",
        "quantity": 1,
        "unit_amount_minor": net_minor,
        "net_minor": net_minor,
        "tax_rate_bp": tax_rate_bp,
        "tax_minor": portion(net_minor, tax_rate_bp),
    }
    return InvoiceLine(**{**fields, **changes})


def an_invoice(invoice_id: str = "inv_1", *lines: InvoiceLine, account_id: str = "acc_1", **changes: Any) -> Invoice:
    """A bill of 33.00 GBP, issued on 1 October 2026 and due 31 days later, unless lines and fields are given."""
    billed = lines or (a_line(),)
    issued_on = changes.get("issued_on", date(2026, 10, 1))
    net, tax = sum(line.net_minor for line in billed), sum(line.tax_minor for line in billed)
    fields: dict[str, Any] = {
        "invoice_id": invoice_id,
        "account_id": account_id,
        "number": "NWT-001002327",
        "period": issued_on.strftime("%Y-%m"),
        "issued_on": issued_on,
        "due_on": issued_on + timedelta(days=31),
        "currency": "GBP",
        "lines": billed,
        "net_minor": net,
        "tax_minor": tax,
        "total_minor": net + tax,
    }
    return Invoice.model_validate({**fields, **changes})


def a_movement(kind: EntryKind = EntryKind.PAYMENT, amount_minor: int = 500, **changes: Any) -> Movement:
    """A card payment of 5.00 on 2 November 2026, unless said otherwise."""
    fields: dict[str, Any] = {
        "kind": kind,
        "amount_minor": amount_minor,
        "reference_id": "pay_1",
        "at": AT,
        "cause": "evt_1",
        "actor": Actor("sub-advisor", "advisor.one"),
    }
    return Movement(**{**fields, **changes})


def a_subscription(subscription_id: str = "sub_1", **changes: Any) -> Subscription:
    fields: dict[str, Any] = {
        "subscription_id": subscription_id,
        "account_id": "acc_1",
        "plan_code": "BB-FIBRE-100",
        "plan_name": "Fibre 100 broadband",
        "service": "broadband",
        "price_minor": 2750,
        "currency": "GBP",
        "started_on": date(2024, 3, 14),
        "anchor_day": 14,
    }
    return Subscription(**{**fields, **changes})


def open_account(table: Table, account_id: str = "acc_1", currency: str = "GBP", **attributes: Any) -> None:
    """The head of an account, with what billing and payments read of it."""
    head = {"pk": f"A#{account_id}", "sk": "L$HEAD", "kind": "account", "account_id": account_id, "currency": currency}
    table.write(Put({**head, **attributes}))
