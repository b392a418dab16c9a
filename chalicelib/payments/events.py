"""Stripe's events as the desk reads them: few fields, everything else let go."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

API_VERSION: Final = "2026-10-28.endive"


class Unreadable(ValueError):
    """The body is not an event of the shape that its API version promises. Names the fields, never their values."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Data(_Shape):
    object: dict[str, Any]


class StripeEvent(_Shape):
    """The envelope. `created` is epoch seconds."""

    id: str = Field(min_length=1, max_length=255)
    type: str = Field(min_length=1, max_length=255)
    api_version: str | None = None
    created: int = Field(ge=0, le=99_999_999_999)
    data: _Data

    @property
    def object_id(self) -> str | None:
        """The id of what the event is about; previews of objects have none."""
        given = self.data.object.get("id")
        return given if isinstance(given, str) else None


def read_event(body: str) -> StripeEvent:
    """The envelope of a webhook's body. Raises Unreadable."""
    try:
        return StripeEvent.model_validate_json(body)
    except ValidationError as error:
        raise Unreadable(named("an event", error)) from None


def named(what: str, error: ValidationError) -> str:
    """What could not be read and in which fields, never their values."""
    wrong = sorted({".".join(map(str, found["loc"])) or found["type"] for found in error.errors(include_input=False)})
    return f"not {what} that can be read: {', '.join(wrong)}"
