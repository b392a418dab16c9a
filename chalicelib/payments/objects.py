"""Stripe's objects as plain JSON, for those who read them anew or compare them with our books. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

MOST_PAGES = 100
"""Pages of a hundred that are read in one go."""


@dataclass(frozen=True)
class Window:
    """What was made from `since` on and before `until`; Stripe counts whole seconds."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class ObjectPage:
    """Up to a hundred objects, the newest first; `after` goes on with the next page, None at the end."""

    objects: tuple[dict[str, Any], ...]
    after: str | None


class TooManyPages(Exception):
    """There is more than was to be read in one go: narrow the window, or go on behind the object `after`."""

    def __init__(self, kind: str, after: str) -> None:
        super().__init__(f"more {kind} objects than are read in one go")
        self.after = after


class ReadsObjects(Protocol):
    """Stripe, as reconciliation and the handlers of events read it. Each call may raise Refused or Unavailable."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """The object as it is now, with what its handlers need beside it; `kind` is Stripe's name of the object.

        None when Stripe has none under this id, or the desk reads no objects of this kind.
        """

    def page(self, kind: str, window: Window, after: str | None = None, **only: Any) -> ObjectPage:
        """A page of objects made in the window; `only` are further filters of Stripe's, such as `types` of events."""

    def each(self, kind: str, window: Window, most_pages: int = MOST_PAGES, **only: Any) -> Iterator[dict[str, Any]]:
        """All of them, the newest first. Raises TooManyPages after so many pages when there are more."""
