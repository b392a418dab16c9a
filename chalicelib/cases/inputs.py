"""Request bodies and queries of cases."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.cases.model import Channel, Code, Priority, Queue, State
from chalicelib.platform.fields import Email, Input, Line, Patch, ShortLine, Text
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


class CasePatch(Patch):
    """The fields to change; those left out stay."""

    subject: Line | None = None
    queue: Queue | None = None
    priority: Priority | None = None
    category: Code | None = None


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
