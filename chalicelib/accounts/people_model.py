"""People beside the holder who may speak or pay for an account: who, with which rights, until when. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import Field, model_validator

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

MOST_PEOPLE: Final = 8
"""People of one account; they stand in its head."""


class PersonRole(StrEnum):
    """A payer pays the bills; an authorised person was named by the holder; an attorney acts in the holder's place."""

    PAYER = "payer"
    AUTHORISED = "authorised"
    ATTORNEY = "attorney"


class Right(StrEnum):
    """What a person may: hear of the account, pay, have it changed. No password is asked of them, nor given."""

    READ = "read"
    PAY = "pay"
    CHANGE = "change"


class Evidence(Record):
    """The document that an attorney showed: which, when we saw it, and its own number."""

    document: str = Field(description="Which document.")
    seen_on: date
    reference: str = Field(default="", description="The document's own number.")


class Person(Record):
    """One of them. `payer_account_id` is the account of a payer who is a customer, too."""

    person_id: str
    role: PersonRole
    name: str
    relation: str
    rights: tuple[Right, ...]
    until_on: date | None = None
    payer_account_id: str | None = None
    evidence: Evidence | None = None
    added_at: Instant
    added_by_name: str

    @property
    def shown(self) -> str:
        """As a search shows who it was that was found."""
        return f"{self.name} ({self.role})"

    def may(self, right: Right, day: date) -> bool:
        """Whether they have this right on a day."""
        return right in self.rights and (self.until_on is None or day <= self.until_on)

    @model_validator(mode="after")
    def _complete(self) -> Person:
        if self.role is PersonRole.ATTORNEY and self.evidence is None:
            raise ValueError("an attorney shows a document")
        if self.role is PersonRole.PAYER and Right.PAY not in self.rights:
            raise ValueError("a payer may pay")
        if self.payer_account_id and self.role is not PersonRole.PAYER:
            raise ValueError("only a payer has an account of their own here")
        return self
