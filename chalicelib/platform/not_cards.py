"""Numbers that look like card numbers and are none: of bank accounts, phones, devices, SIMs and parcels."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import takewhile
from typing import Final

from chalicelib.platform.card_runs import Run, luhn

_IBAN_WIDEST: Final = 70
"""Characters, blanks between its groups counted."""
_IBAN_HEAD: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}")
_IBAN_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GR": 27,
    "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "RO": 24, "RS": 22,
    "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29, "VA": 22, "XK": 20,
}  # fmt: skip
_SORT_CODE: Final = [2, 2, 2, 8]
"""Digits in the groups of a sort code with its account."""
_DEVICE_GROUPS: Final = [2, 6, 6, 2]
"""Of a device's number with its software (IMEISV)."""
_DEVICE: Final = "35"
_DEVICE_DIGITS: Final = 15
_DEVICE_BEFORE: Final = re.compile(
    r"imei(?:[/ ]?sv)?\W{0,3}(?:(?:is|ist|est|es|è|n[or]|num(?:ber|mer)|code)\W{1,3}){0,2}\Z", re.IGNORECASE
)
_NAMED_WITHIN: Final = 40
_SIM: Final = "89"
_SIM_DIGITS: Final = (19, 20)
_SIM_GROUPS: Final = 20
_REFERENCE: Final = "RF"
_REFERENCE_LEAST, _REFERENCE_MOST = 15, 25
"""Characters; shorter ones have no digits enough for a card."""
Spans = Callable[[], list[tuple[int, int]]]


def is_other(run: Run, first: int, last: int, found: Spans) -> bool:
    """Whether these groups, which could be a card number, are an international phone number, a sort code with its
    account, a parcel of UPS, a device (IMEI), or part of a SIM or of one of the bank accounts `found`."""
    sizes = [len(group) for group in run.groups[first : last + 1]]
    start, end = run.place(first), run.place(last) + len(run.shown[last])
    if run.text[max(0, start - 1) : start] == "+" and (sum(sizes) <= 15 or (len(sizes) > 1 and sizes[0] <= 3)):
        return True
    if sizes in (_SORT_CODE, _DEVICE_GROUPS) or (sizes == [16] and run.text[max(0, start - 2) : start] == "1Z"):
        return True
    if _is_device(run, first, start) or _is_in_sim(run, first, last):
        return True
    spans = found()
    near = range(bisect_right(spans, (start, len(run.text))) - 1, -1, -1)
    return any(end <= spans[at][1] for at in takewhile(lambda at: spans[at][0] > start - _IBAN_WIDEST, near))


def _is_device(run: Run, first: int, start: int) -> bool:
    """Whether the first group is of an IMEI: it is called one, has one's 15 digits and another number beside it, or
    stands behind the first two. No card that begins with these has 15 digits."""
    group, before = run.groups[first], run.groups[first - 1] if first else ""
    if before == _DEVICE:
        return [len(part) for part in run.groups[first - 1 : first + 3]] == _DEVICE_GROUPS
    if not group.startswith(_DEVICE):
        return False
    alone = len(group) == _DEVICE_DIGITS and luhn(group)
    return alone or _DEVICE_BEFORE.search(run.text, max(0, start - _NAMED_WITHIN), start) is not None


def _is_in_sim(run: Run, first: int, last: int) -> bool:
    """Whether these groups are within the number of a SIM (ITU-T E.118), some of which have a digit behind the one that
    checks them."""
    for start in range(max(0, first - 6), first + 1):
        if not run.groups[start].startswith(_SIM):
            continue
        for end in range(last, min(len(run.groups), start + _SIM_GROUPS)):
            digits = "".join(run.groups[start : end + 1])
            if len(digits) in _SIM_DIGITS and run.is_even(start, end) and (luhn(digits) or luhn(digits[:19])):
                return True
    return False


def ibans(text: str) -> list[tuple[int, int]]:
    """Where the IBANs (ISO 13616) and creditor references (ISO 11649) of a text stand: right length for their country,
    right check digits."""
    found = []
    for head in _IBAN_HEAD.finditer(text):
        length, taken = _IBAN_LENGTHS.get(head.group()[:2], 0), ""
        for at in range(head.start(), min(head.start() + _IBAN_WIDEST, len(text))):
            char = text[at]
            if char.isascii() and char.isalnum():
                taken += char.upper()
            elif char not in " -\u00a0":
                break
            may_end = taken[:2] == _REFERENCE and len(taken) >= _REFERENCE_LEAST and not text[at + 1 : at + 2].isalnum()
            if (len(taken) == length or may_end) and _is_checked(taken):
                found.append((head.start(), at + 1))
            if len(taken) == (length or _REFERENCE_MOST):
                break
    return found


def _is_checked(account: str) -> bool:
    return int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97 == 1
