"""Tables on which something happens at a chosen call: the process ends, a rival comes between, an item is always busy.

The mocked table keeps no order between threads, so what a rival may do is played out call by call instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.platform.dynamo import Contended, Table, Write


class Crash(BaseException):
    """The process ends here."""


class Fragile(Table):
    """Its process ends at the n-th call, before or after the call was done."""

    def __init__(self, table: Table, calls: int, *, after: bool) -> None:
        super().__init__(table.client, table.name)
        vars(self).update(left=calls, after=after)

    left: int
    after: bool

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        vars(self)["left"] -= 1
        if self.left == 0 and not self.after:
            raise Crash
        answer = super()._call(operation, **request)
        if self.left == 0:
            raise Crash
        return answer


class Lagging(Table):
    """Its replicas have not heard of what was put through it: only consistent reads find that."""

    def __init__(self, table: Table) -> None:
        super().__init__(table.client, table.name)
        vars(self).update(unheard=[])

    unheard: list[Any]

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        if operation == "get_item" and not request["ConsistentRead"] and request["Key"] in self.unheard:
            return {}
        puts = [request] if operation == "put_item" else [each.get("Put") for each in request.get("TransactItems", ())]
        self.unheard.extend({name: put["Item"][name] for name in ("pk", "sk")} for put in puts if put)
        return super()._call(operation, **request)


class Between(Table):
    """Just before the n-th call a rival does all of its own work."""

    def __init__(self, table: Table, calls: int, rival: Callable[[], object]) -> None:
        super().__init__(table.client, table.name)
        vars(self).update(left=calls, rival=rival)

    left: int
    rival: Callable[[], object]

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        vars(self)["left"] -= 1
        if self.left == 0:
            self.rival()
        return super()._call(operation, **request)


class Crowded(Table):
    """Someone else is changing one of the items during the first so many transactions."""

    def __init__(self, table: Table, times: int) -> None:
        super().__init__(table.client, table.name)
        vars(self).update(times=times)

    times: int

    def transact(self, writes: Sequence[Write]) -> None:
        if self.times:
            vars(self)["times"] -= 1
            raise Contended("someone else is changing it")
        super().transact(writes)
