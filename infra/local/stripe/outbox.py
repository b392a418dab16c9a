"""Events and their deliveries, written in the transaction of the change they tell of; what the courier sends.

A delivery that has not been answered with 2xx stays here over restarts, so an event arrives at least once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.local.stripe.faults import DeliveryState, Faults
from infra.local.stripe.store import Query, Store
from infra.local.stripe.values import Clock, Json

if TYPE_CHECKING:
    from infra.local.stripe.call import Call

# What another family does when it hears of an event: it gets the call and the object the event is about.
Listener = Callable[["Call", Json], None]

_FIRST_RETRY_SECONDS = 0.5
_LONGEST_RETRY_SECONDS = 30.0


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one endpoint, and how often it was tried."""

    seq: int
    event: Json
    endpoint: Json
    attempts: int


@dataclass(frozen=True)
class Outbox:
    """The queue of deliveries, and who inside this server hears of an event (by its type) in the same transaction.

    Every method that changes the queue must be called in a transaction of the store.
    """

    store: Store
    clock: Clock
    listeners: Mapping[str, Sequence[Listener]] = field(default_factory=dict)

    def faults(self) -> Faults:
        """What is made to go wrong at present."""
        return Faults.parse(self.store.setting("faults") or {})

    def set_faults(self, faults: Faults) -> None:
        """From now on make this go wrong with new events."""
        self.store.keep_setting("faults", faults.as_json())

    def enqueue(self, event: Json, number: int) -> None:
        """Plan the deliveries of a new event to every enabled endpoint that wants its type."""
        faults = self.faults()
        due_at = self.clock() + faults.lateness(event["type"])
        for endpoint in self.store.find(Query("webhook_endpoint", {"status": "enabled"})):
            if wants(endpoint, event["type"]):
                for state in faults.plan(event["type"], number):
                    self._add(event["id"], endpoint["id"], state, due_at)
        if faults.shuffle > 1 and self.count(DeliveryState.HELD) >= faults.shuffle:
            self.release()

    def release(self) -> None:
        """Let the held deliveries go, in another order than they came."""
        held = self.store.run("SELECT seq, position FROM deliveries WHERE state = 'held' ORDER BY position")
        order = self.faults().reordered([row["position"] for row in held])
        now = self.clock()  # one time for all, so that only the new positions decide who is first
        for row, position in zip(held, order, strict=True):
            self.store.run(
                "UPDATE deliveries SET state = 'pending', due_at = ?, position = ? WHERE seq = ?",
                now,
                position,
                row["seq"],
            )

    def hurry(self) -> None:
        """Make everything that waits due now: held, late and backed-off deliveries alike."""
        self.release()
        self.store.run("UPDATE deliveries SET due_at = ? WHERE state = 'pending'", self.clock())

    def next_due(self) -> Delivery | None:
        """The delivery whose turn it is, or None when none is due."""
        for row in self.store.run(
            "SELECT * FROM deliveries WHERE state = 'pending' AND due_at <= ? ORDER BY due_at, position LIMIT 1",
            self.clock(),
        ):
            event, endpoint = self.store.get("event", row["event"]), self.store.get("webhook_endpoint", row["endpoint"])
            if event and endpoint:
                return Delivery(row["seq"], event, endpoint, row["attempts"])
        return None

    def seconds_to_next(self) -> float | None:
        """How long until a delivery is due; None when none waits."""
        row = self.store.run("SELECT MIN(due_at) AS due_at FROM deliveries WHERE state = 'pending'")[0]
        return None if row["due_at"] is None else max(0.0, row["due_at"] - self.clock())

    def delivered(self, delivery: Delivery, result: str) -> None:
        """The endpoint took it."""
        self.store.run(
            "UPDATE deliveries SET state = 'delivered', attempts = attempts + 1, last_result = ? WHERE seq = ?",
            result,
            delivery.seq,
        )

    def failed(self, delivery: Delivery, result: str) -> None:
        """The endpoint did not take it: try again later, each time waiting twice as long, up to half a minute."""
        wait = min(_LONGEST_RETRY_SECONDS, _FIRST_RETRY_SECONDS * 2 ** min(delivery.attempts, 10))
        self.store.run(
            "UPDATE deliveries SET attempts = attempts + 1, due_at = ?, last_result = ? WHERE seq = ?",
            self.clock() + wait,
            result,
            delivery.seq,
        )

    def count(self, state: DeliveryState, event_id: str | None = None) -> int:
        """How many deliveries stand in this state, of all events or of one."""
        rows = self.store.run(
            "SELECT COUNT(*) AS n FROM deliveries WHERE state = ? AND event = COALESCE(?, event)", state, event_id
        )
        return int(rows[0]["n"])

    def counts(self) -> Json:
        """How many deliveries stand in each state."""
        return {state.value: self.count(state) for state in DeliveryState}

    def forget_endpoint(self, endpoint_id: str) -> None:
        """A deleted endpoint gets nothing more."""
        self.store.run("DELETE FROM deliveries WHERE endpoint = ?", endpoint_id)

    def _add(self, event_id: str, endpoint_id: str, state: DeliveryState, due_at: float) -> None:
        self.store.run(
            "INSERT INTO deliveries (event, endpoint, state, due_at, position) VALUES (?, ?, ?, ?, "
            "(SELECT COALESCE(MAX(seq), 0) + 1 FROM deliveries))",
            event_id,
            endpoint_id,
            state,
            due_at,
        )


def wants(endpoint: Json, event_type: str) -> bool:
    """Whether the endpoint's `enabled_events` name this type."""
    return "*" in endpoint["enabled_events"] or event_type in endpoint["enabled_events"]
