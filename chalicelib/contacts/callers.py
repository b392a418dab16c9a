"""Who is calling: what a Connect flow may know, and say, about the other end before an agent answers.

The answer is a flat map of strings of letters, digits, dash and underscore. A number shown to us is a claim, not a
proof: until the flow says that the caller was verified, the answer tells whether we know the number, how many of its
cases are open, which language and which priority; no id, no name, no money. The flow says it by naming the account
that was verified and a `verification_level`, in the parameters of its block or as attributes that it alone sets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.accounts.model import Account
from chalicelib.accounts.service import Accounts
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.service import Ledger
from chalicelib.contacts.customer import Customer, account_id_in, customer_of
from chalicelib.contacts.store import ContactStore
from chalicelib.platform.codec import Item

VERIFIED: Final = frozenset({"basic", "full"})
NOBODY: Final = {"known": "false"}
_URGENT: Final = frozenset({"high", "urgent"})
_NEW_BILL: Final = timedelta(days=14)
_SHARED: Final = 10
"""Candidates of a shared number are counted up to this."""


@dataclass(frozen=True)
class Call:
    """What a flow tells us. `account_id` was set by the flow or by our own web chat, `customer` is the other end."""

    account_id: str | None
    customer: Customer | None
    level: str
    language: str


@dataclass(frozen=True)
class Callers:
    store: ContactStore
    accounts: Accounts
    ledger: Ledger
    today: Callable[[], date]

    def identify(self, event: Any) -> dict[str, str]:
        """Answer a flow's event, whatever is in it. At most two round trips. Raises Unavailable."""
        call = read_call(event)
        account_id, candidates = call.account_id, 0
        if account_id is None and call.customer:
            found, _ = self.accounts.find(call.customer.by, call.customer.value, limit=_SHARED)
            account_id, candidates = (found[0].account_id if len(found) == 1 else None), len(found)
        head, cases = self.store.caller(account_id) if account_id else (None, [])
        if head is None:
            return _unknown(call, candidates)
        public = _public(call, head, cases)
        proven = call.account_id is not None and call.level in VERIFIED
        return public | self._personal(head, cases) if proven else public

    def _personal(self, head: Item, cases: list[Item]) -> dict[str, str]:
        account = Account.model_validate(head)
        owed, today = self.ledger.owed(account.account_id, account.currency), self.today()
        told = {
            "account_id": account.account_id,
            "greeting_name": word(account.name.given or account.name.company or ""),
            "latest_case": word(cases[-1].get("reference")) if cases else "",
            "balance_minor": str(owed.balance_minor),
            "currency": owed.currency,
            "overdue": "true" if owed.overdue_minor(today) else "false",
            "last_invoice_total_minor": str(owed.last_invoice.total_minor) if owed.last_invoice else "",
        }
        reasons = enumerate(_reasons(owed, cases, today), start=1)
        return {name: text for name, text in told.items() if text} | {f"reason_{n}": t for n, t in reasons if n <= 3}


def read_call(event: Any) -> Call:
    """A flow's event as a Call; whatever is missing or of a wrong kind counts as not said. Never raises."""
    details = _part(event, "Details")
    contact, parameters = _part(details, "ContactData"), _part(details, "Parameters")
    said = {**_part(contact, "Attributes"), **parameters}
    named = account_id_in(parameters.get("account_id")) or account_id_in(_part(contact, "Attributes").get("account_id"))
    return Call(
        account_id=named,
        customer=customer_of(contact.get("CustomerEndpoint")),
        level=word(said.get("verification_level")) or "none",
        language=word(contact.get("LanguageCode")) or "en-GB",
    )


def _part(value: Any, name: str) -> dict[str, Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def word(value: Any) -> str:
    """A value as Connect can hold it: ASCII letters, digits, dash and underscore; empty when nothing is left."""
    if not isinstance(value, str | int):
        return ""
    plain = unicodedata.normalize("NFKD", str(value)[:200]).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]+", "_", plain).strip("_")


def _unknown(call: Call, candidates: int) -> dict[str, str]:
    shared = {"candidates": str(candidates)} if candidates > 1 else {}
    return {**NOBODY, "language": call.language, "priority": "normal", **shared}


def _public(call: Call, head: Item, cases: list[Item]) -> dict[str, str]:
    pressing = any(case.get("priority") in _URGENT for case in cases)
    return {
        "known": "true",
        "verification_level": call.level,
        "open_cases": str(len(cases)),
        "language": word(head.get("language")) or call.language,
        "priority": "high" if pressing else "normal",
    }


def _reasons(owed: Receivables, cases: list[Item], today: date) -> list[str]:
    """Why this customer is likely to call, likeliest first."""
    likely = [
        ("overdue_balance", owed.overdue_minor(today) > 0),
        ("open_case", bool(cases)),
        ("new_bill", owed.last_invoice is not None and today - owed.last_invoice.issued_on <= _NEW_BILL),
        ("credit_balance", owed.balance_minor < 0),
    ]
    return [reason for reason, holds in likely if holds]
