"""Request and response bodies of cases."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.cases.messages import CaseEvent, Delivery, Direction, Entry, Message
from chalicelib.cases.model import Case, CaseRef, Channel, Code, Priority, Queue, Resolution, State, clipped
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Email, Input, Line, ShortLine, Text, Version, View
from chalicelib.platform.http import Paged

UserName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._@+-]{1,80}$"), Field(description="User name of a member of staff.")
]
STAFF_FIELDS = frozenset({"channel", "priority", "queue", "requester", "requester_name", "test"})


class NewCase(Input):
    """A new case. Customers give subject, text and perhaps a category; the other fields are for staff."""

    subject: Line
    text: Text = Field(description="The customer's words; becomes the first message.")
    category: Code | None = None
    account_id: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = Field(
        default=None, description="Customers may leave it out; it is their own."
    )
    requester: Email | None = Field(default=None, description="Who gets our answers; else the account's first address.")
    requester_name: ShortLine | None = None
    channel: Channel | None = Field(default=None, description="`web` for customers, else `api`.")
    queue: Queue = Queue.BILLING
    priority: Priority = Priority.NORMAL
    test: bool = Field(default=False, description="A training case stands in no figure.")


class CasePatch(Input):
    """The fields to change; those left out stay."""

    subject: Line | None = None
    queue: Queue | None = None
    priority: Priority | None = None
    category: Code | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> CasePatch:
        if not self.model_fields_set:
            raise ValueError("name at least one field to change")
        emptied = sorted(name for name in self.model_fields_set if getattr(self, name) is None)
        if emptied:
            raise ValueError(f"null is not a value for {', '.join(emptied)}")
        return self


class CaseSearch(Paged):
    """Which cases. An account's or a sender's come newest first; a queue's by `due_at`, soonest first."""

    queue: Queue | None = Field(default=None, description="Without it, all queues.")
    state: State | None = None
    assignee: UserName | None = None
    account_id: str | None = Field(default=None, max_length=128)
    requester: Email | None = Field(default=None, description="Mail address of a sender who belongs to no account.")
    sort: Literal["sla_due"] | None = Field(default=None, description="The order of queues, and their only one.")

    @model_validator(mode="after")
    def _one_way(self) -> CaseSearch:
        owned = (self.account_id is not None) + (self.requester is not None)
        in_queue = self.queue is not None or self.assignee is not None or self.sort is not None
        if owned + in_queue > 1:
            raise ValueError("ask by account_id, or by requester, or for a queue with assignee and sort")
        if not owned and self.state in (State.RESOLVED, State.CLOSED):
            raise ValueError("resolved and closed cases stand in no queue; ask by account_id or requester")
        return self


class NewMessage(Input):
    """What is said."""

    text: Text


class NewAssignment(Input):
    """Who is to work on the case; null gives it back to the queue."""

    assignee: UserName | None


class NewResolution(Input):
    """How the case ended."""

    reason: Code = Field(description="Why the customer came.", examples=["duplicate_charge"])
    outcome: Code = Field(description="What was done.", examples=["credit_issued"])
    root_cause: Code = Field(description="What made it happen.", examples=["tariff_setup_fault"])
    note: Text | None = None


class NewReopening(Input):
    """Why a resolved case goes on."""

    reason: Text


class ResolutionView(View):
    """How the case ended; the note stands on the timeline."""

    reason: str = Field(description="Why the customer came.")
    outcome: str = Field(description="What was done.")
    root_cause: str | None = Field(description="Null for customers.")


class CaseRefView(View):
    """A case as a list shows it."""

    case_id: str
    reference: str = Field(description="The number that people say; the last digit is a check digit.")
    account_id: str | None
    requester: str | None
    subject: str
    state: State
    queue: Queue
    priority: Priority
    channel: Channel
    assignee: str | None
    created_at: Instant
    updated_at: Instant
    due_at: Instant | None = Field(description="When our next answer is due; null while we wait for the customer.")
    resolved_at: Instant | None
    version: Version


class CaseView(CaseRefView):
    """The head of a case."""

    requester_name: str
    verified: bool = Field(description="Whether it is proven that the requester is who they say.")
    category: str | None
    first_response_at: Instant | None = Field(description="First answer of a person.")
    resolved_by: str | None
    resolution: ResolutionView | None
    reopened: int = Field(description="How often it was reopened.")
    message_count: int = Field(description="Messages and notes.")
    previous_case_id: str | None = Field(description="The case that this one follows after it had ended.")
    test: bool = Field(description="A training case stands in no figure.")


class AttachmentView(View):
    """A file that came with a message; its content stays in the mail bucket."""

    name: str = Field(description="File name, as the sender gave it.")
    content_type: str
    size: int = Field(description="Bytes.")


class EntryView(View):
    """One line of a timeline: a message, a note, or an event."""

    kind: Literal["message", "note", "event"] = Field(description="Customers see no notes.")
    entry_id: str
    at: Instant
    author: str
    direction: Direction | None = Field(description="Null for events.")
    text: str | None = Field(description="Null for events.")
    snippet: str | None = Field(description="The beginning of `text`, on one line.")
    attachments: list[AttachmentView]
    delivery: Delivery | None = Field(description="What became of an outgoing mail.")
    automatic: bool = Field(description="Whether a machine wrote it: an acknowledgement, an absence notice.")
    verified: bool = Field(description="Whether it is proven that the sender is who they say.")
    event: str | None = Field(description="What happened; null for messages and notes.")
    detail: dict[str, Any] = Field(description="What the event changed; empty for customers.")


def case_view(case: Case, for_staff: bool) -> CaseView:
    """The head; to customers it does not say who works on it and what the root cause was."""
    fields = case.model_dump(include=set(CaseView.model_fields) - {"resolution"})
    hidden = {} if for_staff else {"assignee": None, "resolved_by": None}
    return CaseView.model_validate({**fields, **hidden, "resolution": _resolution_view(case.resolution, for_staff)})


def _resolution_view(resolution: Resolution | None, for_staff: bool) -> ResolutionView | None:
    if resolution is None:
        return None
    root_cause = resolution.root_cause if for_staff else None
    return ResolutionView(reason=resolution.reason, outcome=resolution.outcome, root_cause=root_cause)


def ref_view(ref: CaseRef, for_staff: bool) -> CaseRefView:
    hidden = {} if for_staff else {"assignee": None}
    return CaseRefView.model_validate({**ref.model_dump(), **hidden})


def entry_view(entry: Entry) -> EntryView:
    return _message_view(entry) if isinstance(entry, Message) else _event_view(entry)


def _message_view(message: Message) -> EntryView:
    return EntryView(
        kind="note" if message.direction is Direction.NOTE else "message", entry_id=message.message_id, at=message.at,
        author=message.author, direction=message.direction, text=message.text,
        snippet=message.snippet or clipped(message.text),
        attachments=[AttachmentView(**part.model_dump(exclude={"key"})) for part in message.attachments],
        delivery=message.delivery, automatic=message.automatic, verified=message.verified, event=None, detail={},
    )  # fmt: skip


def _event_view(event: CaseEvent) -> EntryView:
    return EntryView(
        kind="event", entry_id=event.event_id, at=event.at, author=event.actor, direction=None, text=None, snippet=None,
        attachments=[], delivery=None, automatic=False, verified=False, event=event.type.value, detail=event.detail,
    )  # fmt: skip
