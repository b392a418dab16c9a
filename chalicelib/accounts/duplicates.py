"""Looks for other accounts of the same customer: by what they share, weighed by policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.finding import SearchBy, name_tokens, postal_key
from chalicelib.accounts.likeness import Likeness, likeness
from chalicelib.accounts.model import Account, AccountStatus, Suspect
from chalicelib.accounts.policy import DuplicateRules, duplicates_as_shipped
from chalicelib.accounts.store import AccountStore
from chalicelib.platform.clock import Clock
from chalicelib.policy.model import RulesOn

_CANDIDATES: Final = 50
"""Of one mail, phone, name or postal code; more have it only where it tells nothing."""
_KEPT: Final = 3
"""Suspects that an account's head keeps: the likeliest."""


@dataclass(frozen=True)
class Duplicate:
    """Another account that may be the same customer's."""

    account: Account
    likeness: Likeness
    is_likely: bool


@dataclass(frozen=True)
class Found:
    """The likeliest first, and the version of the policy that they were weighed by."""

    duplicates: tuple[Duplicate, ...]
    policy: str

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        return tuple(Suspect(account_id=d.account.account_id, score=d.likeness.score) for d in self.duplicates[:_KEPT])


@dataclass(frozen=True)
class Duplicates:
    store: AccountStore
    clock: Clock
    rules: RulesOn[DuplicateRules] = duplicates_as_shipped

    def of(self, account: Account) -> Found:
        """Accounts that are possibly the same customer's. One round trip for each mail and phone, for the name and for
        the postal code, and one for the heads that were found."""
        ruling = self.rules(self.clock())
        named = {
            ref.account_id for by, value in _clues(account) for ref in self.store.find(by, value, _CANDIDATES)[0]
        } - {account.account_id}  # fmt: skip
        heads = self.store.get_many(named).values() if named else ()
        weighed = [(other, likeness(account, other, ruling.rules)) for other in heads if _stands(other)]
        possible = [each for each in weighed if each[1].score >= ruling.rules.possible_from]
        possible.sort(key=lambda each: (-each[1].score, each[0].account_id))
        likely = ruling.rules.likely_from
        found = tuple(Duplicate(other, like, like.score >= likely) for other, like in possible)
        return Found(found, ruling.version)


def _stands(account: Account) -> bool:
    return account.status is not AccountStatus.MERGED


def _clues(account: Account) -> Iterator[tuple[SearchBy, str]]:
    yield from (("email", mail) for mail in account.emails)
    yield from (("phone", phone) for phone in account.phones)
    if words := name_tokens(account.name):
        yield "name", " ".join(sorted(words))
    if code := postal_key(account.billing_address.country, account.billing_address.postal_code):
        yield "postal_code", code
