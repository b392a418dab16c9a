"""The contract: a valid OpenAPI 3.1 document that describes everything, and equals the one that is committed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.platform.http import Empty, Raw
from chalicelib.platform.operation import Operation
from chalicelib.reference.samples import example
from chalicelib.wiring import apis
from infra.openapi import SNAPSHOT, contract_text

CONTRACT: dict[str, Any] = json.loads(contract_text())
OPERATIONS = [operation for api in apis() for operation in api.operations]
UNITS = {"_minor": "minor unit", "_at": '"date-time"', "_on": '"date"', "_s": "econds", "_bp": "asis points"}


def specs() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in CONTRACT["paths"].items():
        for method, spec in operations.items():
            yield f"{method.upper()} {path}", spec


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for model, schema in CONTRACT["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            yield model, name, field


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(CONTRACT).iter_errors()] == []


def test_the_committed_contract_is_the_one_served() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == contract_text(), "the contract changed: run `make openapi`"


def test_every_operation_is_described_with_its_errors() -> None:
    for name, spec in specs():
        assert len(spec["summary"]) > 5, name
        assert len(spec["description"]) > 20, f"{name}: give the handler a docstring"
        assert {"500", "503"} <= spec["responses"].keys(), name
        if spec["security"]:
            assert {"401", "403"} <= spec["responses"].keys(), name
            assert spec["x-roles"], f"{name}: no role may call it"
        for parameter in spec["parameters"]:
            assert parameter["description"], f"{name}: {parameter['name']} (chalicelib/reference/about.py)"


def test_every_field_is_described() -> None:
    bare = [
        f"{model}.{name}"
        for model, name, field in fields()
        if not re.search(r'"(description|\$ref)"', json.dumps(field))
    ]
    assert bare == [], "describe them where they are declared, or by name in chalicelib/reference/about.py"


def test_every_amount_instant_and_duration_says_its_unit() -> None:
    for model, name, field in fields():
        for ending, unit in UNITS.items():
            if name.endswith(ending):
                assert unit in json.dumps(field), f"{model}.{name}"


def test_every_model_that_is_referred_to_says_what_it_is() -> None:
    bare = [name for name, schema in CONTRACT["components"]["schemas"].items() if not schema.get("description")]
    assert bare == [], "give each a docstring"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_declared_answer_is_the_one_that_the_handler_gives(operation: Operation) -> None:
    annotated = get_type_hints(operation.handler)["return"]
    if operation.returns is None:
        assert annotated is Raw
    else:
        assert get_args(annotated) == (operation.returns,)


@pytest.mark.parametrize(
    "operation", [found for found in OPERATIONS if found.body is not Empty], ids=lambda operation: operation.name
)
def test_the_example_on_the_reference_page_is_one_that_the_desk_would_take(operation: Operation) -> None:
    spec = CONTRACT["paths"][operation.path][operation.method.lower()]
    sample = example(CONTRACT, spec["requestBody"]["content"]["application/json"]["schema"])
    assert operation.body.model_validate_json(json.dumps(sample), strict=True)


def test_every_customer_operation_on_an_account_names_the_account() -> None:
    """What a customer may call is bounded by `account_id` in the path, or by a check of the domain that says so."""
    open_to_customers = [name for name, spec in specs() if "customer" in spec.get("x-roles", ())]
    unbounded = [name for name in open_to_customers if "{account_id}" not in name and not re.search(r"{\w+_id}", name)]
    same_for_all = ("/v1/guides", "/v1/guides/{slug}", "/v1/offers", "/v1/offers/{code}")
    assert unbounded == [name for name in unbounded if name.endswith(("/v1/cases", *same_for_all))]
