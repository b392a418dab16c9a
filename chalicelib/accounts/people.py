"""Use cases of people: name who may speak or pay for an account, and take them off again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from chalicelib.accounts.heads import Change, Heads
from chalicelib.accounts.model import Account, AccountStatus
from chalicelib.accounts.people_model import MOST_PEOPLE, Evidence, Person, PersonRole, Right
from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import NewId
from chalicelib.platform.errors import Conflict, FieldError, NotFound, Unprocessable


@dataclass(frozen=True)
class Named:
    """Somebody who is to be named."""

    role: PersonRole
    name: str
    relation: str
    rights: tuple[Right, ...]
    until_on: date | None
    payer_account_id: str | None
    evidence: Evidence | None


@dataclass(frozen=True)
class People:
    """`count` adds one to a metric."""

    heads: Heads
    new_id: NewId
    count: Callable[[str], None]

    def of(self, account_id: str) -> tuple[Person, ...]:
        """One round trip. Raises NotFound."""
        account = self.heads.store.get(account_id)
        if account is None:
            raise NotFound("There is no account with this id.")
        return account.people

    def add(self, account_id: str, named: Named, actor: Actor) -> Person:
        """Name a person. One read, one more for a payer's own account, one transaction with the audit entry.

        Raises NotFound, AccountMerged, Unprocessable, Unavailable, and Conflict when there are as many as can be.
        """
        self._check_payer(account_id, named.payer_account_id)
        person = self._person(named, actor)

        def decide(old: Account) -> Change:
            if len(old.people) >= MOST_PEOPLE:
                raise Conflict(f"An account has {MOST_PEOPLE} people at most; remove one first.", reason="too_many")
            return self._changed(old, (*old.people, person), "person.added", actor)

        self.heads.change(account_id, decide)
        self.count("PeopleNamed")
        return person

    def remove(self, account_id: str, person_id: str, actor: Actor) -> Person:
        """Take a person off; they have no right any more from now on. One read, one transaction with the audit entry.
        Raises NotFound, AccountMerged, Unavailable."""
        gone: list[Person] = []

        def decide(old: Account) -> Change:
            gone[:] = [person for person in old.people if person.person_id == person_id]
            if not gone:
                raise NotFound("There is no such person at this account.")
            return self._changed(old, tuple(p for p in old.people if p not in gone), "person.removed", actor)

        self.heads.change(account_id, decide)
        return gone[0]

    def _changed(self, old: Account, people: tuple[Person, ...], action: str, actor: Actor) -> Change:
        now, key = self.heads.clock(), f"A#{old.account_id}"
        done = entry(self.new_id("aud"), key, action, actor, now, _audited(old.people), _audited(people))
        return Change(old.model_copy(update={"people": people}), done)

    def _person(self, named: Named, actor: Actor) -> Person:
        now = self.heads.clock()
        if named.until_on and named.until_on < now.date():
            raise Unprocessable("They would have no right at all.", [FieldError("/until_on", "is in the past")])
        try:
            return Person(person_id=self.new_id("prs"), **vars(named), added_at=now, added_by_name=actor.name)
        except ValidationError as error:
            said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
            raise Unprocessable("This person cannot be named so.", [FieldError("", said)]) from None

    def _check_payer(self, account_id: str, payer_account_id: str | None) -> None:
        if payer_account_id is None:
            return
        payer = self.heads.store.get(payer_account_id, consistent=True)
        if payer is None or payer.status is not AccountStatus.ACTIVE or payer_account_id == account_id:
            wrong = FieldError("/payer_account_id", "is no other active account")
            raise Unprocessable("This account cannot pay for it.", [wrong])


def _audited(people: tuple[Person, ...]) -> dict[str, Any]:
    return {person.person_id: person.model_dump(mode="json") for person in people}
