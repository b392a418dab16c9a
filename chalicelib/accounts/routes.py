"""HTTP of accounts."""

from __future__ import annotations

from pydantic import Field, model_validator

from chalicelib.accounts.model import (
    Account,
    AccountKind,
    AccountRef,
    AccountStatus,
    Address,
    CheckedAddress,
    Emails,
    Name,
    Phones,
    Profile,
)
from chalicelib.audit.http import actor_of
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Email, Input, LanguageTag, Patch, Phone, Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Currency
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import accounts, desk_api

api = desk_api(__name__, "accounts")


class NewAccount(Input):
    """A new customer."""

    kind: AccountKind = AccountKind.CONSUMER
    name: Name
    emails: Emails = ()
    phones: Phones = ()
    billing_address: CheckedAddress
    language: LanguageTag = "en-GB"
    currency: Currency = "GBP"


class AccountPatch(Patch):
    """The fields to change; those left out stay. A list replaces the whole list."""

    name: Name | None = None
    emails: Emails | None = None
    phones: Phones | None = None
    billing_address: CheckedAddress | None = None
    language: LanguageTag | None = None


class AccountSearch(Paged):
    """Exactly one of the four ways to find an account."""

    email: Email | None = None
    phone: Phone | None = Field(default=None, description="E.164, such as +447700900123 (send + as %2B).")
    account_number: str | None = Field(default=None, pattern=r"^[0-9]{10}$")
    q: str | None = Field(default=None, max_length=200, description="A mail address, phone, account number or name.")

    @model_validator(mode="after")
    def _one_way(self) -> AccountSearch:
        if sum(way is not None for way in (self.email, self.phone, self.account_number, self.q)) != 1:
            raise ValueError("give exactly one of email, phone, account_number and q")
        return self


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
    currency: Currency
    status: AccountStatus
    created_at: Instant
    updated_at: Instant
    version: Version


class AccountRefView(View):
    """An account as a list shows it."""

    account_id: str
    account_number: str
    display_name: str
    status: AccountStatus


def _view(account: Account) -> AccountView:
    fields = account.model_dump(include=set(AccountView.model_fields) - {"kind"})
    return AccountView(kind=account.kind_of_customer, **fields)


def _reply(account: Account, location: str | None = None) -> Reply[AccountView]:
    return Reply(_view(account), version=account.version, location=location)


@api.operation(
    "POST", "/v1/accounts", summary="Open an account", permission=Permission.ACCOUNT_CREATE, body=NewAccount,
    returns=AccountView, status=201, versioned=True, idempotency="optional",
)  # fmt: skip
def create_account(request: Request[NewAccount, Empty]) -> Reply[AccountView]:
    """Opens an account with a new account number.

    Mails are stored lower-case and phones as E.164; addresses are checked by the rules of their country.
    """
    new = request.body
    profile = Profile.model_validate(new.model_dump(exclude={"kind", "currency"}))
    account = accounts().create(profile, new.kind, new.currency, actor_of(request))
    return _reply(account, f"/v1/accounts/{account.account_id}")


@api.operation(
    "GET", "/v1/accounts", summary="Find accounts", permission=Permission.ACCOUNT_SEARCH, query=AccountSearch,
    returns=AccountRefView,
)  # fmt: skip
def search_accounts(request: Request[Empty, AccountSearch]) -> Items[AccountRefView]:
    """Finds accounts by mail, phone, account number or free text.

    A household may share a mail or a phone, so there may be several.
    """
    wanted = request.query
    text = wanted.email or wanted.phone or wanted.account_number or wanted.q or ""
    found, key = accounts().search(text, wanted.limit, request.start)
    return Items([_ref(ref) for ref in found], key)


def _ref(ref: AccountRef) -> AccountRefView:
    return AccountRefView.model_validate(ref.model_dump())


@api.operation(
    "GET", "/v1/accounts/{account_id}", summary="Read an account", permission=Permission.ACCOUNT_READ,
    returns=AccountView, versioned=True,
)  # fmt: skip
def read_account(request: Request[Empty, Empty]) -> Reply[AccountView]:
    """The profile of one account; its ETag is needed to change it."""
    return _reply(accounts().get(request.path["account_id"]))


@api.operation(
    "PATCH", "/v1/accounts/{account_id}", summary="Change an account", permission=Permission.ACCOUNT_UPDATE,
    body=AccountPatch, returns=AccountView, versioned=True,
)  # fmt: skip
def change_account(request: Request[AccountPatch, Empty]) -> Reply[AccountView]:
    """Changes the fields given, in the version named by If-Match.

    Every change is audited with the values before and after.
    """
    changes = request.body.model_dump(exclude_unset=True)
    return _reply(accounts().change(request.path["account_id"], changes, request.if_match, actor_of(request)))
