"""What a caller sent, read by an operation's declaration; whatever is wrong with it gets its own error."""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Request as ChaliceRequest
from pydantic import BaseModel, ValidationError

from chalicelib.platform.errors import BadRequest, NotFound, TooLarge, Unprocessable, UnsupportedMedia
from chalicelib.platform.hiding import hidden
from chalicelib.platform.http import Empty
from chalicelib.platform.operation import MAX_BODY, Operation
from chalicelib.platform.problem import field_errors


def check_path(path: Mapping[str, str]) -> None:
    """Raises NotFound for an id that no id of ours can be."""
    if any(len(part) > 128 or not part.isprintable() for part in path.values()):
        raise NotFound


def read_query(operation: Operation, raw: ChaliceRequest) -> BaseModel:
    """The query parameters as the declared model. Raises BadRequest naming each wrong one."""
    given = {name: raw.query_params[name] for name in raw.query_params} if raw.query_params else {}
    try:
        return operation.query.model_validate(given)
    except ValidationError as error:
        found = [{"parameter": e.pointer.lstrip("/"), "detail": e.detail} for e in field_errors(error)]
        raise BadRequest("A query parameter is wrong.", parameters=found) from None


def read_body(operation: Operation, raw: ChaliceRequest) -> tuple[bytes, BaseModel]:
    """The body's bytes and the declared model of them, without card numbers. Raises BadRequest, TooLarge,
    UnsupportedMedia, Unprocessable."""
    if operation.body is Empty:
        return b"", Empty()
    content = _content(raw)
    if raw.headers.get("content-type", "application/json").split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMedia("The Content-Type must be application/json.")
    try:
        return content, hidden(operation.body.model_validate_json(content or b"null", strict=True))
    except ValidationError as error:
        if any(found["type"] == "json_invalid" for found in error.errors(include_input=False)):
            raise BadRequest("The body is not JSON.") from None
        raise Unprocessable("Some fields are wrong; each is named in `errors`.", field_errors(error)) from None


def _content(raw: ChaliceRequest) -> bytes:
    try:
        given = raw.raw_body
        content = given.encode() if isinstance(given, str) else given
    except ValueError:
        raise BadRequest("The body is not what its encoding says.") from None
    if len(content) > MAX_BODY:
        raise TooLarge(f"A body may have {MAX_BODY} bytes.", limit_bytes=MAX_BODY)
    return content
