"""Typed endpoints: one declaration gives validation, authorisation, problem+json, idempotent repeats and the OpenAPI text.

A view never lets an exception out: Chalice would make a bare 500 of it before any middleware sees it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalice.app import Blueprint, CognitoUserPoolAuthorizer, Response
from chalice.app import Request as ChaliceRequest
from pydantic import BaseModel, ValidationError

from chalicelib.platform import cursor
from chalicelib.platform.auth import ANONYMOUS, Caller, Roles, caller_of
from chalicelib.platform.entry import flush_metrics
from chalicelib.platform.errors import BadRequest, DeskError, NotFound, TooLarge, Unprocessable, UnsupportedMedia
from chalicelib.platform.http import Body, Empty, Items, Listing, Query, Raw, Reply, Request
from chalicelib.platform.idempotency import Answer, Answers
from chalicelib.platform.problem import MEDIA_TYPE, field_errors, problem
from chalicelib.platform.telemetry import count, logger, tracer

MAX_BODY = 1_048_576
"""Bytes of a request body; the local gateway enforces none, so the code does."""
AUTHORIZER = CognitoUserPoolAuthorizer(
    "Desk", provider_arns=["arn:aws:cognito-idp:eu-west-2:000000000000:userpool/replaced"]
)
"""The pool's ARN is put in when the app is packaged."""
Handler = Callable[[Request[Any, Any]], Reply[Any] | Items[Any] | Raw]


@dataclass(frozen=True)
class Operation:
    """One operation of the contract, as declared beside its handler."""

    method: str
    path: str
    name: str
    tag: str
    summary: str
    description: str
    permission: str | None
    body: type[BaseModel]
    query: type[BaseModel]
    returns: type[BaseModel] | None
    status: int
    errors: tuple[type[DeskError], ...]
    versioned: bool
    idempotency: Literal["no", "optional", "required"]
    media_type: str = "application/json"


@dataclass(frozen=True)
class Api:
    """The operations of one domain. `answers` and `cursor_key` are called when first needed."""

    module: str
    tag: str
    roles: Roles
    answers: Callable[[], Answers]
    cursor_key: Callable[[], bytes]
    operations: list[Operation] = field(default_factory=list)
    blueprint: Blueprint = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blueprint", Blueprint(self.module))

    def operation(
        self,
        method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"],
        path: str,
        *,
        summary: str,
        permission: str | None,
        returns: type[BaseModel] | None,
        body: type[Body] = Empty,  # type: ignore[assignment]
        query: type[Query] = Empty,  # type: ignore[assignment]
        status: int = 200,
        errors: tuple[type[DeskError], ...] = (),
        versioned: bool = False,
        idempotency: Literal["no", "optional", "required"] = "no",
        media_type: str = "application/json",
    ) -> Callable[[Callable[[Request[Body, Query]], Any]], Callable[[Request[Body, Query]], Any]]:
        """Declare a handler; its docstring is the operation's description. `permission` None makes it public.

        A path with `{account_id}` is refused with 404 to customers of another account. `returns` is the view of one item;
        a handler that returns Items gives a Listing of it.
        """

        def register(handler: Callable[[Request[Body, Query]], Any]) -> Callable[[Request[Body, Query]], Any]:
            operation = Operation(
                method, path, handler.__name__, self.tag, summary, (handler.__doc__ or "").strip(), permission, body,
                query, returns, status, errors, versioned, idempotency, media_type,
            )  # fmt: skip
            self.operations.append(operation)
            self._route(operation, handler)
            return handler

        return register

    def _route(self, operation: Operation, handler: Handler) -> None:
        def view(**path: str) -> Response:
            return self._serve(operation, handler, self.blueprint.current_request, path)

        view.__name__ = operation.name
        self.blueprint.route(
            operation.path,
            methods=[operation.method],
            name=operation.name,
            content_types=["*/*"],
            authorizer=AUTHORIZER if operation.permission else None,
        )(view)

    def _serve(self, operation: Operation, handler: Handler, raw: ChaliceRequest, path: Mapping[str, str]) -> Response:
        started = time.perf_counter()
        request_id = str(raw.context.get("requestId", ""))
        logger.clear_state()
        logger.append_keys(request_id=request_id, operation=operation.name)
        instance = str(raw.context.get("path") or operation.path)
        try:
            with tracer.provider.in_subsegment(operation.name):
                response = self._respond(operation, handler, raw, path, request_id)
        except DeskError as error:
            response = _refusal(error, instance)
        except Exception:
            logger.exception("unexpected error")
            response = _refusal(DeskError("The error is in our log; tell us the X-Request-Id."), instance)
        response.headers["X-Request-Id"] = request_id
        logger.info(
            "request", status=response.status_code, duration_ms=round((time.perf_counter() - started) * 1000, 1)
        )
        count("Requests")
        if response.status_code >= 500:
            count("ServerErrors")
        flush_metrics()
        return response

    def _respond(
        self, operation: Operation, handler: Handler, raw: ChaliceRequest, path: Mapping[str, str], request_id: str
    ) -> Response:
        request = self._read(operation, raw, path, request_id)
        key = request.idempotency_key
        if key is None and operation.idempotency == "required":
            raise BadRequest("Send an Idempotency-Key: a new one for each new payment, the same one for a repeat.")
        if key is None or operation.idempotency == "no":
            return self._call(operation, handler, request)
        return self._once(operation, handler, request, key)

    def _read(
        self, operation: Operation, raw: ChaliceRequest, path: Mapping[str, str], request_id: str
    ) -> Request[Any, Any]:
        caller = ANONYMOUS
        if operation.permission:
            caller = caller_of((raw.context.get("authorizer") or {}).get("claims"), self.roles)
            caller.require(operation.permission)
        if any(len(part) > 128 for part in path.values()):
            raise NotFound("There is nothing here under this id.")
        if "account_id" in path:
            caller.reach(path["account_id"])
        query = _query(operation, raw)
        content, body = _body(operation, raw)
        given = getattr(query, "cursor", None)
        return Request(
            caller=caller, request_id=request_id, path=path, query=query, body=body, raw_body=content,
            headers={str(name).lower(): str(value) for name, value in raw.headers.items()},
            start=cursor.unseal(given, _binding(operation, caller, path, query), self.cursor_key()) if given else None,
        )  # fmt: skip

    def _call(self, operation: Operation, handler: Handler, request: Request[Any, Any]) -> Response:
        result = handler(request)
        if isinstance(result, Raw):
            return Response(result.body, {"Content-Type": result.content_type, **result.headers}, operation.status)
        headers: dict[str, str | list[str]] = {"Content-Type": "application/json"}
        if isinstance(result, Items):
            binding = _binding(operation, request.caller, request.path, request.query)
            following = cursor.seal(result.next_key, binding, self.cursor_key()) if result.next_key else None
            page = Listing[Any](items=list(result.items), next_cursor=following)
            return Response(page.model_dump_json(), headers, operation.status)
        if result.version is not None:
            headers["ETag"] = f'"{result.version}"'
        if result.location:
            headers["Location"] = result.location
        return Response(result.body.model_dump_json(), {**headers, **result.headers}, operation.status)

    def _once(self, operation: Operation, handler: Handler, request: Request[Any, Any], key: str) -> Response:
        scope = f"{request.caller.subject} {operation.method} {operation.path} {sorted(request.path.items())}"
        answers = self.answers()
        first = answers.claim(scope, key, hashlib.sha256(request.raw_body).hexdigest())
        if first:
            return Response(first.body, {**first.headers, "Idempotency-Replayed": "true"}, first.status)
        try:
            response = self._call(operation, handler, request)
        except DeskError as error:
            response = _refusal(error, operation.path)
        except BaseException:
            answers.release(scope, key)
            raise
        if response.status_code >= 500:
            answers.release(scope, key)
        else:
            answers.keep(scope, key, Answer(response.status_code, str(response.body), _flat(response.headers)))
        return response


def _flat(headers: Mapping[str, str | list[str]]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else ", ".join(value) for name, value in headers.items()}


def _refusal(error: DeskError, instance: str) -> Response:
    return Response(problem(error, instance), {"Content-Type": MEDIA_TYPE, **error.headers}, error.status)


def _query(operation: Operation, raw: ChaliceRequest) -> BaseModel:
    given = {name: raw.query_params[name] for name in raw.query_params or {}} if raw.query_params else {}
    try:
        return operation.query.model_validate(given)
    except ValidationError as error:
        found = [{"parameter": e.pointer.lstrip("/"), "detail": e.detail} for e in field_errors(error)]
        raise BadRequest("A query parameter is wrong.", parameters=found) from None


def _body(operation: Operation, raw: ChaliceRequest) -> tuple[bytes, BaseModel]:
    if operation.body is Empty:
        return b"", Empty()
    try:
        given = raw.raw_body
    except ValueError:
        raise BadRequest("The body is not what its encoding says.") from None
    content = given.encode() if isinstance(given, str) else given
    if len(content) > MAX_BODY:
        raise TooLarge(f"A body may have {MAX_BODY} bytes.", limit_bytes=MAX_BODY)
    if raw.headers.get("content-type", "application/json").split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMedia("The Content-Type must be application/json.")
    try:
        return content, operation.body.model_validate_json(content or b"null", strict=True)
    except ValidationError as error:
        if any(found["type"] == "json_invalid" for found in error.errors(include_input=False)):
            raise BadRequest("The body is not JSON.") from None
        raise Unprocessable("Some fields are wrong; each is named in `errors`.", field_errors(error)) from None


def _binding(operation: Operation, caller: Caller, path: Mapping[str, str], query: BaseModel) -> str:
    asked = query.model_dump_json(exclude={"cursor", "limit"})
    return f"{operation.name} {sorted(path.items())} {asked} {caller.subject}"
