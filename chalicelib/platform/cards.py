"""Payment card numbers in text: found in the disguises that people and programs give them, and hidden."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, partial
from itertools import takewhile
from typing import Final

from chalicelib.platform.card_runs import Run, digits_in_reach, replaced

_DIGIT_REFERENCE: Final = re.compile(r"&#(?:0{0,4}(4[89]|5[0-7])|[xX]0{0,4}(3[0-9]));?")
"""A digit that is written as a character reference."""
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")
"""Each digit doubled, and the digits of that added up."""
_FIRST: Final = "23456"
_ISSUED: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{17,18})"  # Visa
    r"|5[1-5]\d{14}|2(?:2[3-9]\d|22[1-9]|[3-6]\d\d|7[01]\d|720)\d{12}|220[0-5]\d{12,15}"  # Mastercard, Mir
    r"|3[47]\d{13}|3(?:0[0-5]|09|[689]\d)(?:\d{11}|\d{13})"  # American Express, Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|(?:5[06-8]|6\d)\d{14,17}"  # Maestro, Discover, UnionPay, RuPay
)
_SHORT: Final = re.compile(r"(?:5[06-8]|6\d)\d{10,13}")
"""Maestro of 12 to 15 digits: as short as telephone and order numbers, so it takes a word that says what it is."""
_CALLED: Final = re.compile(
    r"card|maestro|karte|carte|tarjeta|carta|kaart|kart[ąaęy]|cerdyn|cart[ãa]o|kort", re.IGNORECASE
)
_BEFORE: Final = 40
_EXPIRY: Final = r"(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:20)?[2-4][0-9]"
_CODE_AFTER: Final = re.compile(
    r"(\[card ending \d{4}\][\s,;:|/()-]{0,5}(?:[a-zA-Zü]{2,12}[\s.:]{1,3}){0,3}"
    rf"{_EXPIRY}[\s,;:|/()-]{{1,5}})\d{{3,4}}(?![\w.,/-]{{0,20}}\d)"
)
_CODE_NAMED: Final = re.compile(
    r"(\b(?:cvc|cvv|cvn|cid|csc|cav)2?\b|security code|card code|sicherheitscode|prüf(?:nummer|ziffer)"
    r"|kartenprüf\w{1,10}|cryptogramme(?: visuel)?|código de seguridad|codice di sicurezza|beveiligingscode"
    r"|veiligheidscode|cod diogelwch|kod zabezpieczający)"
    r"((?:\W{1,4}|\W{0,3}\b(?:is|ist|est|es|è|to|yw|code|number|no)\b\W{0,3}){0,2}?)\b\d{3,4}\b",
    re.IGNORECASE,
)
_CUT_OFF: Final = re.compile(r"\d(?:[\W_]{0,12}\d){6,18}[\W_]{0,12}\Z")
_END: Final = 300
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
Spans = Callable[[], list[tuple[int, int]]]


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B check of a string of ASCII digits."""
    return sum(map(int, digits[-1::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def hide_cards(text: str) -> str:
    """Replace what looks like a payment card number by its last four digits. Time grows with the length alone.

    That is digits of any script that begin as an issuer's do, are as many as that issuer's and pass Luhn, in one piece
    or in groups with up to twelve blanks, marks, invisible characters, tags or line breaks between; the groups of a
    date or of a security code may stand beside it, and the code of a card that is hidden is hidden too. Bank account
    (IBAN) and phone numbers stay.
    """
    hidden = _without_numbers(text)
    if "&#" in text:
        # Digits that a browser would show: where they make a number, the text goes on with plain digits.
        shown = _DIGIT_REFERENCE.sub(lambda found: found[2][1] if found[2] else chr(int(found[1])), hidden)
        without = _without_numbers(shown)
        hidden = without if without != shown else hidden
    return hidden if hidden == text else _CODE_NAMED.sub(r"\1\2[code]", _CODE_AFTER.sub(r"\1[code]", hidden))


def hide_first(text: str, most: int) -> str:
    """`hide_cards` of the first `most` characters. Where that cuts the text off, digits at its end may be the first of
    a number, and are left out."""
    hidden = hide_cards(text[:most])
    return hidden if len(text) <= most else hidden[:-_END] + _CUT_OFF.sub("…", hidden[-_END:])


def holds_card(text: str) -> bool:
    """Whether `hide_cards` would change the text."""
    return hide_cards(text) != text


def _without_numbers(text: str) -> str:
    if not digits_in_reach(text):
        return text

    @cache
    def ibans() -> list[tuple[int, int]]:
        return _ibans(text)

    return replaced(text, lambda run: _without_cards(run, ibans))


def _without_cards(run: Run, ibans: Spans) -> str:
    """The run of digit groups without the card numbers that begin and end at the edge of a group."""
    shown, first = [], 0
    while first < len(run.groups):
        last, ending = _card_at(run, first, ibans)
        # Digits that could begin a second number inside are of one of the two, and nobody can tell which.
        inner = first + 1
        while ending and inner <= last:
            stop, tail = _card_at(run, inner, ibans)
            if stop > last and run.is_even(inner, stop):
                last, ending = stop, tail
            inner += 1
        gap = run.gaps[last] if last < len(run.gaps) else ""
        shown += [f"[card ending {ending}]" if ending else run.shown[first], gap]
        first = last + 1
    return "".join(shown)


def _card_at(run: Run, first: int, ibans: Spans) -> tuple[int, str]:
    """The card number that begins with this group: the index of its last group and its last four digits, which are
    empty when there is none. Of several the longest one that is evenly written, else the longest."""
    found = (first, "")
    if run.groups[first][0] not in _FIRST:
        return found
    is_called_card = partial(_is_called_card, run.text, run.place(first))
    for last, digits in run.numbers(first):
        if not _could_be_issued(digits, is_called_card) or not run.is_whole(first, last):
            continue
        if not found[1] or run.is_even(first, last) or not run.is_even(first, found[0]):
            found = last, digits[-4:]
    return found if found[1] and not _is_other(run, first, found[0], ibans) else (first, "")


def _is_called_card(text: str, at: int) -> bool:
    return _CALLED.search(text, max(0, at - _BEFORE), at) is not None


def _could_be_issued(digits: str, is_called_card: Callable[[], bool]) -> bool:
    long = _ISSUED.fullmatch(digits) is not None
    return long or (_SHORT.fullmatch(digits) is not None and is_called_card())


def _is_other(run: Run, first: int, last: int, ibans: Spans) -> bool:
    """Whether these groups are an international phone number, a sort code with its account, a parcel of UPS, or part of
    a bank account number."""
    sizes = [len(group) for group in run.groups[first : last + 1]]
    start, end = run.place(first), run.place(last) + len(run.shown[last])
    if run.text[max(0, start - 1) : start] == "+" and (sum(sizes) <= 15 or (len(sizes) > 1 and sizes[0] <= 3)):
        return True
    if sizes == [2, 2, 2, 8] or (sizes == [16] and run.text[max(0, start - 2) : start] == "1Z"):
        return True
    found = ibans()
    near = range(bisect_right(found, (start, len(run.text))) - 1, -1, -1)
    return any(end <= found[at][1] for at in takewhile(lambda at: found[at][0] > start - _IBAN_WIDEST, near))


def _ibans(text: str) -> list[tuple[int, int]]:
    """Where the IBANs (ISO 13616) of a text stand: right length for their country, right check digits."""
    found = []
    for head in _IBAN_HEAD.finditer(text):
        length, taken = _IBAN_LENGTHS.get(head.group()[:2], 0), ""
        for at in range(head.start(), min(head.start() + _IBAN_WIDEST, len(text))):
            char = text[at]
            if char.isascii() and char.isalnum():
                taken += char.upper()
            elif char not in " -\u00a0":
                break
            if len(taken) == length:
                if int("".join(str(int(c, 36)) for c in taken[4:] + taken[:4])) % 97 == 1:
                    found.append((head.start(), at + 1))
                break
    return found
