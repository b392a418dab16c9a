"""What a change of a case leaves behind: its audit entry, its event on the timeline, its texts in the right place."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.cases.messages import INLINE_BYTES, CaseEvent, EventType, Message, Texts
from chalicelib.cases.model import Case, clipped
from chalicelib.cases.store import case_pk
from chalicelib.platform.cards import hide_cards

_SNIPPET_BYTES: Final = 240
_AUDITED: Final = {
    "account_id", "assignee", "category", "continued_in", "priority", "queue", "requester", "resolution", "state",
    "subject", "test",
}  # fmt: skip


def audit_of(
    entry_id: str, action: str, actor: Actor, at: datetime, old: Case | None, new: Case, **also: str
) -> AuditEntry | None:
    """The audit entry of a change, with what `also` is to be said of it; None when nothing changed but counts and times
    (the message itself is the record then)."""
    before = old.model_dump(mode="json", include=_AUDITED) if old else {}
    after = new.model_dump(mode="json", include=_AUDITED) | also
    found = entry(entry_id, case_pk(new.case_id), action, actor, at, before, after)
    return found if found.after else None


def reopening(event_id: str, old: Case, actor: str, at: datetime, reason: str) -> CaseEvent:
    """The event that keeps what a reopened head no longer shows."""
    history = old.model_dump(mode="json", include={"resolved_at", "resolved_by", "resolution"})
    return happened(event_id, old, EventType.REOPENED, actor, at, reason=reason, **history)


def happened(event_id: str, case: Case, what: EventType, actor: str, at: datetime, **detail: Any) -> CaseEvent:
    return CaseEvent(event_id=event_id, case_id=case.case_id, type=what, actor=actor, at=at, detail=detail)


def stored_subject(text: str) -> str:
    """A subject as a head holds it: short, and without card numbers."""
    return clipped(hide_cards(text))


def filed(message: Message, text: str, texts: Texts) -> Message:
    """The message with its text: inside when short, else in the bucket under a name of its own content. Raises
    Unavailable."""
    encoded = text.encode()
    if len(encoded) <= INLINE_BYTES:
        return message.model_copy(update={"text": text})
    key = f"messages/{message.case_id}/{message.message_id}-{hashlib.sha256(encoded).hexdigest()[:12]}.txt"
    texts.put(key, text)
    return message.model_copy(update={"text_key": key, "snippet": clipped(text, _SNIPPET_BYTES)})


def unfiled(message: Message, texts: Texts) -> Message:
    """The message with all of its text. Raises Unavailable."""
    return message.model_copy(update={"text": texts.get(message.text_key)}) if message.text_key else message
