"""What is known of each mail address and phone of an account: what it is for, and whether it was proven. Pure.

The lists of mails and phones stand in the profile, the first of each is the main one; what is told of them here is
kept by address. An address of which nothing was ever told is as it was when it came: unverified, for ordinary letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from chalicelib.audit.model import Actor
from chalicelib.platform.clock import Instant
from chalicelib.platform.dynamo import Write
from chalicelib.platform.fields import Record


class ContactKind(StrEnum):
    """A mail address or a phone."""

    EMAIL = "email"
    PHONE = "phone"


class Role(StrEnum):
    """What an address is for."""

    BILLING = "billing"
    SERVICE = "service"
    SECURITY = "security"
    MARKETING = "marketing"


MAIN_ROLES: Final = (Role.BILLING, Role.SERVICE, Role.SECURITY)
"""Of the first address of its kind, until somebody says otherwise; the others are for service alone."""


class ContactDetail(Record):
    """What is told of one address. `verified_how` names the way, such as `one_time_code`; a mail that came back has
    `bounced_at`."""

    roles: tuple[Role, ...]
    added_at: Instant | None = None
    verified_at: Instant | None = None
    verified_by: str | None = None
    verified_how: str | None = None
    bounced_at: Instant | None = None


Details = Mapping[str, ContactDetail]
"""By address."""


class ContactPoint(ContactDetail):
    """One address with all that is told of it."""

    kind: ContactKind
    address: str
    is_main: bool


def contact_points(emails: Sequence[str], phones: Sequence[str], details: Details) -> tuple[ContactPoint, ...]:
    """All addresses in their order, mails first."""
    return tuple(
        ContactPoint(
            kind=kind, address=address, is_main=place == 0,
            **(details.get(address) or ContactDetail(roles=_first_roles(place))).model_dump(),
        )
        for kind, addresses in ((ContactKind.EMAIL, emails), (ContactKind.PHONE, phones))
        for place, address in enumerate(addresses)
    )  # fmt: skip


def details_of(
    emails: Sequence[str],
    phones: Sequence[str],
    known: Details,
    at: datetime,
    roles: Mapping[str, tuple[Role, ...]] | None = None,
) -> dict[str, ContactDetail]:
    """What is told of these addresses at `at`: what is known of those that stay, new ones unverified, and the roles
    that are given anew. Where mails are left and none is for bills, the first one is."""
    given, kept = roles or {}, dict[str, ContactDetail]()
    for addresses in (emails, phones):
        for place, address in enumerate(addresses):
            standing = known.get(address) or ContactDetail(roles=_first_roles(place), added_at=at)
            kept[address] = standing.model_copy(update={"roles": given.get(address, standing.roles)})
    if emails and not any(Role.BILLING in kept[mail].roles for mail in emails):
        first = kept[emails[0]]
        kept[emails[0]] = first.model_copy(update={"roles": (Role.BILLING, *first.roles)})
    return kept


def mail_for(role: Role, points: Iterable[ContactPoint]) -> str | None:
    """The first mail address that is for this, else the main one; None without any."""
    mails = [point for point in points if point.kind is ContactKind.EMAIL]
    fit = [point.address for point in mails if role in point.roles]
    return fit[0] if fit else next((point.address for point in mails), None)


def _first_roles(place: int) -> tuple[Role, ...]:
    return MAIN_ROLES if place == 0 else (Role.SERVICE,)


@dataclass(frozen=True)
class PhoneFacts:
    """What the numbering plans say of a number: `region` is ISO 3166-1, None where there is none."""

    number_type: str
    region: str | None
    is_valid: bool


def phone_facts(number: str) -> PhoneFacts:
    """What an E.164 number is by the plan of its country, which moves on: a stored number may be valid no more."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return PhoneFacts("unknown", None, is_valid=False)
    kind = PhoneNumberType.to_string(phonenumbers.number_type(parsed)).lower()
    return PhoneFacts(kind, phonenumbers.region_code_for_number(parsed), phonenumbers.is_valid_number(parsed))


@dataclass(frozen=True)
class ContactChange:
    """The addresses of an account, mails and phones, before and after. `change_id` is the same for a repeat."""

    change_id: str
    account_id: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    actor: Actor
    at: datetime

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(address for address in self.before if address not in self.after)

    @property
    def come(self) -> tuple[str, ...]:
        return tuple(address for address in self.after if address not in self.before)


class ContactChanges(Protocol):
    """Whoever must act when an address of an account came or went."""

    def writes(self, change: ContactChange) -> Sequence[Write]:
        """Up to five writes for the transaction of the change itself, so that what follows cannot be lost."""
        ...

    def changed(self, change: ContactChange) -> None:
        """Called when the change is done. Not called at all after a crash: what must happen hangs on `writes`."""
        ...
