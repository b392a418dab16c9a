"""JSON Schemas of the models that operations take and give, with every field described."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_origin, get_type_hints

from pydantic import BaseModel, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core.core_schema import CoreSchema, DataclassField, ModelField, TypedDictField

from chalicelib.platform.http import Empty, Items, Listing
from chalicelib.platform.operation import Operation
from chalicelib.platform.problem import Problem

Json = dict[str, Any]
Words = Mapping[str, str]
"""What a field means, by its name or by its last part: `account_id`, or `*_at` for every name that ends so."""


class _Generator(GenerateJsonSchema):
    """Every field of an answer is there, default or not; titles that only repeat a name are left out."""

    def field_is_required(self, field: ModelField | DataclassField | TypedDictField, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)

    def field_title_should_be_set(self, schema: CoreSchema | Any) -> bool:  # noqa: ARG002
        return False


def gives_page(operation: Operation) -> bool:
    """Whether the handler returns Items, by its annotation."""
    return get_origin(get_type_hints(operation.handler).get("return")) is Items


def output_model(operation: Operation) -> type[BaseModel] | None:
    """The model of the whole answer: the view, or the page of it."""
    if operation.returns is None or not gives_page(operation):
        return operation.returns
    return _page_of(operation.returns)


@cache
def _page_of(view: type[BaseModel]) -> type[BaseModel]:
    base: type[BaseModel] = Listing[view]  # type: ignore[valid-type]
    return create_model(f"{view.__name__}Page", __base__=base, __doc__=Listing.__doc__)


class Schemas:
    """The components of one document and the references to them."""

    def __init__(self, operations: Sequence[Operation], words: Words) -> None:
        asked: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
        for operation in operations:
            taken = [model for model in (operation.body, operation.query) if model is not Empty]
            asked |= dict.fromkeys((model, "validation") for model in taken)
            if given := output_model(operation):
                asked[given, "serialization"] = None
        refs, found = models_json_schema(
            list(asked), ref_template="#/components/schemas/{model}", schema_generator=_Generator
        )
        self._refs = refs
        self._words = words
        self.components: Json = {name: _described(schema, words) for name, schema in found.get("$defs", {}).items()}
        queries = {operation.query for operation in operations} - {Empty}
        self._queries = {query: self.components.pop(self._name(query)) for query in queries}

    def _name(self, model: type[BaseModel]) -> str:
        return str(self._refs[model, "validation"]["$ref"]).rsplit("/", 1)[-1]

    def taken(self, model: type[BaseModel]) -> Json:
        """Reference to a request body."""
        return dict(self._refs[model, "validation"])

    def given(self, model: type[BaseModel]) -> Json:
        """Reference to an answer."""
        return dict(self._refs[model, "serialization"])

    def parameters(self, operation: Operation) -> list[Json]:
        """Path and query parameters."""
        limits = {"type": "string", "maxLength": 128}
        found = [
            {"name": name, "in": "path", "required": True, "description": self._words.get(name, ""), "schema": limits}
            for name in operation.path_names
        ]
        query = self._queries.get(operation.query, {})
        for name, schema in query.get("properties", {}).items():
            plain = _not_null(schema)
            text = plain.pop("description", "")
            required = name in query.get("required", [])
            found.append({"name": name, "in": "query", "required": required, "description": text, "schema": plain})
        return found


def unwrapped(text: str) -> str:
    """A docstring without the line breaks inside its paragraphs."""
    return re.sub(r"(?<!\n)\n(?![\n-])", " ", inspect.cleandoc(text))


def _described(schema: Json, words: Words) -> Json:
    if "description" in schema:
        schema["description"] = unwrapped(schema["description"])
    for name, field in schema.get("properties", {}).items():
        said = field.get("description") or next((p["description"] for p in _parts(field) if "description" in p), None)
        said = said or words.get(name) or words.get("*_" + name.rsplit("_", 1)[-1])
        if said:
            field["description"] = said
        for part in _parts(field):
            part.pop("description", None)
    return schema


def _parts(field: Json) -> list[Json]:
    return [part for part in field.get("anyOf", []) if isinstance(part, dict)]


def _not_null(schema: Json) -> Json:
    """A query parameter's schema: what is not sent is absent, so null is no value of it."""
    plain = {key: value for key, value in schema.items() if key != "anyOf" and (key, value) != ("default", None)}
    parts = [part for part in _parts(schema) if part != {"type": "null"}]
    return {**plain, **parts[0]} if len(parts) == 1 else {**plain, **({"anyOf": parts} if parts else {})}
