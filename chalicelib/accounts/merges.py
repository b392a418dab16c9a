"""Use cases of merges: join two accounts of one customer, and part them again within the days that policy gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from chalicelib.accounts.heads import Heads
from chalicelib.accounts.merge_model import (
    Merge,
    MergeGuard,
    MergeState,
    MovesCases,
    Obstacle,
    differences,
    joined,
    parted,
    retired,
    revived,
)
from chalicelib.accounts.merge_writing import MergeWriter, blocked
from chalicelib.accounts.model import Account, AccountStatus
from chalicelib.accounts.policy import DuplicateRules
from chalicelib.accounts.store import HeadMoved
from chalicelib.audit.model import Actor
from chalicelib.platform.clock import NewId
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import Conflict, FieldError, NotFound, Unavailable, Unprocessable
from chalicelib.policy.model import RulesOn

MOST_CASES: Final = 10
"""Open cases that move with a merge."""
_TRIES: Final = 4
T = TypeVar("T")


@dataclass(frozen=True)
class Merges:
    """`guards` know what is open for an account, `cases` moves cases; `count` adds one to a metric."""

    writer: MergeWriter
    heads: Heads
    rules: RulesOn[DuplicateRules]
    guards: Sequence[MergeGuard]
    cases: MovesCases
    new_id: NewId
    count: Callable[[str], None]

    def get(self, merge_id: str) -> Merge:
        """Raises NotFound."""
        merge = self.writer.store.get(merge_id)
        if merge is None:
            raise NotFound("There is no merge with this id.")
        return merge

    def merge(self, survivor_id: str, duplicate_id: str, actor: Actor) -> Merge:
        """The duplicate goes on in the survivor. What was merged so before is found done.

        Raises NotFound, AccountMerged for a survivor that was merged itself, Unprocessable for a duplicate that is
        none, MergeBlocked with all that stands against it, Unavailable.
        """
        return self._until_first(lambda: self._merged(survivor_id, duplicate_id, actor))

    def undo(self, merge_id: str, actor: Actor) -> Merge:
        """Both accounts as if they had never been merged: addresses and cases that had moved go back, whatever became
        of them. What was undone before is found done. Raises NotFound, Unavailable, and Conflict when the days are over
        or the survivor was merged since."""
        return self._until_first(lambda: self._undone(self.get(merge_id), actor))

    def _merged(self, survivor_id: str, duplicate_id: str, actor: Actor) -> Merge:
        survivor, duplicate = self.heads.existing(survivor_id), self._duplicate(survivor_id, duplicate_id)
        if duplicate.merge_id and duplicate.merged_into == survivor_id:
            return self.get(duplicate.merge_id)
        case_ids, checks = self._clear(survivor, duplicate)
        now, ruling = self.heads.clock(), self.rules(self.heads.clock())
        moved = self.cases.moving(case_ids, survivor_id, duplicate_id, actor, now)
        whole = joined(survivor, duplicate, now)
        merge = Merge(
            merge_id=self.new_id("mrg"), survivor_id=survivor_id, duplicate_id=duplicate_id,
            emails=whole.emails[len(survivor.emails) :], phones=whole.phones[len(survivor.phones) :],
            case_ids=moved.case_ids, status_before=duplicate.status, suspects_before=survivor.suspects, merged_at=now,
            merged_by_name=actor.name, undo_until=now + timedelta(days=ruling.rules.undo_days), policy=ruling.version,
        )  # fmt: skip
        gone = retired(duplicate, survivor_id, merge.merge_id, now)
        self.writer.write(None, merge, [(survivor, whole), (duplicate, gone)], [*moved.writes, *checks], actor)
        self.count("AccountsMerged")
        return merge

    def _undone(self, merge: Merge, actor: Actor) -> Merge:
        if merge.state is MergeState.UNDONE:
            return merge
        now = self.heads.clock()
        if now > merge.undo_until:
            raise Conflict("The days in which this merge could be undone are over.", reason="window_over")
        survivor, duplicate = (self._standing(each) for each in (merge.survivor_id, merge.duplicate_id))
        if survivor.status is AccountStatus.MERGED:
            said = "The account was merged on since; undo that first."
            raise Conflict(said, reason="merged_since", merge_id=survivor.merge_id)
        moved = self.cases.moving(merge.case_ids, merge.duplicate_id, merge.survivor_id, actor, now)
        told = {"state": MergeState.UNDONE, "undone_at": now, "undone_by_name": actor.name}
        undone = merge.model_copy(update=told)
        pairs = [(survivor, parted(survivor, merge, now)), (duplicate, revived(duplicate, merge, now))]
        self.writer.write(merge, undone, pairs, moved.writes, actor)
        self.count("MergesUndone")
        return undone

    def _clear(self, survivor: Account, duplicate: Account) -> tuple[list[str], list[Write]]:
        """The open cases that move and the conditions of the merge. Raises MergeBlocked."""
        found = differences(survivor, duplicate)
        standing = [guard.standing(duplicate.account_id) for guard in self.guards]
        found += [obstacle for each in standing for obstacle in each.obstacles]
        case_ids = self.cases.open_cases(duplicate.account_id, MOST_CASES + 1)
        if len(case_ids) > MOST_CASES:
            said = f"More than {MOST_CASES} cases are open: end some first."
            found.append(Obstacle(kind="too_many_cases", detail=said))
        if found:
            raise blocked(found)
        return case_ids, [check for each in standing for check in each.checks]

    def _duplicate(self, survivor_id: str, duplicate_id: str) -> Account:
        account = self.heads.store.get(duplicate_id, consistent=True)
        wrong = {
            "is the same account": duplicate_id == survivor_id,
            "is no account": account is None,
            "was merged into another account": account is not None and account.merged_into not in (None, survivor_id),
        }
        said = next((words for words, holds in wrong.items() if holds), None)
        if said or account is None:
            raise Unprocessable("This account cannot be merged.", [FieldError("/duplicate_account_id", said or "")])
        return account

    def _standing(self, account_id: str) -> Account:
        account = self.heads.store.get(account_id, consistent=True)
        if account is None:
            raise NotFound("One of the two accounts is no more.")
        return account

    def _until_first(self, attempt: Callable[[], T]) -> T:
        for _ in range(_TRIES):
            try:
                return attempt()
            except HeadMoved:
                continue
        raise Unavailable("These accounts are being changed by others just now; try again.", retry_after=1)
