"""Use cases of accounts: open one, read it, find it, change its profile."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from chalicelib.accounts.contact import ContactChange, ContactChanges, Role, details_of
from chalicelib.accounts.duplicates import Duplicates
from chalicelib.accounts.finding import SearchBy, account_number, read_search
from chalicelib.accounts.heads import Change, Heads
from chalicelib.accounts.model import PROFILE_FIELDS, Account, AccountKind, AccountRef, Profile
from chalicelib.accounts.policy import DuplicateRules, QualityRules, duplicates_as_shipped, quality_as_shipped
from chalicelib.accounts.store import AccountStore, NumberTaken
from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import BadRequest, Conflict, NotFound, PreconditionFailed, Unprocessable
from chalicelib.platform.problem import field_errors
from chalicelib.policy.model import RulesOn

_TELLING: Final = ("name", "emails", "phones", "billing_address")
"""The fields by which duplicates are found."""
Roles = Mapping[str, tuple[Role, ...]]
"""What addresses are for, by address."""


@dataclass(frozen=True)
class Accounts:
    """`draw` gives a random number below the one it is given, for the account number; `listeners` hear of addresses
    that came or went."""

    store: AccountStore
    clock: Clock
    new_id: NewId
    draw: Callable[[int], int] = secrets.randbelow
    quality: RulesOn[QualityRules] = quality_as_shipped
    likeness: RulesOn[DuplicateRules] = duplicates_as_shipped
    listeners: Sequence[ContactChanges] = ()

    @property
    def heads(self) -> Heads:
        return Heads(self.store, self.clock, self.quality)

    @property
    def duplicates(self) -> Duplicates:
        return Duplicates(self.store, self.clock, self.likeness)

    def create(self, profile: Profile, kind: AccountKind, currency: str, actor: Actor) -> Account:
        """Open an account with a new account number. The look for duplicates, then one transaction.

        Raises Conflict when no free number was drawn in three tries.
        """
        now, account_id = self.clock(), self.new_id("acc")
        details = details_of(profile.emails, profile.phones, {}, now)
        for _ in range(3):
            account = Account(
                **profile.model_dump(), account_id=account_id, account_number=account_number(self.draw(10**9)),
                kind_of_customer=kind, currency=currency, created_at=now, updated_at=now, contact_details=details,
            )  # fmt: skip
            account = self.heads.weighed(self._suspecting(account))
            opened = entry(self.new_id("aud"), f"A#{account_id}", "account.created", actor, now, {}, _audited(account))
            try:
                self.store.create(account, opened)
            except NumberTaken:
                continue
            return account
        raise Conflict("No free account number was found; try again.")

    def get(self, account_id: str, *, consistent: bool = False) -> Account:
        """The account; `consistent` sees every change that is done. Raises NotFound."""
        account = self.store.get(account_id, consistent=consistent)
        if account is None:
            raise NotFound("There is no account with this id.")
        return account

    def standing(self, account_id: str, *, consistent: bool = False) -> Account:
        """The account, or the one in which it goes on now. One round trip, one more for each merge. Raises NotFound."""
        account = self.get(account_id, consistent=consistent)
        return self.standing(account.merged_into, consistent=consistent) if account.merged_into else account

    def goes_on_in(self, account_id: str) -> str | None:
        """Where a merged account goes on, as it truly is; None for any other, and for none."""
        try:
            standing = self.standing(account_id, consistent=True).account_id
        except NotFound:
            return None
        return standing if standing != account_id else None

    def change(
        self, account_id: str, changes: dict[str, Any], version: int, actor: Actor, roles: Roles | None = None
    ) -> Account:
        """Change profile fields, and what addresses are for, of the version the caller saw. One read, one transaction
        with its audit entry; a change of name, address or contacts looks for duplicates in between.

        `changes` holds new values by field name. Raises NotFound, AccountMerged, PreconditionFailed for a stale
        version, Unprocessable when a field cannot be emptied. A change that changes nothing leaves the version as it
        is.
        """
        told: list[ContactChange] = []

        def decide(old: Account) -> Change | None:
            if old.version != version:
                raise PreconditionFailed(
                    "The account was changed meanwhile; read it again.", current_version=old.version
                )
            new = _changed(old, changes, self.clock(), roles)
            return None if new == old else self._change(old, new, actor, roles, told)

        account, _ = self.heads.change(account_id, decide)
        for each in told:
            for listener in self.listeners:
                listener.changed(each)
        return account

    def _change(
        self, old: Account, new: Account, actor: Actor, roles: Roles | None, told: list[ContactChange]
    ) -> Change:
        """What is to be written; `told` becomes what the listeners are to hear afterwards."""
        if any(getattr(new, name) != getattr(old, name) for name in _TELLING):
            new = self._suspecting(new)
        now, change_id, key = self.clock(), self.new_id("aud"), f"A#{old.account_id}"
        new = new.model_copy(update={"version": old.version + 1, "updated_at": now})
        done = entry(change_id, key, "account.changed", actor, now, _audited(old, roles), _audited(new, roles))
        told[:] = _contact_change(old, new, change_id, actor, now)
        return Change(new, done, [write for each in told for mine in self.listeners for write in mine.writes(each)])

    def find(
        self, by: SearchBy, value: str, limit: int = 25, start: Item | None = None
    ) -> tuple[list[AccountRef], Item | None]:
        """Accounts by a canonical mail, E.164 phone, account number or words of a name. One round trip."""
        return self.store.find(by, value, limit, start)

    def search(self, text: str, limit: int, start: Item | None) -> tuple[list[AccountRef], Item | None]:
        """Accounts by free text. Raises BadRequest when the text says nothing."""
        try:
            by, value = read_search(text)
        except ValueError as reason:
            raise BadRequest(f"The search cannot be read: {reason}.") from None
        return self.find(by, value, limit, start)

    def _suspecting(self, account: Account) -> Account:
        return account.model_copy(update={"suspects": self.duplicates.of(account).suspects})


def _changed(old: Account, changes: dict[str, Any], now: datetime, roles: Roles | None) -> Account:
    try:
        new = Account.model_validate({**old.model_dump(), **changes})
    except ValidationError as error:
        raise Unprocessable("Some fields are wrong; each is named in `errors`.", field_errors(error)) from None
    if new.addresses == old.addresses and not roles:
        return new
    details = details_of(new.emails, new.phones, old.contact_details, now, roles)
    return new.model_copy(update={"contact_details": details})


def _contact_change(old: Account, new: Account, change_id: str, actor: Actor, at: datetime) -> list[ContactChange]:
    if set(old.addresses) == set(new.addresses):
        return []
    return [ContactChange(change_id, new.account_id, old.addresses, new.addresses, actor, at)]


def _audited(account: Account, roles: Roles | None = None) -> dict[str, Any]:
    told = account.model_dump(mode="json", include=set(PROFILE_FIELDS))
    if roles:
        told["contact_roles"] = {point.address: list(point.roles) for point in account.contact_points}
    return told
