"""The one line of time of an account: contacts, cases, payments and letters as entries of one shape. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

from chalicelib.cases.messages import Delivery
from chalicelib.cases.messages import Direction as MailDirection
from chalicelib.contacts.model import Contact, Direction
from chalicelib.platform.clock import Instant
from chalicelib.platform.codec import Item
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Money

PREFIXES: Final = ("I", "O", "D", "P", "M")
"""Contacts, open cases, done cases, payments and letters of an account."""


class EntryType(StrEnum):
    """What an entry of an account's timeline is about."""

    CONTACT = "contact"
    CASE = "case"
    PAYMENT = "payment"
    LETTER = "letter"


class Entry(Record):
    """Something that happened with an account. `duration_s` is an agent's work; `internal` is for staff alone, and so
    are `text` and `reason`."""

    type: EntryType
    id: str
    at: Instant
    state: str
    title: str | None = None
    reference: str | None = None
    channel: str | None = None
    direction: str | None = None
    queue: str | None = None
    agent: str | None = None
    duration_s: int | None = None
    amount: Money | None = None
    internal: bool = False
    text: str | None = None
    reason: str | None = None


def position(item: Item) -> str:
    """Where an item stands on the line: `<instant>#<id>`, the same before and after a case is done."""
    return str(item.get("gs1sk") or item["sk"]).split("#", 1)[1]


def newest(items: Iterable[Item], limit: int) -> tuple[list[Entry], str | None]:
    """The newest `limit` entries of several lists, newest first, and the position to go on from when there are more."""
    ordered = sorted(items, key=position, reverse=True)
    page = ordered[:limit]
    entries = [_READERS[item["kind"]](item) for item in page if item.get("kind") in _READERS]
    return entries, position(page[-1]) if len(ordered) > limit else None


def _contact(item: Item) -> Entry:
    contact = Contact.model_validate(item)
    return Entry(
        type=EntryType.CONTACT, id=contact.contact_id, at=contact.initiated_at, state=contact.outcome,
        title=contact.category, channel=contact.channel, direction=contact.direction, queue=contact.queue,
        agent=contact.agent, duration_s=contact.handling_s, internal=contact.direction is Direction.INTERNAL,
    )  # fmt: skip


def _case(item: Item) -> Entry:
    return Entry(
        type=EntryType.CASE, id=item["case_id"], at=item["created_at"], state=item["state"], title=item.get("subject"),
        reference=item.get("reference"), channel=item.get("channel"), queue=item.get("queue"),
        agent=item.get("assignee"),
    )  # fmt: skip


def _payment(item: Item) -> Entry:
    amount = Money(amount_minor=item["amount_minor"], currency=item["currency"])
    return Entry(
        type=EntryType.PAYMENT, id=item["payment_id"], at=item["created_at"], state=item["status"], amount=amount
    )


def _letter(item: Item) -> Entry:
    """What was held back, and what a machine answered, is not the customer's to read."""
    sent = item["direction"] == MailDirection.OUT and item["state"] != Delivery.HELD
    return Entry(
        type=EntryType.LETTER, id=item["message_id"], at=item["at"], state=item["state"], title=item.get("title"),
        channel=item["channel"], direction=item["direction"], internal=not sent, text=item.get("text"),
        reason=item.get("failure"),
    )  # fmt: skip


_READERS: Final[Mapping[str, Callable[[Item], Entry]]] = {
    "contact": _contact,
    "case": _case,
    "payment": _payment,
    "letter": _letter,
}
