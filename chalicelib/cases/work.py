"""What is done to a case: answer, hear the customer, note, assign, take the next, change, resolve, reopen, close.

Each is one read and one transaction of head, timeline and audit; when somebody else was quicker it is done again on
what stands then, unless the caller said which version is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.audit.model import Actor
from chalicelib.cases import rules
from chalicelib.cases.changes import audit_of, filed, happened, reopening, stored_subject
from chalicelib.cases.messages import CaseEvent, Delivery, Direction, Entry, EventType, Message, Texts
from chalicelib.cases.model import Case, CaseRef, Priority, Queue, Resolution, State
from chalicelib.cases.store import CaseChanged, CaseStore
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict, NotFound, PreconditionFailed, Unavailable

TRIES: Final = 4
_CANDIDATES: Final = 25
Edit = Callable[[Case, datetime], tuple[Case, Sequence[Entry]]]
"""What a use case makes of the case as it stands. May be called again on a newer one."""


@dataclass(frozen=True)
class Work:
    """`version` of a method is what If-Match named, None when the caller does not mind. All raise NotFound,
    Unavailable, PreconditionFailed for a stale version, and Conflict where the state of the case forbids it."""

    store: CaseStore
    texts: Texts
    clock: Clock
    new_id: NewId

    def answer(self, case_id: str, text: str, actor: Actor, version: int | None = None) -> tuple[Case, Message]:
        """Write to the customer: the mail is queued in the same transaction, and the case waits for the customer."""

        def answered(case: Case, at: datetime) -> Case:
            return rules.answered(case, actor.name, at)

        return self._say(case_id, text, Direction.OUT, answered, actor, version)

    def hear(self, case_id: str, text: str, actor: Actor, version: int | None = None) -> tuple[Case, Message]:
        """The customer writes: a case that was pending or resolved is open again."""
        return self._say(case_id, text, Direction.IN, rules.heard, actor, version)

    def note(self, case_id: str, text: str, actor: Actor, version: int | None = None) -> tuple[Case, Message]:
        """Write something down that the customer never sees; possible in every state."""
        return self._say(case_id, text, Direction.NOTE, rules.noted, actor, version)

    def assign(self, case_id: str, assignee: str | None, actor: Actor, version: int | None = None) -> Case:
        """Give the case to somebody by user name, or back to the queue (None)."""
        return self._change(case_id, "case.assigned", actor, self._assigning(assignee, actor), version)

    def take_next(self, queue: Queue, actor: Actor) -> Case:
        """Assign the case of the queue that is due first and nobody has; two who ask at once get two cases. Raises
        NotFound when none waits. Three round trips, two more for each case that somebody else took first."""

        def take(case: Case, at: datetime) -> tuple[Case, Sequence[Entry]]:
            if case.assignee or case.state is not State.OPEN or case.queue is not queue:
                raise _Taken
            return self._assigning(actor.name, actor)(case, at)

        after: str | None = ""
        while after is not None:
            refs, after = self.store.in_queues((queue,), _CANDIDATES, after)
            for ref in filter(_waits, refs):
                try:
                    return self._change(ref.case_id, "case.assigned", actor, take, None)
                except _Taken:
                    continue
        raise NotFound("No case waits in this queue.")

    def change(self, case_id: str, changes: Mapping[str, Any], version: int, actor: Actor) -> Case:
        """Change `subject`, `queue`, `priority` or `category`; another priority moves a running clock."""
        given = dict(changes)
        if "subject" in given:
            given["subject"] = stored_subject(given["subject"])

        def edit(case: Case, at: datetime) -> tuple[Case, Sequence[Entry]]:
            if case.state is State.CLOSED:
                raise Conflict("This case is closed; it cannot be changed any more.", state=case.state.value)
            moved = rules.reprioritised(case, Priority(given.get("priority", case.priority)))
            new = Case.model_validate({**moved.model_dump(), **given})
            if new == case:
                return case, ()
            detail = {name: [_plain(getattr(case, name)), _plain(getattr(new, name))] for name in given}
            return new.model_copy(update={"updated_at": at}), [
                self._event(case, EventType.CHANGED, actor, at, **detail)
            ]

        return self._change(case_id, "case.changed", actor, edit, version)

    def resolve(self, case_id: str, resolution: Resolution, actor: Actor, version: int | None = None) -> Case:
        """End the case with reason, outcome and root cause."""
        noted = resolution.note and hide_cards(resolution.note)
        short = resolution.model_copy(update={"note": None})

        def edit(case: Case, at: datetime) -> tuple[Case, Sequence[Entry]]:
            detail = {**short.model_dump(exclude_none=True), **({"note": noted} if noted else {})}
            event = self._event(case, EventType.RESOLVED, actor, at, **detail)
            return rules.resolved(case, short, actor.name, at), [event]

        return self._change(case_id, "case.resolved", actor, edit, version)

    def reopen(self, case_id: str, reason: str, actor: Actor, version: int | None = None) -> Case:
        """Take up a resolved case again; what it was resolved with stays on the timeline."""
        words = hide_cards(reason)

        def edit(case: Case, at: datetime) -> tuple[Case, Sequence[Entry]]:
            return rules.reopened(case, at), [reopening(self.new_id("evt"), case, actor.name, at, words)]

        return self._change(case_id, "case.reopened", actor, edit, version)

    def close(self, case_id: str, actor: Actor, version: int | None = None) -> Case:
        """End a resolved case for good: whoever writes again opens a new case."""

        def edit(case: Case, at: datetime) -> tuple[Case, Sequence[Entry]]:
            return rules.closed(case, at), [self._event(case, EventType.CLOSED, actor, at)]

        return self._change(case_id, "case.closed", actor, edit, version)

    def _say(
        self, case_id: str, text: str, direction: Direction, rule: Callable[[Case, datetime], Case], actor: Actor,
        version: int | None,
    ) -> tuple[Case, Message]:  # fmt: skip
        draft = Message(
            message_id=self.new_id("msg"), case_id=case_id, direction=direction, author=actor.name, at=self.clock(),
            verified=direction is Direction.IN,
        )  # fmt: skip
        words = hide_cards(text)
        said: list[Message] = []

        def edit(case: Case, at: datetime) -> tuple[Case, Sequence[Entry]]:
            new, entries = rule(case, at), list[Entry]()
            by_mail = direction is Direction.OUT and case.requester is not None
            delivery = Delivery.QUEUED if by_mail else Delivery.NONE
            message = filed(draft.model_copy(update={"at": at, "delivery": delivery}), words, self.texts)
            if case.is_done and not new.is_done:
                entries.append(reopening(self.new_id("evt"), case, actor.name, at, "The customer wrote again."))
            said[:] = [message]
            return new, [*entries, message]

        return self._change(case_id, "case.continued", actor, edit, version), said[0]

    def _assigning(self, assignee: str | None, actor: Actor) -> Edit:
        def edit(case: Case, at: datetime) -> tuple[Case, Sequence[Entry]]:
            if case.assignee == assignee:
                return case, ()
            event = self._event(case, EventType.ASSIGNED, actor, at, before=case.assignee, after=assignee)
            return rules.assigned(case, assignee, at), [event]

        return edit

    def _event(self, case: Case, what: EventType, actor: Actor, at: datetime, **detail: Any) -> CaseEvent:
        return happened(self.new_id("evt"), case, what, actor.name, at, **detail)

    def _change(self, case_id: str, action: str, actor: Actor, edit: Edit, version: int | None) -> Case:
        for _ in range(TRIES):
            old = self.store.get(case_id, consistent=True)
            if old is None:
                raise NotFound
            if version is not None and version != old.version:
                raise PreconditionFailed("The case was changed meanwhile; read it again.", current_version=old.version)
            now = self.clock()
            new, entries = edit(old, now)
            if new == old and not entries:
                return old
            new = new.model_copy(update={"version": old.version + 1})
            try:
                self.store.change(old, new, entries, audit_of(self.new_id("aud"), action, actor, now, old, new))
            except CaseChanged:
                continue
            return new
        raise Unavailable("This case is being changed by others; try again.", retry_after=1)


class _Taken(Exception):
    """Somebody else has this case now."""


def _waits(ref: CaseRef) -> bool:
    return ref.assignee is None and ref.state is State.OPEN


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)
