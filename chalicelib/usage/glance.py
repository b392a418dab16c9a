"""What the account's summary says of use: limits and bars in force, the newest alerts, a bill out of the ordinary.

| item    | pk            | sk        | units                               |
| summary | `A#<account>` | `L$USAGE` | under 1 KB; 2 writes with its cause |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.accounts.store import summary_key
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Update
from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Control
from chalicelib.usage.counters import Month

_ALERTS: Final = 5


def rules_at_a_glance(control: Control, now: datetime) -> Update:
    """The limits in force in minor units with tax, and what is barred, by scope."""
    scopes = (ACCOUNT, *control.subscription_ids)
    limits = {scope: limit.limit_minor for scope in scopes if (limit := control.limit(scope, now))}
    barred = {
        scope: [each.value for each in Category if control.is_barred(scope, each, now)] for scope in scopes
    }  # fmt: skip
    told = {"limits": limits, "barred": {scope: found for scope, found in barred.items() if found}}
    return _update(control.account_id, {**told, "currency": control.currency})


def alerts_at_a_glance(account_id: str, months: Sequence[Month]) -> Update:
    """The newest alerts with their instants."""
    reached = [{"name": name, "at": at} for month in months for name, at in month.alerts.items()]
    reached.sort(key=lambda each: (each["at"], each["name"]), reverse=True)
    return _update(account_id, {"alerts": reached[:_ALERTS]})


def bill_at_a_glance(
    account_id: str, invoice_id: str, total_minor: int, usual_minor: int, policy_version: str, now: datetime
) -> Update:
    """A bill that is about to be issued and is unlike those before it, by which policy; minor units with tax."""
    found = {
        "invoice_id": invoice_id, "total_minor": total_minor, "usual_minor": usual_minor,
        "policy_version": policy_version,
    }  # fmt: skip
    return _update(account_id, {"unusual_bill": {**found, "at": format_instant(now)}})


def _update(account_id: str, attributes: Item) -> Update:
    return Update(*summary_key(account_id, "USAGE"), set={"kind": "summary", "account_id": account_id, **attributes})
