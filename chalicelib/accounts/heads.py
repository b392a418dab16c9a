"""Writes account heads: read, decide, write on condition that nobody else did; and the quality weighed each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.model import Account
from chalicelib.accounts.policy import QualityRules, quality_as_shipped
from chalicelib.accounts.quality import quality
from chalicelib.accounts.store import AccountStore, HeadMoved
from chalicelib.audit.model import AuditEntry
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import Conflict, NotFound, Unavailable
from chalicelib.policy.model import RulesOn

_TRIES: Final = 4


class AccountMerged(Conflict):
    """The account was merged into another; nothing of it is changed any more. `merged_into` says where it goes on."""

    code, title = "account_merged", "This account goes on in another one"


def refuse_merged(merged_into: str | None) -> None:
    """Raises AccountMerged for an account that goes on in this one."""
    if merged_into:
        said = "This account goes on in the one that `merged_into` names; its own customer reaches that one, too."
        raise AccountMerged(said, merged_into=merged_into)


@dataclass(frozen=True)
class Change:
    """What an account is to become, with its audit entry and what else belongs into the transaction."""

    new: Account
    entry: AuditEntry
    also: Sequence[Write] = ()


@dataclass(frozen=True)
class Heads:
    store: AccountStore
    clock: Clock
    rules: RulesOn[QualityRules] = quality_as_shipped

    def existing(self, account_id: str) -> Account:
        """The account as it truly is, to be changed. One round trip. Raises NotFound, AccountMerged."""
        account = self.store.get(account_id, consistent=True)
        if account is None:
            raise NotFound("There is no account with this id.")
        refuse_merged(account.merged_into)
        return account

    def change(self, account_id: str, decide: Callable[[Account], Change | None]) -> tuple[Account, bool]:
        """The account after what `decide` made of it, and whether there was anything to change. Two round trips; they
        are done again when somebody else wrote the head in between. Raises Unavailable when that goes on."""
        for _ in range(_TRIES):
            old = self.existing(account_id)
            change = decide(old)
            if change is None:
                return old, False
            new = self.weighed(change.new).model_copy(update={"revision": old.revision + 1})
            try:
                self.store.change(old, new, change.entry, change.also)
            except HeadMoved:
                continue
            return new, True
        raise Unavailable("This account is being changed by others just now; try again.", retry_after=1)

    def weighed(self, account: Account) -> Account:
        """The account with its data quality by the policy of today."""
        rules = self.rules(self.clock()).rules
        return account.model_copy(update={"data_quality_score": quality(account, rules).score})
