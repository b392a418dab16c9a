"""The one table in memory: the same conditions and transactions, fast enough for thousands of histories, and threads.

`test_memory_table.py` plays random calls on it and on the mocked DynamoDB and compares. Reads are always consistent and
transactions serial; `step` is called before and after each call, so that a process can end there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from typing import Any, TypeVar

from boto3.dynamodb.conditions import AttributeBase, ConditionBase

from chalicelib.platform.codec import Item, decode, encode
from chalicelib.platform.dynamo import ConditionFailed, Delete, Page, Put, Table, Update, Write

Step = Callable[[str], None]
Items = dict[str, dict[str, Item]]
"""By partition key, then by sort key."""
T = TypeVar("T")


def _nothing(_: str) -> None:
    pass


class MemoryTable(Table):
    """A Table without a client. Views made by `seen` share the items and their lock."""

    def __init__(self, items: Items | None = None, lock: Any = None, step: Step = _nothing) -> None:
        super().__init__(None, "memory")  # type: ignore[arg-type]
        vars(self).update(items={} if items is None else items, lock=lock or threading.RLock(), step=step)

    items: Items
    lock: Any
    step: Step

    def seen(self, step: Step) -> MemoryTable:
        """The same table, where `step("before get")`, `step("after transact")` and so on are called."""
        return MemoryTable(self.items, self.lock, step)

    def get(self, pk: str, sk: str, *, consistent: bool = False) -> Item | None:
        return self._done("get", lambda: deepcopy(self._at((pk, sk))))

    def get_many(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        wanted = list(keys)
        return self._done("get_many", lambda: {key: deepcopy(item) for key in wanted if (item := self._at(key))})

    def write(self, write: Put | Update | Delete) -> None:
        self._done("write", lambda: self._all([write]))

    def update(self, update: Update) -> Item:
        def change() -> Item:
            self._all([update])
            return deepcopy(self.items[update.pk][update.sk])

        return self._done("update", change)

    def transact(self, writes: Sequence[Write]) -> None:
        self._done("transact", lambda: self._all(writes))

    def query(
        self,
        key: ConditionBase,
        *,
        index: str | None = None,
        limit: int = 100,
        forward: bool = True,
        start: Item | None = None,
        consistent: bool = False,
    ) -> Page:
        names = (f"{index}pk", f"{index}sk") if index else ("pk", "sk")

        def page() -> Page:
            parts = self.items.values() if index else [self.items.get(_partition(key), {})]
            found = [item for part in parts for item in part.values() if names[0] in item and _holds(key, item)]
            found.sort(key=lambda item: (item[names[1]], item["pk"], item["sk"]), reverse=not forward)
            if start:
                place = next(i for i, item in enumerate(found) if _key(item, names) == start)
                found = found[place + 1 :]
            more = len(found) > limit
            taken = deepcopy(found[:limit])
            return Page(taken, _key(taken[-1], names) if more else None)

        return self._done("query", page)

    def _done(self, name: str, call: Callable[[], T]) -> T:
        self.step(f"before {name}")
        with self.lock:
            answer = call()
        self.step(f"after {name}")
        return answer

    def _all(self, writes: Sequence[Write]) -> None:
        for index, write in enumerate(writes):
            standing = self._at(_place(write))
            if write.condition is not None and not _holds(write.condition, standing or {}):
                raise ConditionFailed(index, deepcopy(standing))
        for write in writes:
            self._one(write)

    def _at(self, place: tuple[str, str]) -> Item | None:
        return self.items.get(place[0], {}).get(place[1])

    def _one(self, write: Write) -> None:
        pk, sk = _place(write)
        part = self.items.setdefault(pk, {})
        if isinstance(write, Put):
            part[sk] = decode(encode(write.item))
        elif isinstance(write, Delete):
            part.pop(sk, None)
        elif isinstance(write, Update):
            item = part.setdefault(sk, {"pk": pk, "sk": sk})
            item.update(decode(encode(write.set)))
            for name, amount in write.add.items():
                item[name] = item.get(name, 0) + amount
            for name in (*(name for name, value in write.set.items() if value is None), *write.remove):
                item.pop(name, None)


def _place(write: Write) -> tuple[str, str]:
    return (write.item["pk"], write.item["sk"]) if isinstance(write, Put) else (write.pk, write.sk)


def _partition(key: ConditionBase) -> str:
    told = key.get_expression()
    return _partition(told["values"][0]) if told["operator"] == "AND" else str(told["values"][1])


def _key(item: Item, names: tuple[str, str]) -> Item:
    return {name: item[name] for name in dict.fromkeys(("pk", "sk", *names))}


_MISSING = object()
_COMPARED: dict[str, Callable[..., bool]] = {
    "BETWEEN": lambda one, low, high: bool(low <= one <= high),
    "=": lambda one, other: bool(one == other),
    "<>": lambda one, other: bool(one != other),
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
    "begins_with": lambda one, other: str(one).startswith(other),
}


def _holds(condition: ConditionBase, item: Item) -> bool:
    """Whether the item satisfies a condition of boto3's builder; comparing what is not there is false."""
    told = condition.get_expression()
    operator, values = told["operator"], told["values"]
    if operator in ("AND", "OR", "NOT"):
        held = [_holds(part, item) for part in values]
        return {"AND": all(held), "OR": any(held), "NOT": not held[0]}[operator]
    name = values[0].name if isinstance(values[0], AttributeBase) else values[0]
    found = item.get(name, _MISSING)
    if operator in ("attribute_exists", "attribute_not_exists"):
        return (found is not _MISSING) == (operator == "attribute_exists")
    return operator == "<>" if found is _MISSING else _COMPARED[operator](found, *values[1:])
