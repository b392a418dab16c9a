"""The role of a packaged function, held against what the function asks of the table in process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib.platform import aws
from infra import cfn
from infra.package import ROOT

_IN_TRANSACTION = {
    "ConditionCheck": "ConditionCheckItem", "Delete": "DeleteItem", "Put": "PutItem", "Update": "UpdateItem",
}  # fmt: skip


class Denied(AssertionError):
    """What DynamoDB would answer with AccessDeniedException."""


@dataclass(frozen=True)
class Role:
    """Of the function with this logical id: the grants of `infra/grants.yaml`."""

    function: str

    @contextmanager
    def taken(self) -> Iterator[None]:
        """While this holds, a call to DynamoDB that the role does not allow raises Denied."""
        clients = (aws.dynamodb(), aws.dynamodb_in_a_call())
        for client in clients:
            client.meta.events.register("before-parameter-build.dynamodb.*", self._request)
        try:
            yield
        finally:
            for client in clients:
                client.meta.events.unregister("before-parameter-build.dynamodb.*", self._request)

    def _request(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        kinds = [next(iter(write)) for write in params.get("TransactItems", [])]
        actions = [_IN_TRANSACTION[kind] for kind in kinds] or [model.name]
        missing = {(action, params.get("IndexName", "")) for action in actions} - self._allowed()
        if missing:
            raise Denied(f"{self.function} may not {sorted(missing)}")

    def _allowed(self) -> set[tuple[str, str]]:
        """Actions on the table, each with the index that it reads or nothing."""
        read = cfn.read(ROOT / "infra" / "grants.yaml")
        rows = [row for grant in read["functions"][self.function] for row in read["grants"][grant]]
        listed = [(row["Action"] if isinstance(row["Action"], list) else [row["Action"]], row) for row in rows]
        return {
            (action.removeprefix("dynamodb:"), _index(row["Resource"]))
            for actions, row in listed
            for action in actions
            if action.startswith("dynamodb:")
        }


def _index(resource: Any) -> str:
    return json.dumps(resource).partition("/index/")[2].partition('"')[0]
