"""What never reaches a log line: personal data by field name, mail addresses, phone and card numbers by shape."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from chalicelib.platform.cards import hide_cards, holds_card

HIDDEN = "[hidden]"
_PERSONAL_FIELDS = frozenset(
    {
        "address", "authorization", "billing_address", "body", "client_secret", "customer_endpoint", "display_name",
        "email", "emails", "family", "from_addr", "from_name", "given", "html", "line1", "line2", "name", "phone",
        "phones", "postal_code", "requester", "stripe-signature", "subject", "text", "token",
    }
)  # fmt: skip
_EMAIL = re.compile(r"[^\s<>\"',;:()@]{1,64}@[^\s<>\"',;:()@]{1,255}")
_PHONE = re.compile(r"(?<![\w+])(?:\+|00)[0-9][0-9 ()-]{6,18}[0-9]")
_REJECTED_INPUT = re.compile(r"(?<=input_value=).*?(?=, input_type=)", re.DOTALL)
"""Pydantic repeats the value it refused, so a traceback would carry it."""
_LEAST, _MOST = 10**11, 10**19
"""Card numbers as numbers are between these."""
_PRINTABLE = (str, date, Decimal, UUID, BaseException)


def redact_text(text: str) -> str:
    """Free text without mail addresses, phone numbers, card numbers and values that a validation refused."""
    return _PHONE.sub(HIDDEN, _EMAIL.sub(HIDDEN, hide_cards(_REJECTED_INPUT.sub(HIDDEN, text))))


def redact(value: Any) -> Any:
    """A log record as JSON values without personal data: fields by name, texts by shape, objects by type alone."""
    if isinstance(value, dict):
        return {
            redact_text(str(k)): HIDDEN if str(k).lower() in _PERSONAL_FIELDS and v else redact(v)
            for k, v in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return HIDDEN if value and _LEAST < value < _MOST and holds_card(str(int(value))) else value
    if isinstance(value, _PRINTABLE):
        return redact_text(str(value))
    return f"<{type(value).__name__}>"
