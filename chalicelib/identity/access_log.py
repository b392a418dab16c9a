"""What the customer can read about who came near the account: checks, refusals, resets, changes of contact.

| item             | pk            | sk                    | units                              |
| line of the log  | `A#<account>` | `IDL#<instant>#<id>`  | 2 in its change, 1 alone; kept 400 days |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from chalicelib.audit.model import Actor
from chalicelib.identity.policy import Who
from chalicelib.platform.clock import Instant, format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Key, Put, Table, Write
from chalicelib.platform.fields import Record

_KEPT: Final = timedelta(days=400)


class Accessed(StrEnum):
    """What happened."""

    VERIFICATION_STARTED = "verification_started"
    VERIFICATION_PASSED = "verification_passed"
    VERIFICATION_FAILED = "verification_failed"
    VERIFICATION_LOCKED = "verification_locked"
    STEP_UP_REFUSED = "step_up_refused"
    SECURITY_ANSWERS_SET = "security_answers_set"
    CONTACT_CHANGED = "contact_changed"
    SIM_SWAPPED = "sim_swapped"
    ACCESS_RESET = "access_reset"
    PORTAL_LINKED = "portal_linked"


class AccessEntry(Record):
    """One line. `detail` holds no secret and no whole address."""

    entry_id: str
    account_id: str
    at: Instant
    what: Accessed
    by: Who | None = None
    actor: str
    actor_name: str
    detail: dict[str, Any] = Field(default_factory=dict)


def access_put(entry: AccessEntry) -> Put:
    """The write of a line; lines are never changed."""
    key = {"pk": f"A#{entry.account_id}", "sk": f"IDL#{format_instant(entry.at)}#{entry.entry_id}", "kind": "access"}
    expires = int((entry.at + _KEPT).timestamp())
    return Put({**entry.model_dump(mode="json"), **key, "expires_at": expires}, ABSENT)


@dataclass(frozen=True)
class Doer:
    """Who does something, as the audit names them, and in which role, where that is known."""

    actor: Actor
    who: Who | None = None


@dataclass(frozen=True)
class AccessLog:
    table: Table

    def page(self, account_id: str, limit: int, start: Item | None) -> tuple[list[AccessEntry], Item | None]:
        """Lines of an account, newest first. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with("IDL#")
        page = self.table.query(key, limit=limit, start=start, forward=False)
        return [AccessEntry.model_validate(item) for item in page.items], page.next_key

    def add(self, entry: AccessEntry) -> None:
        """A line of its own. One write."""
        self.table.write(access_put(entry))

    def record(self, writes: Sequence[Write]) -> None:
        """A line and its audit entry. One transaction."""
        self.table.transact(writes)
