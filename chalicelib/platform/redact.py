"""What never reaches a log line: personal data by field name, mail addresses, phone and card numbers by shape."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "[hidden]"
_PERSONAL_FIELDS = frozenset(
    {
        "address", "authorization", "billing_address", "body", "client_secret", "customer_endpoint", "display_name",
        "email", "emails", "family", "from_addr", "from_name", "given", "html", "line1", "line2", "name", "phone",
        "phones", "postal_code", "requester", "stripe-signature", "subject", "text", "token",
    }
)  # fmt: skip
_EMAIL = re.compile(r"[^\s<>\"',;:()@]{1,64}@[^\s<>\"',;:()@]{1,255}")
_PHONE = re.compile(r"(?<![\w+])\+[0-9][0-9 ()-]{6,18}[0-9]")
_CARD_LIKE = re.compile(r"(?<![0-9A-Za-z_])(?:[0-9][ .-]?){12,18}[0-9](?![0-9A-Za-z_])")


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B check of a string of ASCII digits."""
    doubled = [int(d) * 2 for d in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def hide_cards(text: str) -> str:
    """Replace what looks like a payment card number (13 to 19 digits that pass Luhn) by its last four digits."""

    def hide(found: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9]", "", found.group())
        return f"[card ending {digits[-4:]}]" if luhn(digits) else found.group()

    return _CARD_LIKE.sub(hide, text)


def redact_text(text: str) -> str:
    """Free text without mail addresses, phone numbers and card numbers."""
    return _PHONE.sub(HIDDEN, _EMAIL.sub(HIDDEN, hide_cards(text)))


def redact(value: Any) -> Any:
    """A log record without personal data: fields by name, everything else by shape."""
    if isinstance(value, dict):
        return {k: HIDDEN if str(k).lower() in _PERSONAL_FIELDS and v else redact(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    return redact_text(value) if isinstance(value, str) else value
