"""The one table. One method, one round trip; SDK errors become ours here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder, Key
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.codec import Item, decode, encode
from chalicelib.platform.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

__all__ = [
    "ABSENT", "Attr", "Change", "Check", "ConditionBase", "ConditionFailed", "Delete", "Key", "Page", "Put", "Table",
    "Update", "Write", "change_of",
]  # fmt: skip

ABSENT = Attr("pk").not_exists()
"""The condition of a first write."""
_RETRYABLE = frozenset(
    {
        "InternalServerError", "LimitExceededException", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
        "ServiceUnavailable", "ThrottlingException", "TransactionInProgressException",
    }
)  # fmt: skip


class ConditionFailed(Exception):
    """A condition did not hold. `index` is the position of the first write that failed, `item` what stands there, if asked for."""

    def __init__(self, index: int = 0, item: Item | None = None) -> None:
        super().__init__(f"condition of write {index} did not hold")
        self.index = index
        self.item = item


@dataclass(frozen=True)
class Put:
    item: Item
    condition: ConditionBase | None = None


@dataclass(frozen=True)
class Update:
    """Change attributes in place: `set` assigns, `add` adds integers (absent counts as 0), `remove` deletes attributes."""

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


@dataclass(frozen=True)
class Page:
    """Items of one query, and the key to go on from, or None at the end."""

    items: list[Item]
    next_key: Item | None


@dataclass(frozen=True)
class Change:
    """One change of the table's stream; `old` is None for an insert, `new` for a removal."""

    old: Item | None
    new: Item | None


@dataclass(frozen=True)
class Table:
    client: DynamoDBClient
    name: str

    def get(self, pk: str, sk: str, *, consistent: bool = False) -> Item | None:
        """One item, or None. Costs 0.5 read units for each started 4 KB, 1 when consistent."""
        found = self._call("get_item", Key=encode({"pk": pk, "sk": sk}), ConsistentRead=consistent).get("Item")
        return decode(found) if found else None

    def write(self, write: Write) -> None:
        """One conditional write. Raises ConditionFailed, with the standing item of a refused Put."""
        operation, request = _request(write, self.name)
        if operation == "Check":
            raise TypeError("a Check alone writes nothing; it belongs in a transaction")
        call = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}[operation]
        self._call(call, **request, ReturnValuesOnConditionCheckFailure="ALL_OLD")

    def update(self, update: Update) -> Item:
        """Like write, and returns the item as it is afterwards."""
        _, request = _request(update, self.name)
        answer = self._call(
            "update_item", **request, ReturnValues="ALL_NEW", ReturnValuesOnConditionCheckFailure="ALL_OLD"
        )
        return decode(answer["Attributes"])

    def transact(self, writes: Sequence[Write]) -> None:
        """All or none, at most 100. Each item costs twice its write units. Raises ConditionFailed with the first failed index."""
        requests = []
        for write in writes:
            operation, request = _request(write, self.name)
            name = "ConditionCheck" if operation == "Check" else operation
            requests.append({name: {**request, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}})
        self._call("transact_write_items", TransactItems=requests)

    def query(
        self,
        key: ConditionBase,
        *,
        index: Literal["gs1", "gs2"] | None = None,
        limit: int = 100,
        forward: bool = True,
        start: Item | None = None,
        consistent: bool = False,
    ) -> Page:
        """One page of one partition in key order. At most `limit` items or 1 MB."""
        built = ConditionExpressionBuilder().build_expression(key, is_key_condition=True)
        request: dict[str, Any] = {
            "KeyConditionExpression": built.condition_expression,
            "ExpressionAttributeNames": built.attribute_name_placeholders,
            "ExpressionAttributeValues": encode(built.attribute_value_placeholders),
            "ScanIndexForward": forward,
            "Limit": limit,
            "ConsistentRead": consistent,
        }
        if index:
            request["IndexName"] = index
        if start:
            request["ExclusiveStartKey"] = encode(start)
        answer = self._call("query", **request)
        last = answer.get("LastEvaluatedKey")
        return Page([decode(item) for item in answer["Items"]], decode(last) if last else None)

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        if operation != "transact_write_items":
            request["TableName"] = self.name
        try:
            answer: dict[str, Any] = getattr(self.client, operation)(**request)
            return answer
        except ClientError as error:
            raise _ours(error) from error
        except BotoCoreError as error:
            raise Unavailable("The desk's store does not answer; try again.") from error


def _ours(error: ClientError) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    answer: dict[str, Any] = dict(error.response)
    if code == "ConditionalCheckFailedException":
        standing = answer.get("Item")
        return ConditionFailed(0, decode(standing) if standing else None)
    if code == "TransactionCanceledException":
        reasons = answer.get("CancellationReasons", [])
        for index, reason in enumerate(reasons):
            if reason.get("Code") == "ConditionalCheckFailed":
                return ConditionFailed(index, decode(reason["Item"]) if reason.get("Item") else None)
        conflict = any(reason.get("Code") == "TransactionConflict" for reason in reasons)
        return Unavailable("Someone else is changing this just now; try again.", retry_after=1) if conflict else error
    return Unavailable("The desk's store is busy; try again.") if code in _RETRYABLE else error


def _request(write: Write, table: str) -> tuple[str, dict[str, Any]]:
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
    return type(write).__name__, request


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


def change_of(record: dict[str, Any]) -> Change:
    """A DynamoDB stream record as a Change."""
    images = record["dynamodb"]
    old, new = images.get("OldImage"), images.get("NewImage")
    return Change(decode(old) if old else None, decode(new) if new else None)
