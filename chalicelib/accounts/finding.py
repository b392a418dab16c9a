"""How an account is found: by its number with a check digit, by words of its name, by what a search text means."""

from __future__ import annotations

import re
from typing import Final, Literal

from chalicelib.accounts.model import Name
from chalicelib.platform.check_digit import check_digit
from chalicelib.platform.fields import canonical_email, canonical_phone

MOST_NAME_WORDS: Final = 24
"""Twice as many, and twice ten mails and ten phones, still fit one transaction of 100 writes."""


def account_number(serial: int) -> str:
    """Ten digits: a serial below 10^9 and its check digit."""
    digits = f"{serial:09d}"
    return digits + check_digit(digits)


def is_account_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]{10}", text) is not None and check_digit(text[:-1]) == text[-1]


def name_tokens(name: Name) -> frozenset[str]:
    """The words by which an account is found, case-folded, at least two letters; of a very long name the first ones.

    A new name takes away the pointers of the old one in the same transaction, with those of all mails and phones.
    """
    words = _words(" ".join(filter(None, (name.given, name.family, name.company))))
    return frozenset(list(dict.fromkeys(words))[:MOST_NAME_WORDS])


def person_tokens(name: str) -> frozenset[str]:
    """The words by which a person who belongs to an account is found: the first four."""
    return frozenset(list(dict.fromkeys(_words(name)))[:4])


def postal_key(country: str, postal_code: str) -> str | None:
    """A postal code as accounts are found by it, written as it may be; None where there is none."""
    plain = "".join(re.findall(r"[A-Z0-9]+", postal_code.upper()))
    return f"{country}#{plain}" if plain else None


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if len(word) > 1]


SearchBy = Literal["email", "phone", "account_number", "name", "postal_code"]


def read_search(text: str) -> tuple[SearchBy, str]:
    """What a search text means: a mail address, a phone number, an account number, else a name. Raises ValueError."""
    text = text.strip()
    if "@" in text:
        return "email", canonical_email(text)
    if text.startswith("+"):
        return "phone", canonical_phone(text)
    if is_account_number(text):
        return "account_number", text
    words = _words(text)
    if not words:
        raise ValueError("give at least two letters of a name, a mail address, a phone number or an account number")
    return "name", " ".join(words)
