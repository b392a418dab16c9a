"""What a handler receives and returns: one typed request, one reply or one page. Knows no framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Generic, TypeVar

from pydantic import BaseModel, Field

from chalicelib.platform.auth import Caller
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import BadRequest, PreconditionFailed, PreconditionRequired
from chalicelib.platform.fields import Input, View


class Empty(Input):
    """No body, or no query parameter."""


class Paged(Input):
    """Query of a list."""

    limit: Annotated[int, Field(ge=1, le=100, description="Items a page.")] = 25
    cursor: Annotated[str, Field(max_length=2000, description="`next_cursor` of the page before.")] | None = None


NO_STORE: Final = {"Cache-Control": "no-store"}
"""Headers of an answer that holds a secret: nobody keeps it, nor do we for its Idempotency-Key."""
Body = TypeVar("Body", bound=BaseModel)
Query = TypeVar("Query", bound=BaseModel)
V = TypeVar("V", bound=BaseModel)


class Listing(View, Generic[V]):
    """One page of a list."""

    items: list[V] = Field(description="At most `limit`; fewer do not mean that this is the last page.")
    next_cursor: str | None = Field(description="Give it back as `cursor` for the next page; null on the last.")


@dataclass(frozen=True)
class Request(Generic[Body, Query]):
    """A call that has been authenticated, authorised and validated."""

    caller: Caller
    request_id: str
    path: Mapping[str, str]
    query: Query
    body: Body
    headers: Mapping[str, str]
    raw_body: bytes = b""
    start: Item | None = None
    """Where the page asked for begins: the key that the cursor held."""

    @property
    def if_match(self) -> int:
        """The version the caller saw. Raises PreconditionRequired without one, PreconditionFailed for a foreign one."""
        given = self.headers.get("if-match")
        if given is None:
            raise PreconditionRequired("Send If-Match with the ETag of the version you read.")
        digits = given.strip().removeprefix("W/").strip('"')
        if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
            raise PreconditionFailed("If-Match is not an ETag of this resource.")
        return int(digits)

    @property
    def idempotency_key(self) -> str | None:
        """The caller's key for this action. Raises BadRequest when it is empty or over 255 characters."""
        key = self.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= 255:
            raise BadRequest("Idempotency-Key takes 1 to 255 characters.")
        return key


@dataclass(frozen=True)
class Reply(Generic[V]):
    """One resource. `version` becomes the ETag, `location` the Location header."""

    body: V
    version: int | None = None
    location: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Items(Generic[V]):
    """One page; `next_key` is sealed into the cursor."""

    items: Sequence[V]
    next_key: Item | None = None


@dataclass(frozen=True)
class Raw:
    """A body that is not JSON of ours, such as a page of HTML."""

    body: str
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
