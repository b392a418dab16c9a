"""A card number in every text that any operation of the contract takes: the table never holds it, and no refusal
repeats it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import boto3

from chalicelib.reference.samples import example
from tests.harness import TABLE, HttpDesk
from tests.house.test_fuzz import CALLS, CONTRACT, KNOWN, furnished

__all__ = ["furnished"]  # the fixture
CARD = "4242 4242 4242 4242"
_BOUND = frozenset({"enum", "const", "format", "pattern"})
Json = dict[str, Any]


def _planted(schema: Json) -> Any:
    """An example in which every free text, optional fields too, holds the number; and a field that is not known."""
    if "$ref" in schema:
        return _planted(CONTRACT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    if schema.get("anyOf"):
        return _planted(schema["anyOf"][0])
    if schema.get("type") == "array":
        return [_planted(schema.get("items", {}))]
    if "properties" in schema:
        return {name: _planted(field) for name, field in schema["properties"].items()}
    if schema.get("type") == "object":
        return {CARD: f"card {CARD}"}
    free = schema.get("type") == "string" and not _BOUND & schema.keys()
    return f"card {CARD}"[-schema.get("maxLength", 99) :] if free else example(CONTRACT, schema)


def _bodies(spec: Json) -> list[Any]:
    """The example with each of its fields planted in turn, and with a field that is not known."""
    if "requestBody" not in spec:
        return [None]
    schema = spec["requestBody"]["content"]["application/json"]["schema"]
    base, planted = example(CONTRACT, schema), _planted(schema)
    changed = [{**base, name: value} for name, value in planted.items() if CARD in json.dumps(value)]
    return [planted, {**base, CARD: CARD}, *changed]


def test_no_operation_keeps_or_repeats_a_card_number(furnished: HttpDesk) -> None:
    repeated, taken = [], 0
    for method, path in CALLS:
        spec = CONTRACT["paths"][path][method.lower()]
        known = re.sub(r"{(\w+)}", lambda name: KNOWN.get(name[1], "x_1"), path)
        planted = re.sub(r"{(\w+)}", quote(CARD), path)
        for n, (url, body) in enumerate([(url, body) for url in {known, planted} for body in _bodies(spec)]):
            headers = {"Idempotency-Key": f"k{n}", "If-Match": '"1"'}
            answer = furnished.call(method, url, body, role="admin", headers=headers)
            assert answer.status < 500, f"{method} {url}: {answer.text}"
            taken += answer.status < 300 and body is not None
            repeated += [f"{method} {url}"] * ("4242 4242" in answer.text or "4242%204242" in answer.text)
    assert repeated == []
    assert taken > 10
    assert "4242 4242" not in json.dumps(boto3.client("dynamodb").scan(TableName=TABLE)["Items"])
