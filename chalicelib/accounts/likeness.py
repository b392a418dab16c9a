"""How likely two accounts are one customer's. Pure, and symmetric: it says the same of both whichever comes first.

Names are compared as people write them: without accents, umlauts spelt either way, words in any order; a spelling
mistake, an initial or a short form makes two names alike. Two names that differ are two people, whatever they share:
that is a household."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from chalicelib.accounts.finding import postal_key
from chalicelib.accounts.model import Account, Address, Name
from chalicelib.accounts.policy import DuplicateRules

_ALIKE: Final = 0.8
"""Share of letters in common of two words that are one with a mistake in it; words of two letters have none."""
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"})
_UMLAUTS: Final = re.compile(r"(?<=[aou])e")
_SHORT: Final = {
    "alex": "alexander", "andy": "andrew", "ben": "benjamin", "beth": "elizabeth", "bill": "william", "bob": "robert",
    "cath": "catherine", "chris": "christopher", "dan": "daniel", "dave": "david", "ed": "edward", "jim": "james",
    "joe": "joseph", "kate": "katherine", "liz": "elizabeth", "matt": "matthew", "mike": "michael",
    "nick": "nicholas", "pete": "peter", "rob": "robert", "sam": "samuel", "steve": "stephen", "sue": "susan",
    "tom": "thomas", "tony": "anthony", "will": "william",
}  # fmt: skip
_TITLES: Final = frozenset({"dr", "herr", "frau", "mr", "mrs", "ms", "miss", "mx", "prof", "sir"})
_LEGAL: Final = frozenset({"ag", "co", "company", "gmbh", "inc", "limited", "llp", "ltd", "plc", "the", "and"})
_STREET: Final = {
    "apartment": "flat", "apt": "flat", "av": "ave", "avenue": "ave", "close": "cl", "court": "ct", "crescent": "cres",
    "drive": "dr", "gardens": "gdns", "lane": "ln", "park": "pk", "place": "pl", "road": "rd", "square": "sq",
    "strasse": "str", "street": "st", "terrace": "ter", "unit": "flat",
}  # fmt: skip


class Reason(StrEnum):
    """What two accounts have in common; each is named after its points in the policy."""

    SAME_NAME = "same_name"
    LIKE_NAME = "like_name"
    SAME_EMAIL = "same_email"
    SAME_PHONE = "same_phone"
    SAME_ADDRESS = "same_address"
    SAME_POSTAL_CODE = "same_postal_code"


@dataclass(frozen=True)
class Likeness:
    """From 0 to 100, and what it is made of."""

    score: int
    reasons: tuple[Reason, ...]


def likeness(one: Account, other: Account, rules: DuplicateRules) -> Likeness:
    """How likely both are one customer's."""
    reasons = [reason for reason in (_names(one.name, other.name), *_shared(one, other)) if reason]
    points = sum(int(getattr(rules, reason)) for reason in reasons)
    is_named_alike = Reason.SAME_NAME in reasons or Reason.LIKE_NAME in reasons
    return Likeness(min(points, 100 if is_named_alike else rules.others_at_most), tuple(reasons))


def _shared(one: Account, other: Account) -> tuple[Reason | None, ...]:
    return (
        Reason.SAME_EMAIL if set(one.emails) & set(other.emails) else None,
        Reason.SAME_PHONE if set(one.phones) & set(other.phones) else None,
        _addresses(one.billing_address, other.billing_address),
    )


def folded(text: str) -> str:
    """Letters and digits without case, accents and the ways to spell an umlaut; other characters become blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return _UMLAUTS.sub("", re.sub(r"[^\w]+", " ", re.sub(r"['\u2019`.]", "", letters)).strip())


_FULL: Final = {folded(short): folded(full) for short, full in _SHORT.items()}


def _names(one: Name, other: Name) -> Reason | None:
    mine, yours = _words(one), _words(other)
    if not mine or not yours:
        return None
    if sorted(mine) == sorted(yours):
        return Reason.SAME_NAME
    return Reason.LIKE_NAME if _are_alike(mine, yours) else None


def _words(name: Name) -> list[str]:
    """The words that tell two holders apart: of a company its own name, of a person given and family name."""
    text = name.company or " ".join(filter(None, (name.given, name.family)))
    left_out = _LEGAL if name.company else _TITLES
    return [word for word in folded(text).split() if word not in left_out]


def _are_alike(mine: list[str], yours: list[str]) -> bool:
    """Whether each of at least two words of the shorter name has one like it in the longer. One is the very same, or
    both names have as many and none is an initial: a family name alone makes nobody alike."""
    shorter, longer = sorted((mine, yours), key=lambda words: (len(words), words))
    left = list(longer)
    for word in sorted(shorter, key=lambda word: word not in longer):
        match = word if word in left else next((each for each in left if _is_like(word, each)), None)
        if match is None:
            return False
        left.remove(match)
    is_respelt = not left and all(len(word) > 2 for word in shorter)
    return len(shorter) > 1 and (is_respelt or bool(set(shorter) & set(longer)))


def _is_like(one: str, other: str) -> bool:
    short, long = sorted((_FULL.get(one, one), _FULL.get(other, other)), key=lambda word: (len(word), word))
    if len(short) == 1:
        return long.startswith(short)
    return len(short) > 2 and SequenceMatcher(None, short, long, autojunk=False).ratio() >= _ALIKE


def _addresses(one: Address, other: Address) -> Reason | None:
    code = postal_key(one.country, one.postal_code)
    if one.country != other.country or code != postal_key(other.country, other.postal_code):
        return None
    mine, yours = (_lines(address) for address in (one, other))
    same_place = bool(code) or folded(one.city) == folded(other.city)
    if same_place and mine == yours:
        return Reason.SAME_ADDRESS
    return Reason.SAME_POSTAL_CODE if code else None


def _lines(address: Address) -> list[str]:
    """The words of the lines in one spelling: what stands for a street, and numbers as they are, in any order."""
    text = folded(f"{address.line1} {address.line2 or ''}").replace("strasse", " strasse")
    joined = re.sub(r"(?<=[a-z])str\b", " str", text)
    return sorted(_STREET.get(word, word) for word in joined.split())
