"""The timeline of a case: messages, notes and events; the mail that intake hands over; and what is needed from
outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal, Protocol

from pydantic import Field

from chalicelib.accounts.letters import Letter
from chalicelib.cases.reading import Reading, Reference
from chalicelib.collections.gate import Passage
from chalicelib.payments.news import News
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

DESK: Final = "Billing Service Desk"
"""The desk as an author: of what it does by itself, and towards customers of all that its staff do."""
INLINE_BYTES: Final = 4096
"""Texts up to this size stand in the table, longer ones in the mail bucket."""


class Direction(StrEnum):
    """`in` from the customer, `out` to the customer, `note` among ourselves."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class Delivery(StrEnum):
    """What became of a message that goes out; none when it does not. What was held asks for money that must not be
    asked for now; `failure` names the reasons. What bounced was sent and came back: letters alone, of a case's mail
    there is an event."""

    NONE = "none"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    BOUNCED = "bounced"


class Attachment(Record):
    """A file in the mail bucket under `key`; `size` in bytes, `name` safe to show and to save under. `sniffed`: content
    was asked what it is; `held`: it may carry a virus, and nobody can open it; `inline`: an image that the HTML of
    its message shows in its place."""

    name: str
    content_type: str
    size: int
    key: str
    sniffed: bool = False
    held: bool = False
    inline: bool = False


class Forwarding(Record):
    """That a colleague passed a customer's mail on: who, what they said with it, and when it was written, as it says
    itself, in any form and language."""

    by: str
    dated: str = ""
    said: str = ""


class Message(Record):
    """Something said. Either `text` holds all of it, or `text_key` names the object that does; `snippet` is its
    beginning. A mail about `news` gets its words when it is sent, in the customer's language of then. `reading` is what
    a customer's mail was read to be about, `references_found` are the numbers that it names, whosever they are.
    `html_key` names the object with the HTML of a mail as it may be shown."""

    message_id: str
    case_id: str
    direction: Direction
    author: str
    at: Instant
    text: str = ""
    text_key: str | None = None
    snippet: str = ""
    subject: str | None = None
    attachments: tuple[Attachment, ...] = ()
    rfc_message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    delivery: Delivery = Delivery.NONE
    failure: str | None = None
    sent_at: Instant | None = None
    automatic: bool = False
    verified: bool = False
    raw_key: str | None = None
    digest: str | None = None
    news: News | None = None
    reading: Reading | None = None
    references_found: tuple[Reference, ...] = ()
    html_key: str | None = None
    forwarded: Forwarding | None = None


class EventType(StrEnum):
    ASSIGNED = "assigned"
    CHANGED = "changed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    MERGED = "merged"
    DELIVERY_FAILED = "delivery_failed"


class CaseEvent(Record):
    """Something that happened to a case; `detail` holds JSON values, among them what the head no longer shows."""

    event_id: str
    case_id: str
    type: EventType
    actor: str
    at: Instant
    detail: dict[str, Any] = Field(default_factory=dict)


Entry = Message | CaseEvent
"""One line of a timeline."""


class Texts(Protocol):
    """Where texts over INLINE_BYTES are kept. Both raise Unavailable."""

    def put(self, key: str, text: str) -> None: ...

    def get(self, key: str) -> str: ...


class MailSender(Protocol):
    """Hands a finished MIME message over for delivery to one address."""

    def send(self, raw: bytes, to: str) -> str:
        """Returns the Message-ID, with angle brackets, that the mail travels under. Raises Refused (for good) or
        Unavailable."""
        ...


class Interlock(Protocol):
    """Judges mail that asks for late money, by what is true when it is about to leave. Both raise Unavailable."""

    def letter(self, letter: Letter, message_id: str, mail: str) -> Passage:
        """`mail` is the sort key under which it is queued."""
        ...

    def news(self, news: News, message_id: str) -> Passage: ...


@dataclass(frozen=True)
class InboundMail:
    """A customer's mail as intake read it.

    `case_id` and `message_id` are derived from the mail, so that each delivery of it brings the same ones; `digest` is
    of its content. `thread_case_id` is the case that it verifiably continues. `raw_key` names the mail as it came.
    `reading` is what it is about, None when no person wrote it. `refuted`: it is not from whom it says, or may be not.
    `undelivered_to` is None unless a mail of ours came back with it: then whom that did not reach, as far as said."""

    case_id: str
    message_id: str
    thread_case_id: str | None
    rfc_message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    received_at: datetime
    from_addr: str | None
    from_name: str
    account_id: str | None
    verified: bool
    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    raw_key: str
    automatic: bool
    digest: str
    acknowledge: bool
    undelivered_to: tuple[str, ...] | None = None
    reading: Reading | None = None
    references_found: tuple[Reference, ...] = ()
    refuted: bool = False
    html_key: str | None = None
    forwarded: Forwarding | None = None


@dataclass(frozen=True)
class Received:
    """What became of a mail: `repeated` when an earlier delivery of it did the work, `bounced` when it said that ours
    did not arrive, `gone` when it was automatic and its case is not there, so that nothing was written."""

    case_id: str
    outcome: Literal["opened", "appended", "bounced", "gone", "repeated"]
