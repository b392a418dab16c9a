"""The first walk: Stripe's events. Those that never came, or could not be dealt with, are dealt with now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.payments.events import StripeEvent, read_event
from chalicelib.payments.handling import StripeEvents
from chalicelib.payments.markers import Outcome
from chalicelib.payments.objects import ReadsObjects, TooManyPages, Window
from chalicelib.payments.reconciliation.model import Disagreement, Step, Tally, reason_of
from chalicelib.platform.clock import format_instant, parse_instant
from chalicelib.platform.errors import DeskError, Unavailable

SLICE: Final = timedelta(hours=6)
"""What is read at once, so that its events can be dealt with in their order though Stripe lists the newest first."""
PAGES: Final = 10
"""Of a hundred events each in a slice: what a step can deal with in about a minute if all were missed."""


@dataclass(frozen=True)
class EventsWalk:
    """A step costs a call of Stripe and a batch of the table for each hundred events; one that was missed costs what it
    costs when it is delivered."""

    stripe: ReadsObjects
    events: StripeEvents
    name: str = "events"
    overlap: timedelta = timedelta(hours=1)

    def step(self, window: Window, cursor: str, cause: str) -> Step:  # noqa: ARG002 - an event is its own cause
        """Deal with the missed events of the next slice, the oldest first; the cursor is the end of the slice."""
        since = parse_instant(cursor) if cursor else window.since
        listed, end = self._slice(since, min(since + SLICE, window.until))
        handled = [event for event in reversed(listed) if self.events.has_handler(str(event.get("type")))]
        standing = self.events.markers.standing(str(event["id"]) for event in handled)
        missed = [event for event in handled if event["id"] not in standing]
        wrong = [found for event in missed if (found := self._applied(event))]
        tally = Tally(
            read=len(listed),
            missed_events=len(missed),
            repaired=len(missed) - len(wrong),
            differences=len(wrong),
        )
        return Step(format_instant(end) if end < window.until else None, tally, wrong)

    def _slice(self, since: datetime, end: datetime) -> tuple[list[dict[str, Any]], datetime]:
        """All events from `since` on, and until when: less far where there are very many.

        One second is read whatever is in it, because a walk that stops there would never come further. Raises
        TooManyPages for more than Stripe can have made in it.
        """
        try:
            return list(self.stripe.each("event", Window(since, end), PAGES)), end
        except TooManyPages:
            half = since + timedelta(seconds=(end - since) // timedelta(seconds=2))
            if half <= since:
                return list(self.stripe.each("event", Window(since, end))), end
            return self._slice(since, half)

    def _applied(self, listed: dict[str, Any]) -> Disagreement | None:
        """Deal with one event; what stands in the way of it stops no other. Raises Unavailable."""
        try:
            event = read_event(json.dumps(listed))
        except ValueError as error:
            return _stuck(str(listed["id"]), str(error))
        outcome, reason = self._handled(event)
        self.events.keep(event, outcome)
        return _stuck(event.id, reason) if outcome is Outcome.PARKED else None

    def _handled(self, event: StripeEvent) -> tuple[Outcome, str]:
        try:
            return self.events.handle(event), f"version {event.api_version} cannot be read"
        except Unavailable:
            raise
        except (DeskError, ValueError) as error:
            return Outcome.PARKED, reason_of(error)


def _stuck(event_id: str, reason: str) -> Disagreement:
    return Disagreement(object_id=event_id, what="event", in_books="not dealt with", at_stripe=reason[:500])
