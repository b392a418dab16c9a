"""HTTP of accounts."""

from __future__ import annotations

from typing import Final

from pydantic import Field, model_validator

from chalicelib.accounts.assurance import Action, StepUpRequired, contact_action
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.model import (
    Account,
    AccountKind,
    CheckedAddress,
    Emails,
    Name,
    Phones,
    Profile,
)
from chalicelib.accounts.views import AccountRefView, AccountView, account_view, ref_view
from chalicelib.audit.http import actor_of
from chalicelib.platform.auth import Caller
from chalicelib.platform.fields import Email, Input, LanguageTag, Patch, Phone
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Currency
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import accounts, desk_api, step_up

api = desk_api(__name__, "accounts")

_CONTACTS: Final = frozenset({"emails", "phones"})


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


def _reply(account: Account, caller: Caller, location: str | None = None) -> Reply[AccountView]:
    return Reply(account_view(account, caller), version=account.version, location=location)


@api.operation(
    "POST", "/v1/accounts", summary="Open an account", permission=Permission.ACCOUNT_CREATE, body=NewAccount,
    returns=AccountView, status=201, versioned=True, idempotency="optional",
)  # fmt: skip
def create_account(request: Request[NewAccount, Empty]) -> Reply[AccountView]:
    """Opens an account with a new account number.

    Mails are stored lower-case and phones as E.164; addresses are checked by the rules of their country. Accounts that
    are possibly the same customer's are named in `possible_duplicates`.
    """
    new = request.body
    profile = Profile.model_validate(new.model_dump(exclude={"kind", "currency"}))
    account = accounts().create(profile, new.kind, new.currency, actor_of(request))
    return _reply(account, request.caller, f"/v1/accounts/{account.account_id}")


@api.operation(
    "GET", "/v1/accounts", summary="Find accounts", permission=Permission.ACCOUNT_SEARCH, query=AccountSearch,
    returns=AccountRefView,
)  # fmt: skip
def search_accounts(request: Request[Empty, AccountSearch]) -> Items[AccountRefView]:
    """Finds accounts by mail, phone, account number or free text.

    A household may share a mail or a phone, so there may be several. A name may be that of a person who belongs to the
    account; `person` says so. Of merged accounts the one is shown in which they go on.
    """
    wanted = request.query
    text = wanted.email or wanted.phone or wanted.account_number or wanted.q or ""
    found, key = accounts().search(text, wanted.limit, request.start)
    return Items([ref_view(ref) for ref in found], key)


@api.operation(
    "GET", "/v1/accounts/{account_id}", summary="Read an account", permission=Permission.ACCOUNT_READ,
    returns=AccountView, versioned=True,
)  # fmt: skip
def read_account(request: Request[Empty, Empty]) -> Reply[AccountView]:
    """The profile of one account; its ETag is needed to change it."""
    return _reply(accounts().get(request.path["account_id"]), request.caller)


@api.operation(
    "PATCH", "/v1/accounts/{account_id}", summary="Change an account", permission=Permission.ACCOUNT_UPDATE,
    body=AccountPatch, returns=AccountView, versioned=True, errors=(AccountMerged, StepUpRequired),
)  # fmt: skip
def change_account(request: Request[AccountPatch, Empty]) -> Reply[AccountView]:
    """Changes the fields given, in the version named by If-Match.

    Every change is audited with the values before and after. What is known of mails and phones that stay, stays; new
    ones are unverified. Before staff changes mails or phones the customer has to be verified; each old address is told.
    """
    account_id, changes = request.path["account_id"], request.body.model_dump(exclude_unset=True)
    if changes.keys() & _CONTACTS:
        standing = accounts().get(account_id)
        step_up().require(request.caller, account_id, contact_action(bool(standing.emails or standing.phones)))
    if changes.keys() - _CONTACTS:
        step_up().require(request.caller, account_id, Action.CHANGE_PROFILE)
    changed = accounts().change(account_id, changes, request.if_match, actor_of(request))
    return _reply(changed, request.caller)
