"""Time and ids as injected callables, and the one textual form of an instant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, WithJsonSchema
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
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: str) -> datetime:
    """Read any RFC 3339 instant; raises ValueError when it has no offset or is not one."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset, such as Z")
    return _in_utc(at)


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("this instant is outside the years 1 to 9999") from None


def _read(value: object) -> object:
    """Text as an instant, here and not by pydantic: what has passed a validator counts as Python to it, no longer as
    JSON, so a strict body would take none. Numbers are refused, for nobody can tell seconds from milliseconds."""
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\s*[-+]?[0-9.]+\s*", value)):
        raise ValueError("write the instant as RFC 3339, such as 2026-11-02T09:00:00Z")
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value.strip().upper())
    except ValueError:
        raise ValueError("this is no instant of RFC 3339, such as 2026-11-02T09:00:00Z") from None


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_read),
    AfterValidator(_in_utc),
    PlainSerializer(format_instant, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
    Field(description="Instant, RFC 3339 in UTC.", examples=["2026-11-02T09:00:00.000Z"]),
]
"""A pydantic field: an instant in UTC, written as RFC 3339 with milliseconds."""
