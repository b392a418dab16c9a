"""The head of a case, its vocabulary, and its ids. How a case moves stands in `rules.py`, what is said in it in
`messages.py`."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from chalicelib.platform.check_digit import check_digit
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record, Version

REOPEN_FOR: Final = timedelta(days=7)
"""A resolved case goes on when the customer comes back within this time; later a new, linked case is opened."""
SUBJECT_BYTES: Final = 240
"""With a subject of this size, the head of a new case stays under 1 KB, so that a write costs one unit. Once it has
been answered, merged, resolved and taken up by another, it does with one of 64 bytes; longer ones cost a second."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$"), Field(examples=["billing_error"])]
"""A word of the desk's vocabulary: lower case, digits and underscores, 2 to 40 characters."""


class State(StrEnum):
    """`open` waits for us, `pending` for the customer; `resolved` may be reopened, `closed` may not."""

    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"


DONE: Final = frozenset({State.RESOLVED, State.CLOSED})


class Queue(StrEnum):
    """The team that a case waits for."""

    BILLING = "billing"
    PAYMENTS = "payments"
    FINANCE = "finance"
    COMPLAINTS = "complaints"
    TECHNICAL = "technical"
    TRIAGE = "triage"


class Priority(StrEnum):
    """How soon a case is due, from low to urgent."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Channel(StrEnum):
    """The way by which the customer came; `desk` when the desk itself found out that something is wrong."""

    MAIL = "mail"
    PHONE = "phone"
    CHAT = "chat"
    WEB = "web"
    API = "api"
    DESK = "desk"


class Resolution(Record):
    """Why and how a case ended; every part but the note is needed to resolve."""

    reason: Code
    outcome: Code
    root_cause: Code
    note: str | None = None


class Case(Record):
    """The head of a case. Instants are UTC; `due_at` is the next answer we owe, None while the customer is to
    answer. `routed_by` is the version of the policy that a mail's first queue and priority were chosen by.
    `continued_in` is the case that took this one up after it had ended; what is written to this one goes there.
    `begun_at` is when the oldest of the cases was opened that were merged into this one, None while that is its own
    `created_at`; `asked_at` is when the oldest of them was that nobody had answered when they became one."""

    case_id: str
    reference: str
    account_id: str | None = None
    requester: str | None = None
    requester_name: str = ""
    verified: bool = False
    subject: str
    state: State = State.OPEN
    queue: Queue
    priority: Priority = Priority.NORMAL
    channel: Channel
    category: str | None = None
    assignee: str | None = None
    created_at: Instant
    updated_at: Instant
    due_at: Instant | None = None
    first_response_at: Instant | None = None
    first_resolved_at: Instant | None = None
    resolved_at: Instant | None = None
    resolved_by: str | None = None
    resolution: Resolution | None = None
    previous_case_id: str | None = None
    continued_in: str | None = None
    routed_by: str | None = None
    begun_at: Instant | None = None
    asked_at: Instant | None = None
    reopened: int = 0
    message_count: int = 0
    test: bool = False
    version: Version = 1

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    def is_final(self, at: datetime) -> bool:
        """Whether the case cannot go on at `at`: closed, or resolved for longer than REOPEN_FOR."""
        resolved = self.resolved_at
        return self.state is State.CLOSED or (resolved is not None and at - resolved > REOPEN_FOR)


class CaseRef(Record):
    """A case as a list shows it: what the queue index projects."""

    case_id: str
    reference: str
    account_id: str | None = None
    requester: str | None = None
    subject: str
    state: State
    queue: Queue
    priority: Priority
    channel: Channel
    assignee: str | None = None
    created_at: Instant
    updated_at: Instant
    due_at: Instant | None = None
    resolved_at: Instant | None = None
    version: Version


def reference_of(case_id: str) -> str:
    """The number people say: `C`, nine digits and an ISO/IEC 7064 MOD 11,10 check digit. Short, so not strictly
    unique."""
    digits = f"{int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:8]) % 10**9:09d}"
    return f"C{digits}{check_digit(digits)}"


_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def derived_id(prefix: str, *parts: str) -> str:
    """An id that is the same for the same parts, shaped like all others: prefix and 26 characters."""
    number = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:17]) >> 6
    return f"{prefix}_" + "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def clipped(text: str, size: int = SUBJECT_BYTES) -> str:
    """One line of `text` with at most `size` bytes of UTF-8, cut between characters."""
    line = re.sub(r"\s+", " ", text).strip()
    encoded = line.encode()
    return line if len(encoded) <= size else encoded[: size - 3].decode(errors="ignore").rstrip() + "…"
