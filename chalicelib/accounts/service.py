"""Use cases of accounts: open one, read it, find it, change its profile."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from chalicelib.accounts.finding import SearchBy, account_number, read_search
from chalicelib.accounts.model import (
    PROFILE_FIELDS,
    Account,
    AccountKind,
    AccountRef,
    Profile,
)
from chalicelib.accounts.store import AccountStore, NumberTaken
from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import BadRequest, Conflict, NotFound, PreconditionFailed, Unprocessable
from chalicelib.platform.problem import field_errors


@dataclass(frozen=True)
class Accounts:
    """`draw` gives a random number below the one it is given, for the account number."""

    store: AccountStore
    clock: Clock
    new_id: NewId
    draw: Callable[[int], int] = secrets.randbelow

    def create(self, profile: Profile, kind: AccountKind, currency: str, actor: Actor) -> Account:
        """Open an account with a new account number. One transaction.

        Raises Conflict when no free number was drawn in three tries.
        """
        now, account_id = self.clock(), self.new_id("acc")
        for _ in range(3):
            account = Account(
                **profile.model_dump(), account_id=account_id, account_number=account_number(self.draw(10**9)),
                kind_of_customer=kind, currency=currency, created_at=now, updated_at=now,
            )  # fmt: skip
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

    def change(self, account_id: str, changes: dict[str, Any], version: int, actor: Actor) -> Account:
        """Change profile fields of the version the caller saw. One read, one transaction with its audit entry.

        `changes` holds new values by field name. Raises NotFound, PreconditionFailed for a stale version, Unprocessable
        when a field cannot be emptied. A change that changes nothing leaves the version as it is.
        """
        old = self.get(account_id, consistent=True)
        if old.version != version:
            raise PreconditionFailed("The account was changed meanwhile; read it again.", current_version=old.version)
        try:
            new = Account.model_validate({**old.model_dump(), **changes})
        except ValidationError as error:
            raise Unprocessable("Some fields are wrong; each is named in `errors`.", field_errors(error)) from None
        if new == old:
            return old
        now = self.clock()
        new = new.model_copy(update={"version": old.version + 1, "updated_at": now})
        done = entry(self.new_id("aud"), f"A#{account_id}", "account.changed", actor, now, _audited(old), _audited(new))
        self.store.change(old, new, done)
        return new

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


def _audited(account: Account) -> dict[str, Any]:
    return account.model_dump(mode="json", include=set(PROFILE_FIELDS))
