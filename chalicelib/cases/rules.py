"""How a case moves: the state machine as a table, and the change that each step makes to the head. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.cases.model import Case, Priority, Resolution, State
from chalicelib.platform.errors import Conflict


class Step(StrEnum):
    ANSWER = "answer"
    HEAR = "hear"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    RETURN = "return"
    TROUBLE = "trouble"


STEPS: Final[Mapping[tuple[State, Step], State]] = {
    (State.OPEN, Step.ANSWER): State.PENDING,
    (State.OPEN, Step.HEAR): State.OPEN,
    (State.OPEN, Step.RESOLVE): State.RESOLVED,
    (State.PENDING, Step.ANSWER): State.PENDING,
    (State.PENDING, Step.HEAR): State.OPEN,
    (State.PENDING, Step.RESOLVE): State.RESOLVED,
    (State.RESOLVED, Step.HEAR): State.OPEN,
    (State.RESOLVED, Step.REOPEN): State.OPEN,
    (State.RESOLVED, Step.CLOSE): State.CLOSED,
    (State.OPEN, Step.RETURN): State.OPEN,
    (State.PENDING, Step.RETURN): State.OPEN,
    (State.RESOLVED, Step.RETURN): State.RESOLVED,
    (State.CLOSED, Step.RETURN): State.CLOSED,
    (State.OPEN, Step.TROUBLE): State.OPEN,
    (State.PENDING, Step.TROUBLE): State.OPEN,
    (State.RESOLVED, Step.TROUBLE): State.OPEN,
}
"""What is not in the table cannot be done. A return is a mail of ours that did not arrive, trouble is what the desk
found out itself: the matter of the case went wrong again."""
_AT_ANY_TIME: Final = frozenset({Step.CLOSE, Step.RETURN})

_REFUSALS: Final[Mapping[tuple[State, Step], str]] = {
    (State.RESOLVED, Step.ANSWER): "This case is resolved; reopen it to answer.",
    (State.RESOLVED, Step.RESOLVE): "This case is already resolved.",
    (State.OPEN, Step.REOPEN): "This case is open already.",
    (State.PENDING, Step.REOPEN): "This case is open already.",
    (State.OPEN, Step.CLOSE): "Resolve the case before it is closed.",
    (State.PENDING, Step.CLOSE): "Resolve the case before it is closed.",
}
_FINAL: Final = "This case is closed; open a new one."
_GOES_ON: Final = "This case goes on in another one; write there."

FIRST_ANSWER: Final[Mapping[Priority, timedelta]] = {
    Priority.URGENT: timedelta(hours=1),
    Priority.HIGH: timedelta(hours=4),
    Priority.NORMAL: timedelta(hours=24),
    Priority.LOW: timedelta(hours=72),
}
"""How long a customer may wait for our answer, on the calendar."""


def due(priority: Priority, since: datetime) -> datetime:
    """When a customer who waits since then must have our answer."""
    return since + FIRST_ANSWER[priority]


def next_state(case: Case, step: Step, at: datetime) -> State:
    """Where the step leads. Raises Conflict, in words for the customer, where it leads nowhere."""
    found = STEPS.get((case.state, step))
    late = case.is_final(at) and step not in _AT_ANY_TIME
    if found is None or late:
        words = _FINAL if late else _REFUSALS.get((case.state, step), _FINAL)
        if case.continued_in:
            raise Conflict(_GOES_ON, state=case.state.value, continued_in=case.continued_in)
        raise Conflict(words, state=case.state.value)
    return found


def answered(case: Case, by: str, at: datetime) -> Case:
    """A person of ours wrote to the customer: the customer is waited for. The first time is the first response.
    A case that nobody had is theirs from then on."""
    return case.model_copy(
        update={
            "state": next_state(case, Step.ANSWER, at), "due_at": None, "updated_at": at,
            "first_response_at": case.first_response_at or at, "assignee": case.assignee or by,
            "message_count": case.message_count + 1,
        }
    )  # fmt: skip


def heard(case: Case, at: datetime) -> Case:
    """The customer wrote. A running clock is not reset; a stopped one starts; a resolved case is reopened."""
    after = next_state(case, Step.HEAR, at)
    standing = _reopened(case, at) if case.state is State.RESOLVED else case
    return standing.model_copy(
        update={
            "state": after, "due_at": standing.due_at or due(case.priority, at), "updated_at": max(case.updated_at, at),
            "message_count": case.message_count + 1,
        }
    )  # fmt: skip


def noted(case: Case, at: datetime) -> Case:
    """Something was added that changes nothing else: a note, or automatic mail."""
    return case.model_copy(update={"updated_at": max(case.updated_at, at), "message_count": case.message_count + 1})


def returned(case: Case, at: datetime) -> Case:
    """What we wrote did not arrive: a case that waited for the customer waits for us, and at once; else nothing
    moves."""
    due_at = at if case.state is State.PENDING else case.due_at
    after = next_state(case, Step.RETURN, at)
    return case.model_copy(update={"state": after, "due_at": due_at, "updated_at": max(case.updated_at, at)})


def informed(case: Case, at: datetime) -> Case:
    """What the customer was asked for has come without a word: a case that waited for it is for us again."""
    if case.state is not State.PENDING:
        return noted(case, at)
    return noted(case.model_copy(update={"state": State.OPEN, "due_at": due(case.priority, at)}), at)


def troubled(case: Case, due_at: datetime, at: datetime) -> Case:
    """The matter of the case went wrong again: it is for us, by the sooner of the two instants, reopened if need be."""
    after = next_state(case, Step.TROUBLE, at)
    standing = _reopened(case, at) if case.state is State.RESOLVED else case
    sooner = min(standing.due_at or due_at, due_at)
    return noted(standing.model_copy(update={"state": after, "due_at": sooner}), at)


def resolved(case: Case, resolution: Resolution, by: str, at: datetime) -> Case:
    return case.model_copy(
        update={
            "state": next_state(case, Step.RESOLVE, at), "due_at": None, "updated_at": at, "resolved_at": at,
            "first_resolved_at": case.first_resolved_at or at, "resolved_by": by, "resolution": resolution,
        }
    )  # fmt: skip


def reopened(case: Case, at: datetime) -> Case:
    after = next_state(case, Step.REOPEN, at)
    return _reopened(case, at).model_copy(update={"state": after, "due_at": due(case.priority, at)})


def _reopened(case: Case, at: datetime) -> Case:
    gone = {"resolved_at": None, "resolved_by": None, "resolution": None}
    return case.model_copy(update={**gone, "reopened": case.reopened + 1, "updated_at": max(case.updated_at, at)})


def closed(case: Case, at: datetime) -> Case:
    return case.model_copy(update={"state": next_state(case, Step.CLOSE, at), "updated_at": at})


def assigned(case: Case, assignee: str | None, at: datetime) -> Case:
    """Raises Conflict once the case is done: who resolved it is history."""
    if case.is_done:
        raise Conflict("This case is resolved; reopen it to assign it.", state=case.state.value)
    return case.model_copy(update={"assignee": assignee, "updated_at": at})


def reprioritised(case: Case, priority: Priority) -> Case:
    """Another priority; a running clock keeps its start and gets the other target."""
    moved = case.due_at and case.due_at - FIRST_ANSWER[case.priority] + FIRST_ANSWER[priority]
    return case.model_copy(update={"priority": priority, "due_at": moved})
