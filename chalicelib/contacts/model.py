"""A contact of the call centre and what it counts as. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

VOICE: Final = "voice"


class Direction(StrEnum):
    """How this leg began: by the customer, by a transfer, as a promised call back, by us, or by the machinery alone."""

    IN = "in"
    TRANSFER = "transfer"
    CALLBACK = "callback"
    OUT = "out"
    INTERNAL = "internal"


_DIRECTIONS: Final[Mapping[str, Direction]] = {
    "INBOUND": Direction.IN,
    "WEBRTC_API": Direction.IN,
    "TRANSFER": Direction.TRANSFER,
    "QUEUE_TRANSFER": Direction.TRANSFER,
    "CALLBACK": Direction.CALLBACK,
    "OUTBOUND": Direction.OUT,
    "EXTERNAL_OUTBOUND": Direction.OUT,
    "CAMPAIGN_PREVIEW": Direction.OUT,
    "AGENT_REPLY": Direction.OUT,
    "FLOW": Direction.OUT,
    "MONITOR": Direction.INTERNAL,
    "DISCONNECT": Direction.INTERNAL,
}
"""By InitiationMethod. A method that is not here is kept as it came and counts in no figure."""
_BY_API: Final[Mapping[str, Direction]] = {VOICE: Direction.OUT, "chat": Direction.IN}
"""API begins an outbound call, a customer's chat, or work of our own, by channel."""
_UNANSWERED: Final = frozenset(
    {
        "EXPIRED", "OUTBOUND_ATTEMPT_FAILED", "OUTBOUND_DESTINATION_ENDPOINT_ERROR", "OUTBOUND_PREVIEW_DISCARDED",
        "OUTBOUND_RESOURCE_ERROR", "TELECOM_BUSY", "TELECOM_NUMBER_INVALID", "TELECOM_ORIGINATOR_CANCEL",
        "TELECOM_POTENTIAL_BLOCKING", "TELECOM_TIMEOUT", "TELECOM_UNANSWERED",
    }
)  # fmt: skip


class Outcome(StrEnum):
    """What became of a leg. `moved` left the queue for another leg or number, `ended` never reached a queue."""

    HANDLED = "handled"
    ABANDONED = "abandoned"
    UNANSWERED = "unanswered"
    MOVED = "moved"
    ENDED = "ended"


class Contact(Record):
    """One leg of a contact: the newest record of it that has been seen. Instants are UTC, `_s` are whole seconds.

    `queue` and `agent` are None when the leg reached none. `chain_id` is the first leg's id. `moved_on` says that the
    customer went on to another leg or number. Neither the customer's number nor free text is kept.
    """

    contact_id: str
    chain_id: str
    channel: str
    method: str
    initiated_at: Instant
    updated_at: Instant
    connected_at: Instant | None = None
    disconnected_at: Instant | None = None
    disconnect_reason: str | None = None
    moved_on: bool = False
    queue: str | None = None
    queue_s: int | None = None
    agent: str | None = None
    interaction_s: int | None = None
    hold_s: int | None = None
    wrap_up_s: int | None = None
    account_id: str | None = None
    category: str | None = None
    test: bool = False

    @property
    def direction(self) -> Direction | None:
        """None for a method that nobody told us about."""
        if self.method == "API":
            return _BY_API.get(self.channel, Direction.INTERNAL)
        return _DIRECTIONS.get(self.method)

    @property
    def is_arrival(self) -> bool:
        """New demand of a customer; a transfer is none."""
        return self.direction is Direction.IN

    @property
    def is_queued(self) -> bool:
        """A customer waited for us in a queue; a call back waits without the customer."""
        return self.queue is not None and self.direction in {Direction.IN, Direction.TRANSFER}

    @property
    def is_abandoned(self) -> bool:
        """Left the queue unserved, and neither for another leg nor with a call back promised."""
        return self.is_queued and self.agent is None and not self.moved_on

    @property
    def is_handled(self) -> bool:
        """An agent served a customer; a call that we made counts when the customer answered."""
        if self.agent is None or self.direction in {None, Direction.INTERNAL}:
            return False
        made_by_us = self.direction in {Direction.OUT, Direction.CALLBACK}
        return not made_by_us or self._customer_answered

    @property
    def _customer_answered(self) -> bool:
        return self.connected_at is not None and self.disconnect_reason not in _UNANSWERED

    @property
    def handling_s(self) -> int | None:
        """Interaction, hold and wrap-up; None, not less, while any of them is unknown."""
        parts = (self.interaction_s, self.hold_s, self.wrap_up_s)
        return None if None in parts else sum(part or 0 for part in parts)

    @property
    def outcome(self) -> Outcome:
        if self.is_handled:
            return Outcome.HANDLED
        if self.is_abandoned:
            return Outcome.ABANDONED
        if self.direction in {Direction.OUT, Direction.CALLBACK}:
            return Outcome.UNANSWERED
        return Outcome.MOVED if self.moved_on else Outcome.ENDED
