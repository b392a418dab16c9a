"""Response bodies of cases, and what of a case customers do not see."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chalicelib.cases.messages import DESK, Attachment, CaseEvent, Delivery, Direction, Entry, EventType, Message
from chalicelib.cases.model import Case, CaseRef, Channel, Priority, Queue, Resolution, State, clipped
from chalicelib.cases.reading import Intent, Place, ReferenceKind, Sentiment, Sign, Urgency
from chalicelib.cases.sight import has_files, has_page
from chalicelib.cases.whose import Named, named
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Version, View

_FOR_CUSTOMERS = frozenset({EventType.RESOLVED, EventType.REOPENED, EventType.CLOSED, EventType.MERGED})


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
    continued_in: str | None = Field(description="The case in which this one goes on after it had ended.")
    routed_by: str | None = Field(description="Version of the policy that chose a mail's first queue and priority.")
    test: bool = Field(description="A training case stands in no figure.")


class AttachmentView(View):
    """A file that came with a message; its content stays in the mail bucket."""

    name: str = Field(description="File name, as the sender gave it.")
    content_type: str
    size: int = Field(description="Bytes.")
    number: int = Field(description="1 for the first file of the message; its place in the address of the file.")
    held: bool = Field(description="Whether it may carry a virus, so that nobody can open it before it is released.")
    inline: bool = Field(description="Whether it is an image that the HTML of its message shows in its place.")


class ReadingView(View):
    """What a customer's mail was read to be about, and why: every conclusion has the words that it was drawn from."""

    intent: Intent = Field(description="What the customer wants.")
    confidence_percent: int = Field(description="0 to 100 percent. Below the bound of the policy a person decides.")
    words: list[str] = Field(description="The words that decided the intent, as they were written.")
    urgency: Urgency
    sentiment: Sentiment
    language: str = Field(description="BCP 47; `und` when the words do not tell.")
    signs: dict[Sign, list[str]] = Field(description="What a person has to see, each with its words; no record of it.")


class ReferenceView(View):
    """A number that a mail names."""

    kind: ReferenceKind
    value: str = Field(description="The number, as we write it; its check digit holds where it has one.")
    places: list[Place] = Field(description="Where it stands in the mail.")
    verified: bool = Field(description="Whether it belongs to the account of the case. A number proves nothing else.")


class ForwardingView(View):
    """That a colleague passed the customer's mail on. It proves nothing about who wrote it."""

    by: str = Field(description="The colleague's mail address.")
    dated: str = Field(description="When the customer wrote, as the mail itself says, in any form and language.")
    said: str = Field(description="What the colleague wrote above it, shortened.")


class EntryView(View):
    """One line of a timeline: a message, a note, or an event."""

    kind: Literal["message", "note", "event"] = Field(description="Customers see no notes.")
    entry_id: str
    at: Instant
    author: str = Field(description="Who said or did it; customers see no names of staff.")
    direction: Direction | None = Field(description="Null for events.")
    subject: str | None = Field(description="Of a mail: as it came, or as it was sent.")
    text: str | None = Field(description="Null for events.")
    snippet: str | None = Field(description="The beginning of `text`, on one line.")
    attachments: list[AttachmentView]
    has_html: bool = Field(description="Whether the message can be shown as HTML, beside its text.")
    delivery: Delivery | None = Field(description="What became of an outgoing mail.")
    automatic: bool = Field(description="Whether a machine wrote it: an acknowledgement, an absence notice.")
    verified: bool = Field(description="Whether it is proven that the sender is who they say.")
    reading: ReadingView | None = Field(description="Of a customer's mail; null for customers.")
    references_found: list[ReferenceView] = Field(description="The numbers that a mail names; none for customers.")
    forwarded: ForwardingView | None = Field(description="When a colleague passed it on; null for customers.")
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


def is_for_customers(entry: Entry) -> bool:
    """Messages, and the events that change what the customer may do; neither notes nor who works on it."""
    return entry.direction is not Direction.NOTE if isinstance(entry, Message) else entry.type in _FOR_CUSTOMERS


def entry_view(entry: Entry, for_staff: bool, verified: frozenset[Named] = frozenset()) -> EntryView:
    """One line; `verified` are the numbers that belong to the account of the case."""
    if isinstance(entry, Message):
        ours = entry.direction is not Direction.IN
        view = _message_view(entry, DESK if ours and not for_staff else entry.author)
        return view.model_copy(update=_what_was_read(entry, verified)) if for_staff else view
    return _event_view(entry, entry.actor, entry.detail) if for_staff else _event_view(entry, DESK, {})


def _message_view(message: Message, author: str) -> EntryView:
    return EntryView(
        kind="note" if message.direction is Direction.NOTE else "message", entry_id=message.message_id, at=message.at,
        author=author, direction=message.direction, subject=message.subject, text=message.text,
        snippet=message.snippet or clipped(message.text),
        attachments=_files(message) if has_files(message, for_staff=False) else [],
        has_html=has_page(message, for_staff=False),
        delivery=message.delivery, automatic=message.automatic, verified=message.verified, reading=None,
        references_found=[], forwarded=None, event=None, detail={},
    )  # fmt: skip


def _files(message: Message) -> list[AttachmentView]:
    return [attachment_view(file, number) for number, file in enumerate(message.attachments, 1)]


def attachment_view(file: Attachment, number: int) -> AttachmentView:
    """A file of a message, which is the `number`th."""
    return AttachmentView(**file.model_dump(exclude={"key", "sniffed"}), number=number)


def _what_was_read(message: Message, verified: frozenset[Named]) -> dict[str, Any]:
    reading = message.reading and ReadingView.model_validate(message.reading.model_dump())
    found = [
        ReferenceView(**reference.model_dump(), verified=named(reference) in verified)
        for reference in message.references_found
    ]
    forwarded = message.forwarded and ForwardingView.model_validate(message.forwarded.model_dump())
    has_html = has_page(message, for_staff=True)
    said = {"reading": reading, "references_found": found, "forwarded": forwarded, "has_html": has_html}
    return said | {"attachments": _files(message)}


def _event_view(event: CaseEvent, author: str, detail: dict[str, Any]) -> EntryView:
    return EntryView(
        kind="event", entry_id=event.event_id, at=event.at, author=author, direction=None, subject=None, text=None,
        snippet=None,
        attachments=[], has_html=False, delivery=None, automatic=False, verified=False, reading=None,
        references_found=[], forwarded=None, event=event.type.value, detail=detail,
    )  # fmt: skip
