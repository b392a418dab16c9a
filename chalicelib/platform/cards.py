"""Payment card numbers in text: found in the disguises that people and programs give them, and hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from chalicelib.platform.card_runs import Run, digits_in_reach, replaced
from chalicelib.platform.not_cards import Spans, ibans, is_other

_DIGIT_REFERENCE: Final = re.compile(r"&#(?:0{0,4}(4[89]|5[0-7])|[xX]0{0,4}(3[0-9]));?")
"""A digit that is written as a character reference."""
_FIRST: Final = "23456"
_ISSUED: Final = re.compile(
    r"4(?:(?!91[567]|36[5-9])\d{12}|\d{15}|\d{17,18})"  # Visa; 13 digits are German and Austrian mobiles, too
    r"|5[1-5]\d{14}|2(?:2[3-9]\d|22[1-9]|[3-6]\d\d|7[01]\d|720)\d{12}|220[0-5]\d{12,15}"  # Mastercard, Mir
    r"|3[47]\d{13}|3(?:0[0-5]|09|[689]\d)(?:\d{11}|\d{13})"  # American Express, Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|(?:5[06-8]|6\d)\d{14,17}"  # Maestro, Discover, UnionPay, RuPay
)
_SHORT: Final = re.compile(r"(?:5[06-8]|6\d)\d{10,13}")
"""Maestro of 12 to 15 digits: as short as telephone and order numbers, so it takes a word that says what it is."""
_CALLED: Final = re.compile(
    r"(?<!\[)(?<!sim[ -])card|maestro|(?<!sim[ -])karte|(?:carte|tarjeta|carta|kart[ąaęy])(?! sim)|(?<!sim[ -])kaart"
    r"|cerdyn|cart[ãa]o|kort",
    re.IGNORECASE,
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

    found = cache(partial(ibans, text))
    return replaced(text, lambda run: _without_cards(run, found))


def _without_cards(run: Run, found: Spans) -> str:
    """The run of digit groups without the card numbers that begin and end at the edge of a group."""
    shown, first = [], 0
    while first < len(run.groups):
        last, ending = _card_at(run, first, found)
        # Digits that could begin a second number inside are of one of the two, and nobody can tell which.
        inner = first + 1
        while ending and inner <= last:
            stop, tail = _card_at(run, inner, found)
            if stop > last and run.is_even(inner, stop):
                last, ending = stop, tail
            inner += 1
        gap = run.gaps[last] if last < len(run.gaps) else ""
        shown += [f"[card ending {ending}]" if ending else run.shown[first], gap]
        first = last + 1
    return "".join(shown)


def _card_at(run: Run, first: int, accounts: Spans) -> tuple[int, str]:
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
    return found if found[1] and not is_other(run, first, found[0], accounts) else (first, "")


def _is_called_card(text: str, at: int) -> bool:
    return _CALLED.search(text, max(0, at - _BEFORE), at) is not None


def _could_be_issued(digits: str, is_called_card: Callable[[], bool]) -> bool:
    long = _ISSUED.fullmatch(digits) is not None
    return long or (_SHORT.fullmatch(digits) is not None and is_called_card())
