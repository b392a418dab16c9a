"""Plain Python items to DynamoDB's attribute values and back.

Integers stay integers: boto3's own codec yields Decimal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Item = dict[str, Any]
"""A plain item: str, int, bool, bytes, list and dict; None is left out."""


def encode(item: Item) -> dict[str, Any]:
    """An item as attribute values, without those that are None. Raises TypeError for a float or any other type."""
    return {name: _encode(value) for name, value in item.items() if value is not None}


def _encode(value: Any) -> dict[str, Any]:  # noqa: PLR0911 - one line a type
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case dict():
            return {"M": encode(value)}
        case list() | tuple():
            return {"L": [_encode(part) for part in value]}
        case None:
            return {"NULL": True}
    raise TypeError(f"{type(value).__name__} cannot be stored; money and durations are integers")


def decode(attributes: dict[str, Any]) -> Item:
    """Attribute values as a plain item."""
    return {name: _decode(value) for name, value in attributes.items()}


def _decode(value: dict[str, Any]) -> Any:
    (tag, inner), *_ = value.items()
    match tag:
        case "N":
            return int(inner)
        case "M":
            return decode(inner)
        case "L":
            return [_decode(part) for part in inner]
        case "NULL":
            return None
    return inner


@dataclass(frozen=True)
class Change:
    """One change of the table's stream; `old` is None for an insert, `new` for a removal."""

    old: Item | None
    new: Item | None


def change_of(record: dict[str, Any]) -> Change:
    """A DynamoDB stream record as a Change."""
    images = record["dynamodb"]
    old, new = images.get("OldImage"), images.get("NewImage")
    return Change(decode(old) if old else None, decode(new) if new else None)
