"""The answer to a method that a path does not have: API Gateway alone would say that the whole path is unknown."""

from __future__ import annotations

import json
from typing import Any, Final

from chalicelib.platform.errors import MethodNotAllowed

ANY: Final = "x-amazon-apigateway-any-method"
_PROBLEM = {
    "type": f"/docs#problem-{MethodNotAllowed.code}",
    "title": MethodNotAllowed.title,
    "status": MethodNotAllowed.status,
    "detail": "The Allow header names the methods that it takes.",
    "instance": "urn:uuid:$context.requestId",
    "code": MethodNotAllowed.code,
}


def refuse_other_methods(paths: dict[str, Any]) -> None:
    """Add to each path of an OpenAPI 2 document a catch-all that answers 405 with Allow (RFC 9110, 15.5.6)."""
    for operations in paths.values():
        operations[ANY] = _refusal(", ".join(sorted(method.upper() for method in operations if method != ANY)))


def _refusal(allowed: str) -> dict[str, Any]:
    headers = {
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Expose-Headers": "'Allow,X-Request-Id'",
        "Allow": f"'{allowed}'",
        "Content-Type": "'application/problem+json'",
        "X-Request-Id": "context.requestId",
    }
    answer = {
        "statusCode": "405",
        "responseParameters": {f"method.response.header.{name}": value for name, value in headers.items()},
        "responseTemplates": {"application/json": json.dumps(_PROBLEM)},
    }
    return {
        "produces": ["application/json"],
        "responses": {
            "405": {"description": "405 response", "headers": {name: {"type": "string"} for name in headers}},
        },
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "never",
            "requestTemplates": {"application/json": '{"statusCode": 405}'},
            "responses": {"default": answer},
        },
    }
