"""What never reaches a log line: personal data by field name, mail addresses, phone and card numbers by shape."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

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
_DIGITS = re.compile(r"\d+(?:[\s.,/_·\u2010-\u2015\u200b-\u200d\u2060-]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_PRINTABLE = (str, date, Decimal, UUID, BaseException)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B check of a string of ASCII digits."""
    doubled = [int(d) * 2 for d in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def hide_cards(text: str) -> str:
    """Replace what looks like a payment card number by its last four digits.

    That is 13 to 19 digits of any script that begin as an issuer's do (2 to 6) and pass Luhn, in one piece or in groups
    with up to three blanks, dots, dashes or invisible characters between; the groups of a date or of a security code
    may stand beside it.
    """
    return _DIGITS.sub(lambda run: _without_cards(run.group()), text)


def _without_cards(run: str) -> str:
    """The run of digit groups without the card numbers that begin and end at the edge of a group."""
    groups = list(_GROUP.finditer(run))
    for first in range(len(groups)):
        for last in range(len(groups) - 1, first - 1, -1):
            digits = "".join(str(int(d)) for group in groups[first : last + 1] for d in group.group())
            if 13 <= len(digits) <= 19 and digits[0] in "23456" and luhn(digits):
                head, rest = run[: groups[first].start()], run[groups[last].end() :]
                return f"{head}[card ending {digits[-4:]}]{_without_cards(rest)}"
    return run


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
        return value
    if isinstance(value, _PRINTABLE):
        return redact_text(str(value))
    return f"<{type(value).__name__}>"
