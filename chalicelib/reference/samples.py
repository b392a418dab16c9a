"""Example requests: a value that fits a schema, and the curl command that sends it."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from chalicelib.platform.schemas import Json

_BY_FORMAT = {"date-time": "2026-11-02T09:00:00Z", "date": "2026-11-02", "email": "ada@example.com"}
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "object": {}, "null": None, "string": "text"}


def curl(document: Json, method: str, path: str, operation: Json) -> str:
    """A command to copy; `$DESK` is the API's address and `$TOKEN` an ID token."""
    url = re.sub(r"{(\w+)}", lambda name: "$" + name[1].upper(), path)
    parts = ["curl" if method == "get" else f"curl -X {method.upper()}", f'"$DESK{url}"']
    if operation["security"]:
        parts.append('-H "Authorization: $TOKEN"')
    for parameter in operation["parameters"]:
        if parameter["in"] == "header" and parameter["required"]:
            value = parameter["schema"].get("examples", ["a-new-key"])[0]
            parts.append("-H " + shlex.quote(f"{parameter['name']}: {value}"))
    if "requestBody" in operation:
        sample = example(document, operation["requestBody"]["content"]["application/json"]["schema"])
        parts += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(sample, ensure_ascii=False))}"]
    return " \\\n  ".join(parts)


def example(document: Json, schema: Json) -> Any:
    """A value of the schema: its example, its default, its first choice, or one made of the required fields."""
    if "$ref" in schema:
        return example(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    for key in ("examples", "enum", "anyOf"):
        if schema.get(key):
            first = schema[key][0]
            return example(document, first) if key == "anyOf" else first
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if schema.get("type") == "array":
        return [example(document, schema.get("items", {}))]
    if "properties" in schema:
        required = schema.get("required") or list(schema["properties"])[:1]
        return {name: example(document, schema["properties"][name]) for name in required}
    return _BY_FORMAT.get(schema.get("format", "")) or _BY_TYPE[schema.get("type", "string")]
