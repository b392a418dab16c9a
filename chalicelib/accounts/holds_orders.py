"""A hold as somebody asks for it: what makes it the same one again, what the audit trail keeps of it, and the letter
that confirms it. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chalicelib.accounts.holds import Hold, HoldKind
from chalicelib.accounts.holds_policy import HoldRules
from chalicelib.accounts.letters import Letter, Value
from chalicelib.platform.clock import format_instant
from chalicelib.platform.errors import FieldError, Unprocessable
from chalicelib.platform.money import Money
from chalicelib.policy.model import Ruling

PLACED: Final = "collections/hold_placed"
_KEPT: Final = frozenset(
    {
        "kind", "from_on", "until_on", "invoice_id", "amount_minor", "treatment_ended_on", "reference", "note",
        "is_repeat", "policy",
    }
)  # fmt: skip


@dataclass(frozen=True)
class HoldOrder:
    """A hold as somebody asks for it; `amount` is the disputed part, all of the invoice without one."""

    kind: HoldKind
    from_on: date
    until_on: date | None = None
    invoice_id: str | None = None
    amount: Money | None = None
    treatment_ended_on: date | None = None
    reference: str = ""
    note: str = ""


def last_day(
    ruling: Ruling[HoldRules], kind: HoldKind, from_on: date, wanted: date | None, ended: date | None
) -> date | None:
    try:
        until = ruling.rules.last_day(kind, from_on, wanted, ended)
    except ValueError as reason:
        raise wrong("until_on", str(reason)) from None
    if until is not None and until < from_on:
        raise wrong("treatment_ended_on" if ended else "until_on", "a hold ends on its first day at the earliest")
    return until


def wrong(field: str, detail: str) -> Unprocessable:
    return Unprocessable("This hold cannot be.", [FieldError(f"/{field}", detail)])


def hold_id_of(account_id: str, order: HoldOrder) -> str:
    """Made from what tells holds apart, so that an order that is repeated after a crash finds the hold it placed."""
    named = (account_id, order.kind, order.from_on.isoformat(), order.invoice_id or "", order.reference)
    return "hold_" + hashlib.sha256("\0".join(named).encode()).hexdigest()[:24]


def audited(hold: Hold) -> dict[str, Any]:
    return hold.model_dump(mode="json", include=set(_KEPT))


def letter_of(account_id: str, hold: Hold, currency: str) -> Letter:
    facts: dict[str, Value] = {"kind": hold.kind.value, "from_on": hold.from_on.isoformat()}
    if hold.until_on:
        facts["until_on"] = hold.until_on.isoformat()
    if hold.amount_minor is not None:
        facts["amount_minor"] = hold.amount_minor
    return Letter(
        name=PLACED, object_id=hold.hold_id, occasion=format_instant(hold.placed_at), account_id=account_id,
        at=hold.placed_at, currency=currency, facts=facts,
    )  # fmt: skip
