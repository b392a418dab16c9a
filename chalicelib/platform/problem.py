"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.platform.cards import hide_first
from chalicelib.platform.errors import DeskError, FieldError
from chalicelib.platform.hiding import hidden

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 100
"""A body of a megabyte can have a hundred thousand."""
_MOST_POINTER = 500


class ProblemField(BaseModel):
    """One wrong field."""

    pointer: str = Field(description="RFC 6901 pointer into the request body.", examples=["/emails/0"])
    detail: str = Field(description="What is wrong, in plain words.")


class Problem(BaseModel):
    """RFC 9457. Some codes carry further members, such as `decline_code`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="URI reference of the kind of problem.", examples=["/docs#problem-not_found"])
    title: str = Field(description="What kind of problem it is; the same for each of its code.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong this time, in plain words for people.")
    instance: str = Field(description="The path that was called.")
    code: str = Field(description="Stable and machine-readable.")
    errors: list[ProblemField] | None = Field(default=None, description="Each wrong field, when fields are wrong.")


def problem(error: DeskError, instance: str) -> str:
    """The problem document of an error as JSON text, without card numbers: it repeats the path and names of fields, and
    may be kept for its Idempotency-Key."""
    body: dict[str, Any] = {
        "type": f"/docs#problem-{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
        **error.extra,
    }
    errors = getattr(error, "errors", ())
    if errors:
        body["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in errors]
    return json.dumps(hidden(body), ensure_ascii=False)


def field_errors(error: ValidationError) -> Sequence[FieldError]:
    """Pydantic's first findings with JSON pointers; the offending input itself is not repeated."""
    return [
        FieldError(_pointer(found["loc"]), _plain(found["msg"]))
        for found in error.errors(include_url=False, include_input=False)[:_MOST_ERRORS]
    ]


def _pointer(location: tuple[int | str, ...]) -> str:
    """Cut: the caller names the fields."""
    whole = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return hide_first(whole, _MOST_POINTER)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Extra inputs are not permitted", "This field is not known")
