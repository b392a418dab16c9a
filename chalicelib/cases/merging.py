"""Makes two cases of one matter one: the one ends and points at the other, which takes over what is owed to the
customer. What was said in the first stays there; mail to it goes to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.audit.model import Actor
from chalicelib.audit.store import audit_put
from chalicelib.cases.changes import audit_of, happened
from chalicelib.cases.merge_rules import ended, refuse_unlike, taken_over
from chalicelib.cases.messages import CaseEvent, EventType
from chalicelib.cases.model import Case
from chalicelib.cases.store import CaseStore, entry_item
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Put, Write
from chalicelib.platform.errors import FieldError, NotFound, PreconditionFailed, Unavailable, Unprocessable

_TRIES: Final = 4
_ACTION: Final = "case.merged"


@dataclass(frozen=True)
class CaseMerges:
    """`count` adds one to a metric."""

    store: CaseStore
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def merge(self, case_id: str, into: str, actor: Actor, version: int | None = None) -> Case:
        """End a case in another one; the case that ended. Done again it changes nothing. Two reads and one transaction
        of both heads, an event and an audit entry on each; done again when somebody else changed one of them.

        `version` is that of the ending case, None when the caller does not mind. Raises NotFound, PreconditionFailed,
        Unprocessable when `into` is no other case, Conflict when they cannot be one, Unavailable."""
        for _ in range(_TRIES):
            gone, other = self._read(case_id, into)
            if gone.continued_in == other.case_id:
                return gone
            if version is not None and version != gone.version:
                said = "The case was changed meanwhile; read it again."
                raise PreconditionFailed(said, current_version=gone.version)
            at = self.clock()
            refuse_unlike(gone, other, at)
            new = _next(ended(gone, other, at))
            try:
                self.store.table.transact(self._writes(gone, new, other, actor, at))
            except (ConditionFailed, Contended):
                continue
            self.count("CasesMerged")
            return new
        raise Unavailable("These cases are being changed by others; try again.", retry_after=1)

    def _read(self, case_id: str, into: str) -> tuple[Case, Case]:
        gone = self.store.get(case_id, consistent=True)
        if gone is None:
            raise NotFound
        other = self.store.get(into, consistent=True) if into != case_id else None
        if other is None:
            wrong = FieldError("/into", "there is no other case with this id")
            raise Unprocessable("Some fields are wrong; each is named in `errors`.", [wrong])
        return gone, other

    def _writes(self, gone: Case, new: Case, other: Case, actor: Actor, at: datetime) -> list[Write]:
        """Each head on condition that it is as it was read: of two merges that would make a circle, one is refused."""
        heir = _next(taken_over(other, gone, at))
        history = gone.model_dump(mode="json", include={"resolved_at", "resolved_by", "resolution"}, exclude_none=True)
        events = [
            self._event(gone, actor, at, into=other.case_id, reference=other.reference, **history),
            self._event(other, actor, at, case_id=gone.case_id, reference=gone.reference, subject=gone.subject),
        ]
        audits = [
            audit_of(self.new_id("aud"), _ACTION, actor, at, gone, new),
            audit_of(self.new_id("aud"), _ACTION, actor, at, other, heir, merged_case_id=gone.case_id),
        ]
        heads: list[Write] = [
            Put(self.store.head_item(after), Attr("version").eq(before.version))
            for before, after in ((gone, new), (other, heir))
        ]
        entries = [Put(entry_item(event), ABSENT) for event in events]
        return [*heads, *entries, *(audit_put(audit) for audit in audits if audit)]

    def _event(self, case: Case, actor: Actor, at: datetime, **detail: object) -> CaseEvent:
        return happened(self.new_id("evt"), case, EventType.MERGED, actor.name, at, **detail)


def _next(case: Case) -> Case:
    return case.model_copy(update={"version": case.version + 1})
