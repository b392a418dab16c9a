"""Reads `a[b][0]=v` forms into nested mappings; knows nothing of what the names mean."""

import re
from urllib.parse import parse_qsl

from infra.local.stripe.errors import InvalidRequest, NotFormEncoded

Tree = dict[str, "Tree | str"]

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_MAX_DEPTH = 12


def decode(text: str) -> Tree:
    """The form as a tree; a list is a mapping from its indexes. InvalidRequest when names contradict each other."""
    tree: Tree = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    except ValueError as problem:
        raise NotFormEncoded("The request is not a form encoded in UTF-8.") from problem
    for name, value in pairs:
        _place(tree, name, value)
    return tree


def _place(tree: Tree, name: str, value: str) -> None:
    parts = _parts(name)
    node = tree
    for part in parts[:-1]:
        child = node.setdefault(_index(node, part), {})
        if isinstance(child, str):
            raise InvalidRequest(f"Invalid hash: {name}", param=name)
        node = child
    last = _index(node, parts[-1])
    if last in node:
        raise InvalidRequest(f"The parameter {name} is given more than once.", param=name)
    node[last] = value


def _parts(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    if not match:
        raise InvalidRequest(f"Invalid parameter name: {name}", param=name)
    parts = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(parts) > _MAX_DEPTH:
        raise InvalidRequest(f"The parameter {name} is nested too deeply.", param=name)
    return parts


def _index(node: Tree, part: str) -> str:
    return part or str(len(node))
