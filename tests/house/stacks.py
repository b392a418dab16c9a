"""Reading templates in tests."""

from __future__ import annotations

from typing import Any

from infra.cfn import Template, of_type


def properties(template: Template, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Logical id and properties of every resource of a type, of which there must be one."""
    found = [(name, resource["Properties"]) for name, resource in of_type(template, kind).items()]
    assert found, f"no {kind}"
    return found
