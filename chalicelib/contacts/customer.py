"""Who is at the other end, as far as endpoint and attributes tell: any value is read, none is trusted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from chalicelib.platform.fields import canonical_email, canonical_phone

_ACCOUNT_ID: Final = re.compile(r"acc_[0-9A-Z]{1,40}", re.ASCII)
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)
_KEYPAD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_WITHHELD: Final = frozenset(
    "+" + word.translate(_KEYPAD)
    for word in ("ANONYMOUS", "BLOCKED", "PRIVATE", "RESTRICTED", "UNAVAILABLE", "UNKNOWN", "WITHHELD")
)
"""Carriers spell a withheld number out on the keypad; +266696687 would else pass for a number in Lesotho."""


@dataclass(frozen=True)
class Customer:
    """How an account may be found: by a canonical mail address or an E.164 number."""

    by: Literal["email", "phone"]
    value: str


def customer_of(endpoint: Any) -> Customer | None:
    """The customer of a CustomerEndpoint; None when it is absent, withheld, or neither a phone nor a mail address."""
    address = endpoint.get("Address") if isinstance(endpoint, dict) else None
    if not isinstance(address, str) or len(address) > 254:
        return None
    try:
        if "@" in address:
            return Customer("email", canonical_email(address))
        number = canonical_phone(address)
    except ValueError:
        return None
    return None if number in _WITHHELD else Customer("phone", number)


def account_id_in(value: Any) -> str | None:
    """An account id, or None for anything else."""
    return value if isinstance(value, str) and _ACCOUNT_ID.fullmatch(value) else None


def code_in(value: Any) -> str | None:
    """A word of a vocabulary such as `arrears`; None for anything that could be a name or a number of somebody."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None
