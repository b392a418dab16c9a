"""What leaves for X-Ray: where time went and which kind of error came, and no words of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_TELLING: Final = "Failed"
"""The one error whose message is known to quote nobody: it names a type."""
_KEYS: Final = ("key", "copy_source", "prefix")
"""Of objects: they hold the names that customers gave their files."""


@dataclass(frozen=True)
class WordlessEmitter:
    """Hands what the SDK traced to `emitter` without the messages of errors, which repeat addresses and parameters, and
    without names of objects."""

    emitter: Any

    def send_entity(self, entity: Any) -> None:
        """Send a segment or subsegment with all below it."""
        _silence(entity)
        self.emitter.send_entity(entity)

    def set_daemon_address(self, address: str | None) -> None:
        self.emitter.set_daemon_address(address)


def _silence(entity: Any) -> None:
    for key in _KEYS:
        entity.aws.pop(key, None)
    failures = entity.cause.get("exceptions", ()) if isinstance(entity.cause, dict) else ()
    for failure in failures:
        if failure.type != _TELLING:
            failure.message = None
    for part in entity.subsegments:
        _silence(part)
