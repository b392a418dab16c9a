"""What the answers of accounts look like."""

from __future__ import annotations

from pydantic import Field

from chalicelib.accounts.contact import ContactKind, ContactPoint, Role, phone_facts
from chalicelib.accounts.model import Account, AccountKind, AccountRef, AccountStatus, Address, Name
from chalicelib.accounts.preferences_model import Format
from chalicelib.platform.auth import Caller
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Version, View
from chalicelib.platform.money import Currency


class SuspectView(View):
    """Another account that may be the same customer's, as of the last change of name, address or contacts."""

    account_id: str
    score: int = Field(description="How likely it is, 0 to 100.")


class AccountView(View):
    """An account's profile. The balance has a resource of its own."""

    account_id: str
    account_number: str = Field(description="Ten digits, the last one a check digit (ISO/IEC 7064 MOD 11,10).")
    kind: AccountKind
    name: Name
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    billing_address: Address
    language: str
    formats: tuple[Format, ...] = Field(description="How letters must be to be read; set with the preferences.")
    currency: Currency
    status: AccountStatus
    merged_into: str | None = Field(
        description="The account in which a merged one goes on; who signs in to this one reaches that one, too."
    )
    merge_id: str | None = Field(description="For staff: the merge that did it.")
    possible_duplicates: tuple[SuspectView, ...] = Field(description="For staff; empty for customers.")
    data_quality_score: int | None = Field(
        description="0 to 100, as of the last change; what it is made of stands in data-quality. Null: not weighed yet."
    )
    created_at: Instant
    updated_at: Instant
    version: Version


class AccountRefView(View):
    """An account as a list shows it."""

    account_id: str
    account_number: str
    display_name: str
    status: AccountStatus
    person: str | None = Field(description="Who was found, when it was not the holder: name and role.")


class ContactPointView(View):
    """A mail address or phone, what it is for and whether the customer proved to hold it."""

    kind: ContactKind
    address: str = Field(description="Mail address, or phone in E.164.")
    is_main: bool = Field(description="Whether it is the first of its kind.")
    roles: tuple[Role, ...] = Field(description="What it is for.")
    added_at: Instant | None
    verified_at: Instant | None = Field(description="When it was proven; null: unverified.")
    verified_how: str | None = Field(description="How it was proven, such as one_time_code.")
    verified_by: str | None = Field(description="User name of who had it proven. For staff; null for customers.")
    bounced_at: Instant | None = Field(description="When mail to it came back; null: it did not.")
    number_type: str | None = Field(description="Of a phone: mobile, fixed_line, voip and so on; null for mail.")
    region: str | None = Field(description="Of a phone: ISO 3166-1 alpha-2, where the number has one.")
    is_valid: bool = Field(description="Whether the number is one of its country's; mail addresses are checked before.")


class ContactPointsView(View):
    """All mails and phones of an account, in the account's version."""

    items: tuple[ContactPointView, ...] = Field(description="Mails first, each kind in the customer's order.")
    version: Version


def account_view(account: Account, caller: Caller) -> AccountView:
    told = account.model_dump(include=set(AccountView.model_fields) - {"kind", "merge_id"})
    suspects = tuple(SuspectView(**each.model_dump()) for each in account.suspects) if caller.is_staff else ()
    merge_id = account.merge_id if caller.is_staff else None
    return AccountView(kind=account.kind_of_customer, possible_duplicates=suspects, merge_id=merge_id, **told)


def ref_view(ref: AccountRef) -> AccountRefView:
    return AccountRefView.model_validate(ref.model_dump())


def points_view(account: Account, caller: Caller) -> ContactPointsView:
    points = tuple(_point_view(point, caller) for point in account.contact_points)
    return ContactPointsView(items=points, version=account.version)


def _point_view(point: ContactPoint, caller: Caller) -> ContactPointView:
    facts = phone_facts(point.address) if point.kind is ContactKind.PHONE else None
    told = point.model_dump(include=set(ContactPointView.model_fields))
    if not caller.is_staff:
        told["verified_by"] = None
    return ContactPointView(
        **told,
        number_type=facts.number_type if facts else None,
        region=facts.region if facts else None,
        is_valid=facts.is_valid if facts else True,
    )
