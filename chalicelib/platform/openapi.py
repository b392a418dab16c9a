"""The OpenAPI 3.1 document of the desk, made from nothing but the declarations of its operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.platform.api import Api
from chalicelib.platform.auth import Roles
from chalicelib.platform.errors import ALL_ERRORS, DeskError
from chalicelib.platform.http import Empty
from chalicelib.platform.operation import Operation
from chalicelib.platform.problem import MEDIA_TYPE, Problem
from chalicelib.platform.schemas import Json, Schemas, Words, gives_page, output_model, unwrapped

SECURITY = "cognitoIdToken"
_HEADERS: Mapping[str, tuple[str, Json]] = {
    "X-Request-Id": ("Names this call in our logs; quote it when you ask for help.", {"type": "string"}),
    "ETag": ("The version of the resource, to be sent back as If-Match.", {"type": "string", "examples": ['"3"']}),
    "Location": ("Path of the new resource.", {"type": "string", "format": "uri-reference"}),
    "Retry-After": ("Seconds to wait before the same request is sent again.", {"type": "integer", "minimum": 0}),
    "Idempotency-Replayed": ("`true` when this is the kept answer to an earlier request.", {"type": "string"}),
}

_TOKEN: Json = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "An ID token of the desk's Cognito user pool; its groups are the caller's roles.",
}
_OPAQUE: Mapping[str, Json] = {"application/json": {"type": "object"}}
"""Answers that no model of ours describes."""


@dataclass(frozen=True)
class About:
    """What the declarations do not say: title, tags with their descriptions, and the meaning of field names."""

    title: str
    version: str
    description: str
    tags: Mapping[str, str]
    words: Words


def document(apis: Sequence[Api], about: About) -> Json:
    """The document as JSON values. Raises ValueError when two operations share a name, or a tag is not described."""
    operations = [operation for api in apis for operation in api.operations]
    _check(operations, about)
    schemas = Schemas(operations, about.words)
    paths: Json = {}
    for api in apis:
        for operation in api.operations:
            spec = _operation(operation, api.roles, schemas)
            paths.setdefault(operation.path, {})[operation.method.lower()] = spec
    used = {operation.tag for operation in operations}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": about.title, "version": about.version, "description": about.description,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ".", "description": "The API that served this document"}],
        "tags": [{"name": name, "description": text} for name, text in about.tags.items() if name in used],
        "paths": paths,
        "components": _components(operations, schemas),
    }  # fmt: skip


def _components(operations: Sequence[Operation], schemas: Schemas) -> Json:
    return {
        "schemas": dict(sorted(schemas.components.items())),
        "responses": {error.code: _problem([error], schemas) for error in _all_errors(operations)},
        "headers": {name: {"description": text, "schema": schema} for name, (text, schema) in _HEADERS.items()},
        "securitySchemes": {SECURITY: _TOKEN},
    }


def _check(operations: Sequence[Operation], about: About) -> None:
    names = [operation.name for operation in operations]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"operations with one name: {', '.join(twice)}")
    if unknown := sorted({operation.tag for operation in operations} - about.tags.keys()):
        raise ValueError(f"tags without a description: {', '.join(unknown)}")


def _all_errors(operations: Sequence[Operation]) -> list[type[DeskError]]:
    found = {error for operation in operations for error in operation.all_errors} | set(ALL_ERRORS)
    return sorted(found, key=lambda error: (error.status, error.code))


def _operation(operation: Operation, roles: Roles, schemas: Schemas) -> Json:
    spec: Json = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": unwrapped(operation.description),
        "security": [{SECURITY: []}] if operation.permission else [],
        "parameters": [*schemas.parameters(operation), *_request_headers(operation)],
        "responses": {str(operation.status): _success(operation, schemas), **_problems(operation, schemas)},
    }
    if operation.body is not Empty:
        content = {"application/json": {"schema": schemas.taken(operation.body)}}
        spec["requestBody"] = {"required": True, "content": content}
    if operation.permission:
        spec["x-permission"] = str(operation.permission)
        spec["x-roles"] = sorted(role for role, granted in roles.items() if operation.permission in granted)
    return spec


def _request_headers(operation: Operation) -> list[Json]:
    found: list[Json] = []
    if operation.takes_if_match:
        text, schema = "The ETag of the version you read.", {"type": "string", "examples": ['"3"']}
        found.append({"name": "If-Match", "in": "header", "required": True, "description": text, "schema": schema})
    if operation.idempotency != "no":
        text = "A new key for each new request, the same one for a repeat; the first answer is kept for 7 days."
        limits = {"type": "string", "minLength": 1, "maxLength": 255}
        must = operation.idempotency == "required"
        found.append(
            {"name": "Idempotency-Key", "in": "header", "required": must, "description": text, "schema": limits}
        )
    return found


def _success(operation: Operation, schemas: Schemas) -> Json:
    sent = {
        "X-Request-Id": True,
        "ETag": operation.versioned,
        "Location": operation.status == 201,
        "Idempotency-Replayed": operation.idempotency != "no",
    }
    model = output_model(operation)
    schema = schemas.given(model) if model else _OPAQUE.get(operation.media_type, {"type": "string"})
    text = "One page of the list." if gives_page(operation) else "Created." if operation.status == 201 else "Done."
    return {
        "description": text,
        "headers": _refs([name for name, is_sent in sent.items() if is_sent]),
        "content": {operation.media_type: {"schema": schema}},
    }


def _problems(operation: Operation, schemas: Schemas) -> Json:
    """A shared response by status; where several errors have one status, a response that names them all."""
    by_status: dict[str, dict[str, type[DeskError]]] = {}
    for error in operation.all_errors:
        by_status.setdefault(str(error.status), {})[error.code] = error
    return {
        status: {"$ref": f"#/components/responses/{next(iter(by_code))}"}
        if len(by_code) == 1
        else _problem(list(by_code.values()), schemas)
        for status, by_code in by_status.items()
    }


def _problem(errors: Sequence[type[DeskError]], schemas: Schemas) -> Json:
    first = errors[0]
    names = ["X-Request-Id", *(["Retry-After"] if first.status in {429, 503} else [])]
    said = [f"`{error.code}`: {error.title}. {_meaning(error)}".strip() for error in errors]
    return {
        "description": said[0] if len(said) == 1 else "\n".join(f"- {line}" for line in said),
        "headers": _refs(names),
        "content": {MEDIA_TYPE: {"schema": schemas.given(Problem)}},
        "x-status": first.status,
        "x-codes": {error.code: error.title for error in errors},
    }


def _meaning(error: type[DeskError]) -> str:
    return "" if error is DeskError else unwrapped(error.__doc__ or "")


def _refs(names: Sequence[str]) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
