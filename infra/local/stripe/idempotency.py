"""Idempotency keys as Stripe keeps them: the first answer is given again for a day, and one request runs at a time."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from infra.local.stripe.errors import KeyInUse, KeyReused
from infra.local.stripe.store import Store
from infra.local.stripe.values import Clock, Json

_KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Answer:
    """A status and body, the request that first got it, and whether this is a repeat."""

    status: int
    body: Json
    request_id: str
    replayed: bool = False


@dataclass(frozen=True)
class IdempotencyKeys:
    """The keys in use and the answers kept for them."""

    store: Store
    clock: Clock
    _in_flight: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Use the key for one request; KeyInUse while another request uses it."""
        with self._lock:
            if key in self._in_flight:
                raise KeyInUse(
                    "There is currently another in-progress request using this Idempotent Key (that probably "
                    "means you submitted twice, and the other request is still going through): "
                    f"{key}. Please try again later.",
                    code="idempotency_key_in_use",
                )
            self._in_flight.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight.discard(key)

    def answered(self, key: str, operation: str, params: object) -> Answer | None:
        """The first answer to this key; None for a new key; KeyReused when the request is not the same."""
        self.store.run("DELETE FROM answers WHERE created_at < ?", self.clock() - _KEPT_SECONDS)
        for row in self.store.run("SELECT * FROM answers WHERE key = ?", key):
            if row["operation"] != operation:
                raise KeyReused(
                    "Keys for idempotent requests can only be used for the same endpoint they were first used "
                    f"for ('{row['operation']}' vs '{operation}'). Try using a key other than '{key}' if you "
                    "meant to execute a different request."
                )
            if row["fingerprint"] != _fingerprint(params):
                raise KeyReused(
                    "Keys for idempotent requests can only be used with the same parameters they were first "
                    f"used with. Try using a key other than '{key}' if you meant to execute a different "
                    "request."
                )
            return Answer(row["status"], json.loads(row["body"]), row["request_id"], replayed=True)
        return None

    def keep(self, key: str, operation: str, params: object, answer: Answer) -> None:
        """Keep the answer, in the transaction of what it tells of."""
        self.store.run(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
            key,
            operation,
            _fingerprint(params),
            answer.status,
            json.dumps(answer.body),
            answer.request_id,
            self.clock(),
        )


def _fingerprint(params: object) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
