"""What never reaches a log line: personal data by field name, mail addresses, phone and card numbers by shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_MOST_DIGITS = 19
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
    shown, done, first = [], 0, 0
    while first < len(groups):
        found = _card_from(groups, first)
        if found is None:
            first += 1
            continue
        last, ending = found
        shown += [run[done : groups[first].start()], f"[card ending {ending}]"]
        done, first = groups[last].end(), last + 1
    return "".join(shown) + run[done:]


def _card_from(groups: Sequence[re.Match[str]], first: int) -> tuple[int, str] | None:
    """The longest card number that begins with this group: its last group and its last four digits.

    No group beyond the nineteenth digit is looked at, so that a long text of short groups takes linear time.
    """
    digits, found = "", None
    for last in range(first, min(first + _MOST_DIGITS, len(groups))):
        digits += groups[last].group()
        if len(digits) > _MOST_DIGITS:
            break
        plain = "".join(str(int(digit)) for digit in digits)
        if len(plain) >= 13 and plain[0] in "23456" and luhn(plain):
            found = last, plain[-4:]
    return found


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
