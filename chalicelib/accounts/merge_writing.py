"""Writes both accounts of a merge, or of its end, with everything that belongs to it, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.contact import ContactChange, ContactChanges
from chalicelib.accounts.heads import Heads
from chalicelib.accounts.merge_model import Merge, MergeState, Obstacle
from chalicelib.accounts.merge_store import MergeStore
from chalicelib.accounts.model import Account
from chalicelib.accounts.store import MOST_WRITES, rewrite
from chalicelib.audit.model import Actor, entry
from chalicelib.audit.store import audit_put
from chalicelib.platform.clock import NewId
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import Conflict

Became = tuple[Account, Account]
"""An account as it was read, and as it is to be."""


class MergeBlocked(Conflict):
    """Something stands against the merge; `obstacles` lists all of it."""

    code, title = "merge_blocked", "These accounts cannot be merged as they are"


def blocked(obstacles: Sequence[Obstacle]) -> MergeBlocked:
    listed = [obstacle.model_dump() for obstacle in obstacles]
    return MergeBlocked("Something is open that cannot move; each is named in `obstacles`.", obstacles=listed)


@dataclass(frozen=True)
class MergeWriter:
    """`listeners` hear of addresses that came or went."""

    store: MergeStore
    heads: Heads
    listeners: Sequence[ContactChanges]
    new_id: NewId

    def write(
        self, old: Merge | None, new: Merge, pairs: Sequence[Became], others: Sequence[Write], actor: Actor
    ) -> None:
        """One round trip. Raises HeadMoved when anything is not as it was read, MergeBlocked when it is too much for
        one transaction."""
        action = "account.merged" if new.state is MergeState.MERGED else "account.parted"
        writes, told = list[Write](), list[ContactChange]()
        for before, became in pairs:
            mine, change = self._rewritten(before, became, action, actor)
            writes += mine
            told += [change] if change.before != change.after else []
        writes += [write for each in told for listener in self.listeners for write in listener.writes(each)]
        if len(writes) + len(others) >= MOST_WRITES:
            said = "They have too many names, addresses and open cases to be moved at once."
            raise blocked([Obstacle(kind="too_much_at_once", detail=said)])
        self.store.write(old, new, [*writes, *others])
        for each in told:
            for listener in self.listeners:
                listener.changed(each)

    def _rewritten(
        self, before: Account, became: Account, action: str, actor: Actor
    ) -> tuple[list[Write], ContactChange]:
        after = self.heads.weighed(became).model_copy(update={"revision": before.revision + 1})
        at, change_id, account_id = self.heads.clock(), self.new_id("aud"), before.account_id
        done = entry(change_id, f"A#{account_id}", action, actor, at, _audited(before), _audited(after))
        change = ContactChange(change_id, account_id, before.addresses, after.addresses, actor, at)
        return [*rewrite(before, after), audit_put(done)], change


def _audited(account: Account) -> dict[str, object]:
    return account.model_dump(mode="json", include={"emails", "phones", "status", "merged_into", "merge_id"})
