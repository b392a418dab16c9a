"""CloudFormation templates as plain Python values: reads YAML with short tags, knows intrinsic functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML whose `!Ref x` and `!GetAtt a.b` become `{"Ref": x}` and `{"Fn::GetAtt": [a, b]}`."""


def _intrinsic(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if tag in {"Ref", "Condition"}:
        return {tag: value}
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def read(path: Path) -> Template:
    """The template or fragment in a YAML file. Raises yaml.YAMLError when it is not YAML."""
    loaded: Template = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - it derives from SafeLoader
    return loaded


def is_intrinsic(value: object) -> bool:
    """Whether a value is a call such as `{"Ref": ...}`, which merging must replace as a whole."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::", "Condition"))


def of_type(template: Template, *types: str) -> dict[str, dict[str, Any]]:
    """The resources of these types by logical id."""
    return {name: res for name, res in template["Resources"].items() if res["Type"] in types}
