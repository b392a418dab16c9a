"""The tree of domain errors; each class alone decides its HTTP status and its stable `code`.

DeskError
├── BadRequest              400  the request itself cannot be read (not JSON, bad parameter)
├── Unauthenticated         401  no identity, or not an ID token
├── Declined                402  the payment was refused by the customer's bank
├── Forbidden               403  known caller without the permission
├── NotFound                404  absent, or not for this caller to know about
├── MethodNotAllowed        405  the address exists, not for this method; API Gateway gives this answer for us
├── Conflict                409  the state of the resource forbids it
├── PreconditionFailed      412  the version in If-Match is stale
├── TooLarge                413  body over the limit
├── UnsupportedMedia        415  body is not JSON
├── Unprocessable           422  fields are wrong; names each with a JSON pointer
├── PreconditionRequired    428  If-Match or Idempotency-Key is missing
├── TooMany                 429  try later
├── Refused                 502  an outside system understood us and refused
└── Unavailable             503  a dependency is down; try again after `retry_after` seconds

Status codes: RFC 9110 and RFC 6585; the body they become: RFC 9457.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple


class FieldError(NamedTuple):
    """One wrong field: an RFC 6901 pointer into the request body, and what is wrong in plain words."""

    pointer: str
    detail: str


class DeskError(Exception):
    """A fact the caller can act upon; `detail` is written for people and holds no personal data."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that belong to this answer."""
        return {}


class BadRequest(DeskError):
    status, code, title = 400, "bad_request", "The request cannot be read"


class Unauthenticated(DeskError):
    status, code, title = 401, "unauthenticated", "Sign in first"


class Declined(DeskError):
    """The bank said no; carries `decline_code` (Stripe's vocabulary) beside the plain words."""

    status, code, title = 402, "payment_declined", "The payment was declined"


class Forbidden(DeskError):
    status, code, title = 403, "forbidden", "Not allowed"


class NotFound(DeskError):
    """Said in the same words of what is absent and of what this caller must not know to exist."""

    status, code, title = 404, "not_found", "Not found"

    def __init__(self, detail: str = "There is nothing here under this id.", **extra: Any) -> None:
        super().__init__(detail, **extra)


class MethodNotAllowed(DeskError):
    """Never raised: API Gateway answers before any of our code runs, with what is packaged for it."""

    status, code, title = 405, "method_not_allowed", "This address does not take this method"


class Conflict(DeskError):
    status, code, title = 409, "conflict", "The current state does not allow this"


class PreconditionFailed(DeskError):
    status, code, title = 412, "stale_version", "The resource has changed since you read it"


class TooLarge(DeskError):
    status, code, title = 413, "too_large", "The request is too large"


class UnsupportedMedia(DeskError):
    status, code, title = 415, "unsupported_media_type", "Send JSON"


class Unprocessable(DeskError):
    """Fields are wrong; `errors` lists all of them at once so that a form can mark each."""

    status, code, title = 422, "invalid_fields", "Some fields are wrong"

    def __init__(self, detail: str, errors: Sequence[FieldError] = (), **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.errors = tuple(errors)


class PreconditionRequired(DeskError):
    status, code, title = 428, "precondition_required", "A required header is missing"


class TooMany(DeskError):
    status, code, title = 429, "too_many_requests", "Too many requests"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.extra.get("retry_after", 60))}


class Refused(DeskError):
    status, code, title = 502, "upstream_refused", "A partner system refused the request"


class Unavailable(DeskError):
    """A dependency is down or throttling; the same request may be sent again."""

    status, code, title = 503, "unavailable", "Temporarily unavailable"

    def __init__(self, detail: str, *, retry_after: int = 2, **extra: Any) -> None:
        super().__init__(detail, retry_after=retry_after, **extra)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


ALL_ERRORS: tuple[type[DeskError], ...] = (
    BadRequest, Unauthenticated, Declined, Forbidden, NotFound, MethodNotAllowed, Conflict, PreconditionFailed,
    TooLarge, UnsupportedMedia, Unprocessable, PreconditionRequired, TooMany, Refused, Unavailable,
)  # fmt: skip
