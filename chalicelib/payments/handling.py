"""Every event of Stripe, dealt with once: handed to the handler of its type, then marked.

Handlers are idempotent: what one does to money is one transaction that holds only while it is news. So the marker can
come last, a crash anywhere is mended by the next delivery, and a repeat after it costs one read. Events may come in
any order: a handler goes by the object's own time and state, and reads the object anew where an event is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from chalicelib.payments.events import API_VERSION, StripeEvent, Unreadable, read_event
from chalicelib.payments.markers import Marker, MarkerStore, Outcome
from chalicelib.platform.clock import Clock

_MONEY: Final = ("charge", "credit_note", "invoice", "payment_intent", "refund")
"""What the types of events that carry money begin with; that nobody is known for others is no alarm."""
_COUNTED: Final = {
    Outcome.IGNORED: "StripeEventsIgnored",
    Outcome.OLDER: "StripeEventsOlder",
    Outcome.PARKED: "StripeEventsParked",
    Outcome.UNMATCHED: "PaymentsUnmatched",
}


@dataclass(frozen=True)
class Fact:
    """What Stripe says of one object at one time. `at` is epoch seconds, `cause` the event or run that brought it."""

    type: str
    cause: str
    at: int
    object: Mapping[str, Any]


Handler = Callable[[Fact], Outcome]
"""Applies a fact. Raises Unreadable when the object is not of the expected shape, Unavailable to be called again."""


class Objects(Protocol):
    """Stripe's objects as they are now."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """The object in the shape of our API version; None when Stripe has none. Raises Refused, Unavailable."""


@dataclass(frozen=True)
class StripeEvents:
    """`handlers` by the beginning of an event's type, the longest wins; `count` adds one to a named counter."""

    handlers: Mapping[str, Handler]
    markers: MarkerStore
    objects: Objects
    clock: Clock
    count: Callable[[str], None]

    def apply(self, body: str) -> None:
        """Deal with one event, given as the body that Stripe sent. A repeat costs one read.

        Types without a handler are kept and counted; so are, for a replay, events of other API versions whose object
        can be read neither from the event nor from Stripe. Raises Unreadable for a body that is no event, Unavailable
        when it has to be delivered again.
        """
        event = read_event(body)
        if not self.markers.stands(event.id):
            self.keep(event, self.handle(event))

    def handle(self, event: StripeEvent) -> Outcome:
        """What became of the event, without looking for its marker or leaving one."""
        fact = Fact(event.type, event.id, event.created, event.data.object)
        try:
            return self.deal_with(fact)
        except Unreadable:
            if event.api_version == API_VERSION:
                raise
            return self._anew(fact)

    def deal_with(self, fact: Fact) -> Outcome:
        """Hand a fact, from whatever source, to the handler of its type. Raises what the handler does."""
        handler = self._handler(fact.type)
        return handler(fact) if handler else Outcome.IGNORED

    def has_handler(self, event_type: str) -> bool:
        """Whether events of this type can change anything."""
        return self._handler(event_type) is not None

    def keep(self, event: StripeEvent, outcome: Outcome) -> None:
        """Leave the trace of an event that was dealt with, or parked. One write unit."""
        marker = Marker(
            event_id=event.id,
            event_type=event.type,
            api_version=event.api_version,
            object_id=event.object_id,
            outcome=outcome,
            at=self.clock(),
        )
        heard = outcome is not Outcome.UNMATCHED or event.type.startswith(_MONEY)
        if self.markers.keep(marker) and heard and outcome in _COUNTED:
            self.count(_COUNTED[outcome])

    def _anew(self, fact: Fact) -> Outcome:
        kind, object_id = fact.object.get("object"), fact.object.get("id")
        standing = self.objects.read(kind, object_id) if isinstance(kind, str) and isinstance(object_id, str) else None
        if standing is None:
            return Outcome.PARKED
        try:
            return self.deal_with(replace(fact, object=standing))
        except Unreadable:
            return Outcome.PARKED

    def _handler(self, event_type: str) -> Handler | None:
        parts = event_type.split(".")
        names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((self.handlers[name] for name in names if name in self.handlers), None)
