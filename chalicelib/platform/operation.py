"""One operation of the HTTP contract, as it is declared beside its handler."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from chalicelib.platform.errors import (
    BadRequest,
    Conflict,
    DeskError,
    Forbidden,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UnsupportedMedia,
)
from chalicelib.platform.http import Empty, Items, Raw, Reply, Request

MAX_BODY = 1_048_576
"""Bytes of a request body. API Gateway would let 10 MB pass."""
Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
Idempotency = Literal["no", "optional", "required"]
Handler = Callable[[Request[Any, Any]], Reply[Any] | Items[Any] | Raw]


@dataclass(frozen=True)
class Operation:
    """What a caller may rely on; the server obeys it and the OpenAPI document says it."""

    method: Method
    path: str
    tag: str
    summary: str
    permission: str | None
    body: type[BaseModel]
    query: type[BaseModel]
    returns: type[BaseModel] | None
    status: int
    errors: tuple[type[DeskError], ...]
    versioned: bool
    idempotency: Idempotency
    media_type: str
    handler: Handler

    @property
    def name(self) -> str:
        """Unique over the desk: the handler's name, also the operationId."""
        return self.handler.__name__

    @property
    def description(self) -> str:
        return (self.handler.__doc__ or "").strip()

    @property
    def path_names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def takes_if_match(self) -> bool:
        return (self.versioned and self.method in {"PATCH", "PUT", "DELETE"}) or PreconditionRequired in self.errors

    @property
    def all_errors(self) -> tuple[type[DeskError], ...]:
        """The errors declared, and those that any operation of this shape can give; in order of status, then code."""
        implied: set[type[DeskError]] = {DeskError, TooMany, Unavailable}
        if self.permission:
            implied |= {Unauthenticated, Forbidden}
        if self.path_names:
            implied.add(NotFound)
        if self.query is not Empty:
            implied.add(BadRequest)
        if self.body is not Empty:
            implied |= {BadRequest, TooLarge, UnsupportedMedia, Unprocessable}
        if self.takes_if_match:
            implied |= {PreconditionFailed, PreconditionRequired}
        if self.idempotency != "no":
            implied |= {BadRequest, Conflict}
        return tuple(sorted(implied | set(self.errors), key=lambda error: (error.status, error.code)))
