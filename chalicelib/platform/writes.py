"""Writes to the one table as values, and the DynamoDB request that each becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder

from chalicelib.platform.codec import Item, encode

ABSENT = Attr("pk").not_exists()
"""The condition of a first write."""


@dataclass(frozen=True)
class Put:
    item: Item
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Update:
    """Change attributes in place: `set` assigns, `add` adds integers (absent counts as 0), `remove` deletes attributes.

    Setting an attribute to None deletes it too, as a Put leaves it out.
    """

    pk: str
    sk: str
    set: Item = field(default_factory=dict)
    add: dict[str, int] = field(default_factory=dict)
    remove: Sequence[str] = ()
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Delete:
    pk: str
    sk: str
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Check:
    """No write; the transaction only goes through when the condition holds."""

    pk: str
    sk: str
    condition: ConditionBase


Write = Put | Update | Delete | Check


def request_of(write: Write, table: str) -> dict[str, Any]:
    """The parameters of the call, or of the entry in a transaction, that makes this write."""
    names: dict[str, str] = {}
    values: Item = {}
    request: dict[str, Any] = {"TableName": table}
    if write.condition is not None:
        built = ConditionExpressionBuilder().build_expression(write.condition)
        request["ConditionExpression"] = built.condition_expression
        names |= built.attribute_name_placeholders
        values |= built.attribute_value_placeholders
    if isinstance(write, Put):
        request["Item"] = encode(write.item)
    else:
        request["Key"] = encode({"pk": write.pk, "sk": write.sk})
    if isinstance(write, Update):
        request["UpdateExpression"] = _update_expression(write, names, values)
    if names:
        request["ExpressionAttributeNames"] = names
    if values:
        request["ExpressionAttributeValues"] = encode(values)
    return request


def _update_expression(update: Update, names: dict[str, str], values: Item) -> str:
    def placed(prefix: str, pairs: Item) -> list[str]:
        glue = " = " if prefix == "s" else " "
        for i, (name, value) in enumerate(pairs.items()):
            names[f"#{prefix}{i}"] = name
            values[f":{prefix}{i}"] = value
        return [f"#{prefix}{i}{glue}:{prefix}{i}" for i in range(len(pairs))]

    gone = [name for name, value in update.set.items() if value is None] + list(update.remove)
    names |= {f"#r{i}": name for i, name in enumerate(gone)}
    clauses = {
        "SET": placed("s", {name: value for name, value in update.set.items() if value is not None}),
        "ADD": placed("a", dict(update.add)),
        "REMOVE": [f"#r{i}" for i in range(len(gone))],
    }
    return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)
