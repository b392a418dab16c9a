"""An audit entry: who did what to which resource, with the fields before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record


@dataclass(frozen=True)
class Actor:
    """Who acts: a person by Cognito subject and name, or a part of the desk by its name; and in which request."""

    subject: str
    name: str
    request_id: str = ""


class AuditEntry(Record):
    """Append-only. `subject_key` is the partition of the audited resource: `A#<account>` or `C#<case>`."""

    entry_id: str
    subject_key: str
    action: str = Field(examples=["account.changed"])
    actor: str
    actor_name: str
    request_id: str
    at: Instant
    before: dict[str, Any]
    after: dict[str, Any]


def entry(
    entry_id: str,
    subject_key: str,
    action: str,
    actor: Actor,
    at: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> AuditEntry:
    """An entry with only the fields that differ between `before` and `after` (JSON values, absent counts as null)."""
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return AuditEntry(
        entry_id=entry_id,
        subject_key=subject_key,
        action=action,
        actor=actor.subject,
        actor_name=actor.name,
        request_id=actor.request_id,
        at=at,
        before={name: before.get(name) for name in changed},
        after={name: after.get(name) for name in changed},
    )
