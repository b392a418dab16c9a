"""The accounts of money that belongs to nobody known, one a currency. They have a ledger, and no head. Pure."""

from __future__ import annotations

from typing import Final

_PREFIX: Final = "acc_suspense_"


def suspense_account(currency: str) -> str:
    """The id of the account where money of this currency (ISO 4217) waits."""
    return _PREFIX + currency.lower()


def is_suspense(account_id: str) -> bool:
    """Whether money waits there; no customer has such an account."""
    return account_id.startswith(_PREFIX)
