"""HTTP of an account's timeline."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from chalicelib.contacts.timeline import Entry, EntryType
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Items, Paged, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import contacts, desk_api

api = desk_api(__name__, "accounts")


class TimelineEntry(View):
    """A contact, a case, a payment or a letter of the account. What does not apply to its type is null."""

    type: EntryType
    contact_id: str | None = Field(default=None, description="Amazon Connect's id of a contact.")
    case_id: str | None = Field(default=None, description="Of a case.")
    payment_id: str | None = Field(default=None, description="Of a payment.")
    letter_id: str | None = Field(default=None, description="Of a letter that belongs to no case.")
    at: Instant = Field(description="When it began.")
    state: str = Field(
        description="State of a case, status of a payment, outcome of a contact, what became of a letter.",
        examples=["handled"],
    )
    title: str | None = Field(description="Subject of a case or letter; what a contact was about, where known.")
    reference: str | None = Field(description="The short number of a case.")
    channel: str | None = Field(examples=["voice"], description="voice, chat, mail, phone, web, or as it was told.")
    direction: str | None = Field(
        description="Of a contact: in, transfer, callback, out or internal; of a letter: in, out."
    )
    queue: str | None = Field(description="The queue that it waits or waited in.")
    agent: str | None = Field(description="Who works or worked on it; null for customers.")
    duration_s: int | None = Field(description="Seconds of talk, hold and wrap-up of a contact; null while unknown.")
    amount: Money | None = Field(description="Of a payment.")
    text: str | None = Field(description="Of a letter that a machine answered, for staff: how it begins.")
    reason: str | None = Field(description="Of a letter that did not leave or came back, for staff: why.")


_HIDDEN: Final = {"agent": None, "text": None, "reason": None}
"""What customers do not see of an entry."""


def _view(entry: Entry, for_staff: bool) -> TimelineEntry:
    shown = entry.model_dump(exclude={"id", "internal", "amount"}) | ({} if for_staff else _HIDDEN)
    return TimelineEntry(**shown, **{f"{entry.type}_id": entry.id}, amount=entry.amount)


@api.operation(
    "GET", "/v1/accounts/{account_id}/timeline", summary="What happened with an account",
    permission=Permission.ACCOUNT_READ, query=Paged, returns=TimelineEntry,
)  # fmt: skip
def list_account_timeline(request: Request[Empty, Paged]) -> Items[TimelineEntry]:
    """Contacts, cases, payments and letters of the account, newest first.

    Entries added meanwhile do not shift the pages. Customers do not see who worked for them, nor legs of a contact that
    the call centre made for itself, so that their page may hold fewer entries than asked for.
    """
    for_staff = request.caller.is_staff
    entries, key = contacts().timeline(request.path["account_id"], request.query.limit, request.start)
    return Items([_view(entry, for_staff) for entry in entries if for_staff or not entry.internal], key)
