"""Reading templates in tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.cfn import Template, of_type


def properties(template: Template, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Logical id and properties of every resource of a type, of which there must be one."""
    found = [(name, resource["Properties"]) for name, resource in of_type(template, kind).items()]
    assert found, f"no {kind}"
    return found


def imports(value: object) -> Iterator[str]:
    """Names of the data stack's outputs that a template imports."""
    if isinstance(value, dict):
        if "Fn::ImportValue" in value:
            yield value["Fn::ImportValue"]["Fn::Sub"].removeprefix("${DataStack}-")
        for inner in value.values():
            yield from imports(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from imports(inner)
