"""How webhooks may be made to go wrong on purpose, and what that means for each event. Pure.

A fault plan is kept with the state, and every choice is drawn from its seed and the event's number, so that a run with
the same seed goes wrong in the same way.
"""

import random
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.values import Json


class DeliveryState(StrEnum):
    """Where a delivery stands: waiting for its time, held back to be shuffled, arrived, or lost on purpose."""

    PENDING = "pending"
    HELD = "held"
    DELIVERED = "delivered"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Faults:
    """What goes wrong with the events whose type begins with one of `types` (all, when empty).

    `late_seconds` delays each delivery, `copies` is how often each event is sent, `shuffle` holds deliveries back
    until that many wait and then sends them in another order, `drop` is the share (0 to 1) never sent at all.
    """

    late_seconds: float = 0.0
    copies: int = 1
    shuffle: int = 0
    drop: float = 0.0
    types: tuple[str, ...] = ()
    seed: int = 0

    @classmethod
    def parse(cls, given: Json) -> "Faults":
        """Read a control request; names that are left out mean no such fault. InvalidRequest when it makes no sense."""
        unknown = given.keys() - {known.name for known in fields(cls)}
        if unknown:
            raise InvalidRequest(f"Unknown fault: {', '.join(sorted(unknown))}")
        types = given.get("types", ())
        if not isinstance(types, list | tuple) or not all(isinstance(name, str) for name in types):
            raise InvalidRequest("types must be a list of words", param="types")
        return cls(
            late_seconds=_number(given, "late_seconds", 0, 3600),
            copies=int(_number(given, "copies", 1, 20, whole=True)),
            shuffle=int(_number(given, "shuffle", 0, 10_000, whole=True)),
            drop=_number(given, "drop", 0, 1),
            types=tuple(types),
            seed=int(_number(given, "seed", 0, 2**31, whole=True)),
        )

    def as_json(self) -> Json:
        """What `parse` reads."""
        return asdict(self)

    def plan(self, event_type: str, number: int) -> list[DeliveryState]:
        """The deliveries to make of the event with this number: one entry a copy."""
        if not self.concerns(event_type):
            return [DeliveryState.PENDING]
        if self._draw(number).random() < self.drop:
            return [DeliveryState.DROPPED]
        return [DeliveryState.HELD if self.shuffle > 1 else DeliveryState.PENDING] * self.copies

    def lateness(self, event_type: str) -> float:
        """Seconds to wait before the first try."""
        return self.late_seconds if self.concerns(event_type) else 0.0

    def concerns(self, event_type: str) -> bool:
        """Whether events of this type are made to go wrong."""
        return not self.types or event_type.startswith(self.types)

    def reordered(self, positions: list[int]) -> list[int]:
        """The same positions in another order; two or more never keep theirs."""
        order = positions[:]
        self._draw(positions[0] if positions else 0).shuffle(order)
        return order[::-1] if order == positions else order

    def _draw(self, number: int) -> random.Random:
        return random.Random(f"{self.seed}:{number}")  # noqa: S311 - repeatable on purpose


def _number(given: Json, name: str, low: float, high: float, *, whole: bool = False) -> float:
    value = given.get(name, low)
    if isinstance(value, bool) and name == "drop":
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not low <= value <= high:
        raise InvalidRequest(f"{name} must be a{' whole' if whole else ''} number from {low} to {high}", param=name)
    return value
