"""The files of messages: opened by a link that soon ends, held back until somebody vouches for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.audit.store import audit_put
from chalicelib.cases.messages import Attachment, Message
from chalicelib.cases.sight import has_files
from chalicelib.cases.store import CaseStore, case_pk, entry_item
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Attr, ConditionFailed, Put
from chalicelib.platform.errors import Conflict, NotFound

LINK_SECONDS: Final = 120
VIEWED: Final = frozenset({"application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp"})
"""Kinds that a browser shows without running anything of ours: only when content proves them."""
_PAGE: Final = 100
_SAVED: Final = "application/octet-stream"


class Links(Protocol):
    """Makes links to objects of the mail bucket."""

    def link(self, key: str, content_type: str, disposition: str, name: str, seconds: int) -> str:
        """An address that answers with these headers for so long, whoever has it."""
        ...


@dataclass(frozen=True)
class Opened:
    """A file and where to fetch it until `until`; `disposition` is inline or attachment."""

    file: Attachment
    url: str
    until: datetime
    content_type: str
    disposition: str


@dataclass(frozen=True)
class CaseFiles:
    store: CaseStore
    links: Links
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def open(self, case_id: str, message_id: str, number: int, actor: Actor, *, for_staff: bool) -> Opened:
        """A link to the file of a message, counted from 1. One query for each hundred lines of the timeline, one write:
        the audit entry. Raises NotFound, also for a message whose files who asks may not see, Conflict for a file that
        is held back, Unavailable."""
        _, message = self.find(case_id, message_id)
        if not has_files(message, for_staff=for_staff):
            raise NotFound
        file = _file(message, number)
        if file.held:
            raise Conflict("This file was not proven free of viruses; a supervisor can release it.")
        now = self.clock()
        self.note("attachment.opened", case_id, file.key, actor, now)
        self.count("AttachmentOpened")
        content_type, disposition = _answered(file)
        return Opened(file, self.link(file), now + timedelta(seconds=LINK_SECONDS), content_type, disposition)

    def link(self, file: Attachment) -> str:
        """An address of the file that works for LINK_SECONDS, for whoever has it."""
        return self.links.link(file.key, *_answered(file), file.name, LINK_SECONDS)

    def note(self, action: str, case_id: str, key: str, actor: Actor, at: datetime) -> None:
        """Write into the audit of the case what somebody did with an object of it. Raises Unavailable."""
        self.store.table.write(audit_put(self._noted(action, case_id, key, actor, at)))

    def release(self, case_id: str, message_id: str, number: int, actor: Actor) -> Attachment:
        """Let a file that was held back be opened; a repeat changes nothing. Message and audit entry in one
        transaction. Raises NotFound, Conflict when the message is being changed, Unavailable."""
        sk, message = self.find(case_id, message_id)
        file = _file(message, number)
        if not file.held:
            return file
        free = file.model_copy(update={"held": False})
        files = (*message.attachments[: number - 1], free, *message.attachments[number:])
        old, new = (entry_item(m, sk) for m in (message, message.model_copy(update={"attachments": files})))
        audit = audit_put(self._noted("attachment.released", case_id, file.key, actor, self.clock()))
        try:
            self.store.table.transact([Put(new, Attr("attachments").eq(old["attachments"])), audit])
        except ConditionFailed:
            raise Conflict("This message was changed meanwhile; look again.") from None
        self.count("AttachmentReleased")
        return free

    def find(self, case_id: str, message_id: str) -> tuple[str, Message]:
        """A message and its sort key. Raises NotFound, Unavailable."""
        start: Item | None = None
        while True:
            page, start = self.store.keyed_timeline(case_id, _PAGE, start)
            for sk, line in page:
                if isinstance(line, Message) and line.message_id == message_id:
                    return sk, line
            if start is None:
                raise NotFound

    def _noted(self, action: str, case_id: str, key: str, actor: Actor, at: datetime) -> AuditEntry:
        return entry(self.new_id("aud"), case_pk(case_id), action, actor, at, {}, {"file": key.split("/", 2)[-1]})


def _answered(file: Attachment) -> tuple[str, str]:
    """The content type and disposition that a link answers with."""
    shown = file.sniffed and file.content_type in VIEWED
    return (file.content_type, "inline") if shown else (_SAVED, "attachment")


def _file(message: Message, number: int) -> Attachment:
    if not 1 <= number <= len(message.attachments):
        raise NotFound
    return message.attachments[number - 1]
