"""Moves the times of a recorded event by whole hours, so that the recording ends at the moment of the demo."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_EPOCH_FIELDS = frozenset({"available_on", "canceled_at", "created", "due_by", "expires_at", "succeeded_at"})


def hours_between(recorded_until: datetime, now: datetime) -> int:
    """Whole hours by which the recording is moved: its end comes to lie within the hour before `now`."""
    return (now - recorded_until) // timedelta(hours=1)


def shifted(value: Any, hours: int, field: str = "") -> Any:
    """A copy of a JSON value with every instant moved: RFC 3339 texts, Unix seconds in the fields that hold them."""
    if isinstance(value, dict):
        return {name: shifted(inner, hours, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shifted(inner, hours, field) for inner in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        moved = datetime.fromisoformat(value) + timedelta(hours=hours)
        return moved.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S" + (".%f" if "." in value else "")) + "Z"
    if isinstance(value, int) and not isinstance(value, bool) and field in _EPOCH_FIELDS:
        return value + hours * 3600
    return value
