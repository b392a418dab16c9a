"""The reference page: an OpenAPI document as one HTML page without scripts, to be read and printed."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from chalicelib.platform.schemas import Json
from chalicelib.reference.samples import curl

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Page:
    """The page, and the hash by which a Content-Security-Policy allows its one style element."""

    html: str
    style_hash: str


@dataclass(frozen=True)
class Row:
    """One field or parameter. `kind` is its type in words, `ref` the schema that it names, if any."""

    name: str
    kind: str
    ref: str | None
    required: bool
    text: str
    limits: str
    place: str = ""


def page_of(document: Json) -> Page:
    """Render the document. Everything it says is escaped."""
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["prose"] = _prose
    html = environment.get_template("page.html").render(
        style=Markup(style),  # noqa: S704 - our own file
        info=document["info"],
        sections=list(_sections(document)),
        schemas=[(name, schema, _rows(schema)) for name, schema in document["components"]["schemas"].items()],
        problems=list(_problems(document)),
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Page(html, f"sha256-{digest}")


def _sections(document: Json) -> Iterator[tuple[Json, list[Json]]]:
    """Each tag with its operations, each with what the template shows of it."""
    listed = [
        (method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    for tag in document["tags"]:
        shown = [
            _shown(document, method, path, operation)
            for method, path, operation in listed
            if tag["name"] in operation["tags"]
        ]
        yield tag, shown


def _shown(document: Json, method: str, path: str, operation: Json) -> Json:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        **operation,
        "method": method.upper(),
        "path": path,
        "roles": operation.get("x-roles", ["public"]),
        "rows": [_parameter(parameter) for parameter in operation["parameters"]],
        "body": _resolved(document, body) if body else None,
        "body_rows": _rows(_resolved(document, body)) if body else [],
        "answers": [_answer(document, status, answer) for status, answer in operation["responses"].items()],
        "curl": curl(document, method, path, operation),
    }


def _answer(document: Json, status: str, answer: Json) -> Json:
    found = _resolved(document, answer)
    (media_type, content), *_ = found["content"].items()
    kind, ref = _kind(content["schema"])
    return {
        "status": status,
        "text": found["description"],
        "codes": list(found.get("x-codes", {})),
        "media_type": media_type,
        "kind": kind,
        "ref": ref,
        "headers": [name for name in found["headers"] if name != "X-Request-Id"],
    }


def _problems(document: Json) -> Iterator[Json]:
    for code, response in document["components"]["responses"].items():
        yield {
            "code": code,
            "status": response["x-status"],
            "title": response["x-codes"][code],
            "text": response["description"],
        }


def _parameter(parameter: Json) -> Row:
    kind, ref = _kind(parameter["schema"])
    return Row(
        parameter["name"], kind, ref, parameter["required"], parameter["description"], _limits(parameter["schema"]),
        parameter["in"],
    )  # fmt: skip


def _rows(schema: Json) -> list[Row]:
    required: Sequence[str] = schema.get("required", ())
    return [
        Row(name, *_kind(field), name in required, field.get("description", ""), _limits(field))
        for name, field in schema.get("properties", {}).items()
    ]


def _kind(schema: Json) -> tuple[str, str | None]:
    """The type in words, and the name of the component that it refers to."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return name, name
    if "anyOf" in schema:
        parts = [_kind(part) for part in schema["anyOf"]]
        return " or ".join(words for words, _ in parts), next((ref for _, ref in parts if ref), None)
    if schema.get("type") == "array":
        words, ref = _kind(schema.get("items", {}))
        return f"list of {words}", ref
    if "const" in schema:
        return f"“{schema['const']}”", None
    return str(schema.get("format") or schema.get("type") or "any value"), None


_LIMITS = {
    "minLength": "length from {}", "maxLength": "length to {}", "minimum": "from {}", "maximum": "to {}",
    "minItems": "items from {}", "maxItems": "items to {}", "pattern": "pattern {}",
    "default": "default {}",
}  # fmt: skip


def _limits(schema: Json) -> str:
    found = [
        words.format(part[key])
        for part in (schema, *schema.get("anyOf", ()))
        for key, words in _LIMITS.items()
        if part.get(key) is not None
    ]
    return ", ".join(dict.fromkeys(found))


def _resolved(document: Json, schema: Json) -> Json:
    """The schema or response itself where a reference stands."""
    found = schema
    while "$ref" in found:
        _, *steps = found["$ref"].split("/")
        found = document
        for step in steps:
            found = found[step]
    return found


def _prose(text: str) -> Markup:
    """Paragraphs, lists and `code` of a description."""
    blocks = []
    for block in re.split(r"\n\n+", text.strip()):
        lines = re.split(r"(?:^|\n)- ", block) if block.startswith("- ") else []
        if lines:
            items = Markup("").join(Markup("<li>{}</li>").format(_code(line)) for line in lines if line)
            blocks.append(Markup("<ul>{}</ul>").format(items))
        else:
            blocks.append(Markup("<p>{}</p>").format(_code(block)))
    return Markup("\n").join(blocks)


def _code(text: str) -> Markup:
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just before
