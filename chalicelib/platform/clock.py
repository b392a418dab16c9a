"""Time and ids as injected callables, and the one textual form of an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, PlainSerializer
from ulid import ULID

Clock = Callable[[], datetime]
"""Returns the present instant, timezone-aware, UTC."""

NewId = Callable[[str], str]
"""Given a prefix such as `case`, returns a new sortable id such as `case_01JD…` (a ULID)."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_ulid(prefix: str) -> str:
    return f"{prefix}_{ULID()}"


def format_instant(at: datetime) -> str:
    """RFC 3339, UTC, always milliseconds and `Z`, so that text order is time order."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def parse_instant(text: str) -> datetime:
    """Read any RFC 3339 instant; raises ValueError when it has no offset or is not one."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset, such as Z")
    return at.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    AfterValidator(lambda at: at.astimezone(UTC)),
    PlainSerializer(format_instant, return_type=str, when_used="json"),
]
"""A pydantic field: an instant in UTC, written as RFC 3339 with milliseconds."""
