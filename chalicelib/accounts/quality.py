"""How good a profile is: the gaps in it by name, and what is left of a hundred points. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.accounts.contact import ContactKind, phone_facts
from chalicelib.accounts.model import Account, wrong_parts
from chalicelib.accounts.policy import QualityRules


class GapName(StrEnum):
    """What can be missing or doubtful; each is named after its weight in the policy."""

    NO_EMAIL = "no_email"
    EMAIL_UNVERIFIED = "email_unverified"
    EMAIL_BOUNCED = "email_bounced"
    NO_PHONE = "no_phone"
    PHONE_INVALID = "phone_invalid"
    ADDRESS_WRONG = "address_wrong"
    CONSENT_UNASKED = "consent_unasked"
    DUPLICATE_SUSPECTED = "duplicate_suspected"
    NAME_IN_CAPITALS = "name_in_capitals"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True)
class Gap:
    """One gap: what it takes from a hundred, and what to do about it in plain words."""

    name: GapName
    points: int
    advice: str


@dataclass(frozen=True)
class Quality:
    """From 0 to 100, and why not more, the heaviest gap first."""

    score: int
    gaps: tuple[Gap, ...]


def quality(account: Account, rules: QualityRules) -> Quality:
    """The quality of a profile as it stands."""
    holding = [name for name, holds, _ in _GAPS if holds(account, rules)]
    gaps = [Gap(name, int(getattr(rules, name)), _ADVICE[name]) for name in holding]
    gaps.sort(key=lambda gap: -gap.points)
    return Quality(max(0, 100 - sum(gap.points for gap in gaps)), tuple(gaps))


def _unverified(account: Account, _: QualityRules) -> bool:
    mails = [point for point in account.contact_points if point.kind is ContactKind.EMAIL]
    return bool(mails) and not any(mail.verified_at for mail in mails)


def _bounced(account: Account, _: QualityRules) -> bool:
    return any(point.bounced_at for point in account.contact_points)


def _phone_invalid(account: Account, _: QualityRules) -> bool:
    return any(not phone_facts(phone).is_valid for phone in account.phones)


def _in_capitals(account: Account, _: QualityRules) -> bool:
    """Of a person; many a company is written so."""
    own = " ".join(filter(None, (account.name.given, account.name.family)))
    return own.isupper() and any(len(word) > 1 for word in re.findall(r"\w+", own))


def _is_placeholder(account: Account, rules: QualityRules) -> bool:
    fillers = frozenset(rules.placeholder_words)
    if any(value.strip().casefold() in fillers for value in _values(account)):
        return True
    mails = [mail.rpartition("@") for mail in account.emails]
    return any(local in fillers or _is_nowhere(domain, rules) for local, _, domain in mails)


def _values(account: Account) -> Iterator[str]:
    name, address = account.name, account.billing_address
    yield from filter(None, (name.given, name.family, name.company, address.line1, address.city))


def _is_nowhere(domain: str, rules: QualityRules) -> bool:
    return any(domain == end or domain.endswith(f".{end}") for end in rules.placeholder_domains)


_GAPS: Final[tuple[tuple[GapName, Callable[[Account, QualityRules], bool], str], ...]] = (
    (GapName.NO_EMAIL, lambda account, _: not account.emails, "Ask for a mail address."),
    (GapName.EMAIL_UNVERIFIED, _unverified, "Send a one-time code to the mail address."),
    (GapName.EMAIL_BOUNCED, _bounced, "Mail came back: ask for the right address."),
    (GapName.NO_PHONE, lambda account, _: not account.phones, "Ask for a phone number."),
    (GapName.PHONE_INVALID, _phone_invalid, "The phone number is none of its country: ask again."),
    (GapName.ADDRESS_WRONG, lambda account, _: bool(wrong_parts(account.billing_address)),
     "The postal address breaks the rules of its country: ask again."),
    (GapName.CONSENT_UNASKED, lambda account, _: account.consents_asked_at is None,
     "Ask which letters and calls are welcome."),
    (GapName.DUPLICATE_SUSPECTED, lambda account, _: bool(account.suspects),
     "Compare with the other account, and merge them if it is the same customer."),
    (GapName.NAME_IN_CAPITALS, _in_capitals, "Write the name as the customer does."),
    (GapName.PLACEHOLDER, _is_placeholder, "A value looks like a filler: ask for the real one."),
)  # fmt: skip
_ADVICE: Final = {name: advice for name, _, advice in _GAPS}
