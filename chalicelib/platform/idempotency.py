"""Answers kept by Idempotency-Key: a repeat gets the first answer, the same key with another body is refused.

The claim is one conditional put and the answer one update, both on the one table; the keys are spread over partitions,
which a layer keyed by one static partition does not do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Delete, Put, Table, Update
from chalicelib.platform.errors import Conflict

KEEP = timedelta(days=7)
LOCK = timedelta(seconds=35)
"""Longer than API Gateway waits for a Lambda (29 s): a claim that is older and has no answer is a crash's, and free."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as it was first given."""

    status: int
    body: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Answers:
    """Claims and kept answers. `scope` names caller and operation, so that keys of two callers never meet."""

    table: Table
    clock: Clock

    def claim(self, scope: str, key: str, fingerprint: str) -> Answer | None:
        """Take the key for this request, or return the answer it already has. One write unit.

        Raises Conflict when the key was used with another body, or when its first request is still under way.
        """
        now = self.clock()
        item = {
            "pk": _pk(scope, key), "sk": "#", "kind": "idempotency", "fingerprint": fingerprint,
            "locked_until": _epoch(now + LOCK), "expires_at": _epoch(now + KEEP),
        }  # fmt: skip
        free = ABSENT | (
            Attr("status").not_exists() & Attr("locked_until").lt(_epoch(now)) & Attr("fingerprint").eq(fingerprint)
        )
        try:
            self.table.write(Put(item, free))
        except ConditionFailed as standing:
            return _replay(standing.item or {}, fingerprint)
        return None

    def keep(self, scope: str, key: str, answer: Answer) -> None:
        """Store the answer of a claimed key. One write unit for each started KB."""
        kept = {"status": answer.status, "answer_body": answer.body, "answer_headers": dict(answer.headers)}
        self.table.write(Update(_pk(scope, key), "#", set=kept))

    def release(self, scope: str, key: str) -> None:
        """Forget a claim whose request failed on our side, so that it may be sent again."""
        self.table.write(Delete(_pk(scope, key), "#"))


def _replay(item: dict[str, object], fingerprint: str) -> Answer:
    if item.get("fingerprint") != fingerprint:
        raise Conflict("This Idempotency-Key was used with another request body.", reason="key_reused")
    if "status" not in item:
        raise Conflict("The first request with this Idempotency-Key is still under way.", reason="in_progress")
    return Answer(int(str(item["status"])), str(item["answer_body"]), dict(item["answer_headers"]))  # type: ignore[call-overload]


def _pk(scope: str, key: str) -> str:
    return "Y#" + hashlib.sha256(f"{scope}\0{key}".encode()).hexdigest()


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
