"""The one table. One method, one round trip; SDK errors become ours here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder, Key
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.codec import Change, Item, change_of, decode, encode
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.writes import ABSENT, Check, Delete, Put, Update, Write, request_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

__all__ = [
    "ABSENT", "Attr", "Change", "Check", "ConditionBase", "ConditionFailed", "Contended", "Delete", "Key", "Page",
    "Put", "Table", "Update", "Write", "change_of",
]  # fmt: skip

_BUSY = frozenset(
    {
        "InternalServerError", "LimitExceededException", "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException", "ReplicatedWriteConflictException", "RequestLimitExceeded",
        "ServiceUnavailable", "ThrottlingError", "ThrottlingException", "TransactionInProgressException",
    }
)  # fmt: skip
BATCH: Final = 100
"""Items that one batch may ask for."""
BATCH_TRIES: Final = 8
_MANY_TABLES: Final = frozenset({"batch_get_item", "transact_write_items"})
"""Operations that name the table with each item."""
_CONTENDED = frozenset({"TransactionConflict", "TransactionConflictException"})


class ConditionFailed(Exception):
    """A condition did not hold. `index` is the position of the first write that failed, `item` what stands there."""

    def __init__(self, index: int = 0, item: Item | None = None) -> None:
        super().__init__(f"condition of write {index} did not hold")
        self.index = index
        self.item = item


class Contended(Unavailable):
    """Another transaction touches one of the items just now; the same may hold no more a moment later."""


@dataclass(frozen=True)
class Page:
    """Items of one query, and the key to go on from, or None at the end."""

    items: list[Item]
    next_key: Item | None


@dataclass(frozen=True)
class Table:
    """The table by name, through one client."""

    client: DynamoDBClient
    name: str

    def get(self, pk: str, sk: str, *, consistent: bool = False) -> Item | None:
        """One item, or None. Costs 0.5 read units for each started 4 KB, 1 when consistent."""
        found = self._call("get_item", Key=encode({"pk": pk, "sk": sk}), ConsistentRead=consistent).get("Item")
        return decode(found) if found else None

    def get_many(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        """Those of these items that there are, by key; in no order, and not as of one moment.

        One round trip for each hundred, more while the table is busy; each costs what it costs with `get`.
        """
        wanted, found = list(dict.fromkeys(keys)), dict[tuple[str, str], Item]()
        for first in range(0, len(wanted), BATCH):
            left = [encode({"pk": pk, "sk": sk}) for pk, sk in wanted[first : first + BATCH]]
            for _ in range(BATCH_TRIES):
                answer = self._call("batch_get_item", RequestItems={self.name: {"Keys": left}})
                items = map(decode, answer["Responses"].get(self.name, []))
                found |= {(item["pk"], item["sk"]): item for item in items}
                left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
                if not left:
                    break
            else:
                raise Unavailable("The desk's store is busy; try again.")
        return found

    def write(self, write: Put | Update | Delete) -> None:
        """One conditional write. Raises ConditionFailed, with the item that stands there."""
        call = {Put: "put_item", Update: "update_item", Delete: "delete_item"}[type(write)]
        self._call(call, **request_of(write, self.name), ReturnValuesOnConditionCheckFailure="ALL_OLD")

    def update(self, update: Update) -> Item:
        """Like write, and returns the item as it is afterwards."""
        answer = self._call(
            "update_item",
            **request_of(update, self.name),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return decode(answer["Attributes"])

    def transact(self, writes: Sequence[Write]) -> None:
        """All or none, at most 100 writes. Each item costs twice its write units.

        Raises ConditionFailed with the first failed index, Contended when another write touches an item just now.
        """
        requests = [
            {
                "ConditionCheck" if isinstance(write, Check) else type(write).__name__: {
                    **request_of(write, self.name),
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                }
            }
            for write in writes
        ]
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
        if operation not in _MANY_TABLES:
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
        return ConditionFailed(0, _standing(answer))
    reasons = answer.get("CancellationReasons", [])
    for index, reason in enumerate(reasons):
        if reason.get("Code") == "ConditionalCheckFailed":
            return ConditionFailed(index, _standing(reason))
    codes = {code, *(reason.get("Code") for reason in reasons)}
    if codes & _CONTENDED:
        return Contended("Someone else is changing this just now; try again.", retry_after=1)
    if codes & _BUSY or answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return Unavailable("The desk's store is busy; try again.")
    return error


def _standing(failed: dict[str, Any]) -> Item | None:
    return decode(failed["Item"]) if failed.get("Item") else None
