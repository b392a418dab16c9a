"""Typed endpoints: one declaration gives route, validation, authorisation, problem+json, repeats and OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Blueprint, CognitoUserPoolAuthorizer, Response
from pydantic import BaseModel

from chalicelib.platform.auth import GoesOnIn, Roles, nowhere
from chalicelib.platform.errors import DeskError
from chalicelib.platform.http import Body, Empty, Query, Request
from chalicelib.platform.idempotency import Answers
from chalicelib.platform.operation import MAX_BODY, Idempotency, Method, Operation
from chalicelib.platform.server import Server

__all__ = ["AUTHORIZER", "MAX_BODY", "Api", "Operation"]

AUTHORIZER = CognitoUserPoolAuthorizer(
    "Desk", provider_arns=["arn:aws:cognito-idp:eu-west-2:000000000000:userpool/replaced"]
)
"""The pool's ARN is put in when the app is packaged."""


@dataclass(frozen=True)
class Api:
    """The operations of one domain. `answers` and `cursor_key` are called when first needed, `goes_on_in` as Caller
    says."""

    module: str
    tag: str
    roles: Roles
    answers: Callable[[], Answers]
    cursor_key: Callable[[], bytes]
    goes_on_in: GoesOnIn = nowhere
    operations: list[Operation] = field(default_factory=list)
    blueprint: Blueprint = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blueprint", Blueprint(self.module))

    def operation(
        self,
        method: Method,
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
        idempotency: Idempotency = "no",
        media_type: str = "application/json",
    ) -> Callable[[Callable[[Request[Body, Query]], Any]], Callable[[Request[Body, Query]], Any]]:
        """Declare a handler; its docstring is the operation's description. `permission` None makes it public.

        A path with `{account_id}` is refused with 404 to customers of another account. `returns` is the view of one
        item; a handler that returns Items gives a Listing of it. `errors` names those that the shape of the operation
        does not imply (see Operation.all_errors).
        """

        def register(handler: Callable[[Request[Body, Query]], Any]) -> Callable[[Request[Body, Query]], Any]:
            declared = Operation(
                method, path, self.tag, summary, permission, body, query, returns, status, errors, versioned,
                idempotency, media_type, handler,
            )  # fmt: skip
            self.operations.append(declared)
            self._route(declared)
            return handler

        return register

    def _route(self, operation: Operation) -> None:
        server = Server(operation, self.roles, self.answers, self.cursor_key, self.goes_on_in)

        def view(**path: str) -> Response:
            return server.serve(self.blueprint.current_request, path)

        view.__name__ = operation.name
        self.blueprint.route(
            operation.path,
            methods=[operation.method],
            name=operation.name,
            content_types=["*/*"],
            authorizer=AUTHORIZER if operation.permission else None,
        )(view)
