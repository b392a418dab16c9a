"""Two accounts of one customer become one, and can be parted again. Pure.

The duplicate stays as it was, with its history, its ledger and its number, and is marked as merged; a search for its
number or name leads to the survivor. What moves is what somebody works with from now on: mails and phones, which the
survivor gets behind its own, and open cases. People named at the duplicate do not: rights on one account are none on
another. Money never moves here; a duplicate that has any, or owes any, is not merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from chalicelib.accounts.contact import MAIN_ROLES, ContactDetail, Role
from chalicelib.accounts.model import Account, AccountStatus, Suspect
from chalicelib.audit.model import Actor
from chalicelib.platform.clock import Instant
from chalicelib.platform.dynamo import Write
from chalicelib.platform.fields import Record

MOST_OF_A_KIND: Final = 10
"""Mails, and phones, of one account."""


class MergeState(StrEnum):
    """Whether the accounts are one still."""

    MERGED = "merged"
    UNDONE = "undone"


class Obstacle(Record):
    """What stands against a merge: a word for it, and what to do in plain words."""

    kind: str
    detail: str


class Merge(Record):
    """One merge, with all that it takes to part the accounts again. `policy` is the version that gave it its days."""

    merge_id: str
    survivor_id: str
    duplicate_id: str
    state: MergeState = MergeState.MERGED
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    case_ids: tuple[str, ...] = ()
    status_before: AccountStatus
    suspects_before: tuple[Suspect, ...] = ()
    merged_at: Instant
    merged_by_name: str
    undo_until: Instant
    undone_at: Instant | None = None
    undone_by_name: str | None = None
    policy: str


@dataclass(frozen=True)
class Standing:
    """What stands against a merge, and the conditions under which it does not: they go into its transaction."""

    obstacles: tuple[Obstacle, ...] = ()
    checks: tuple[Write, ...] = ()


class MergeGuard(Protocol):
    """A domain that may have something open for an account."""

    def standing(self, account_id: str) -> Standing:
        """What is open there. Raises Unavailable."""
        ...


@dataclass(frozen=True)
class MovedCases:
    """The cases that change hands, and the writes that do it."""

    case_ids: tuple[str, ...]
    writes: Sequence[Write]


class MovesCases(Protocol):
    """Whoever keeps the cases."""

    def open_cases(self, account_id: str, limit: int) -> list[str]:
        """The ids of up to so many cases of an account that are not done."""
        ...

    def moving(self, case_ids: Sequence[str], to: str, source: str, actor: Actor, at: datetime) -> MovedCases:
        """The writes that take those of these cases that are `source`'s to the account `to`, three a case, held to the
        cases as they are."""
        ...


def joined(survivor: Account, duplicate: Account, at: datetime) -> Account:
    """The survivor with the duplicate's addresses behind its own, and what is known of them."""
    emails = (*survivor.emails, *_new(survivor.emails, duplicate.emails))
    phones = (*survivor.phones, *_new(survivor.phones, duplicate.phones))
    details = {**_brought(survivor, duplicate), **survivor.contact_details}
    left = tuple(each for each in survivor.suspects if each.account_id != duplicate.account_id)
    return survivor.model_copy(
        update={
            "emails": emails, "phones": phones, "contact_details": details, "suspects": left, "updated_at": at,
            "version": survivor.version + 1,
        }
    )  # fmt: skip


def parted(survivor: Account, merge: Merge, at: datetime) -> Account:
    """The survivor without what the merge brought."""
    gone = {*merge.emails, *merge.phones}
    return survivor.model_copy(
        update={
            "emails": tuple(each for each in survivor.emails if each not in gone),
            "phones": tuple(each for each in survivor.phones if each not in gone),
            "contact_details": {each: d for each, d in survivor.contact_details.items() if each not in gone},
            "suspects": merge.suspects_before, "updated_at": at, "version": survivor.version + 1,
        }
    )  # fmt: skip


def retired(duplicate: Account, survivor_id: str, merge_id: str, at: datetime) -> Account:
    """The duplicate, marked as merged; all else stays as it was."""
    marks = {"status": AccountStatus.MERGED, "merged_into": survivor_id, "merge_id": merge_id}
    return duplicate.model_copy(update={**marks, "updated_at": at, "version": duplicate.version + 1})


def revived(duplicate: Account, merge: Merge, at: datetime) -> Account:
    """The duplicate as it was before it was merged."""
    marks = {"status": merge.status_before, "merged_into": None, "merge_id": None}
    return duplicate.model_copy(update={**marks, "updated_at": at, "version": duplicate.version + 1})


def differences(survivor: Account, duplicate: Account) -> list[Obstacle]:
    """What in the two profiles stands against a merge."""
    found = []
    if survivor.status is not AccountStatus.ACTIVE:
        found.append(Obstacle(kind="survivor_closed", detail="The account that is to go on is closed."))
    if survivor.currency != duplicate.currency:
        found.append(Obstacle(kind="other_currency", detail="The two accounts pay in different currencies."))
    for kind, mine, theirs in (
        ("mail addresses", survivor.emails, duplicate.emails),
        ("phones", survivor.phones, duplicate.phones),
    ):
        if len(mine) + len(_new(mine, theirs)) > MOST_OF_A_KIND:
            said = f"Together they have more than {MOST_OF_A_KIND} {kind}: remove some first."
            found.append(Obstacle(kind="too_many_contacts", detail=said))
    return found


def _new(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in theirs if each not in mine)


def _brought(survivor: Account, duplicate: Account) -> dict[str, ContactDetail]:
    """What is known of the addresses that come; they are for service until somebody says more, unless they are the
    first of their kind."""
    known = {point.address: point for point in duplicate.contact_points}
    brought: dict[str, ContactDetail] = {}
    for mine, theirs in ((survivor.emails, duplicate.emails), (survivor.phones, duplicate.phones)):
        for place, address in enumerate(_new(mine, theirs)):
            roles = MAIN_ROLES if not mine and place == 0 else (Role.SERVICE,)
            told = known[address].model_dump(include=set(ContactDetail.model_fields))
            brought[address] = ContactDetail.model_validate({**told, "roles": roles})
    return brought
