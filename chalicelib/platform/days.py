"""Items that stand under days, gone through once each: missed days are caught up, what was cut off goes on.

| item     | pk               | sk       | round trips, units     |
| marker   | `<prefix>#<day>` | any      | a page of a day 1      |
| progress | `JOB#<job>`      | `#`      | 1; 1 write a page      |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Generic, TypeVar

from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Key, Put, Table
from chalicelib.platform.fields import Record

PAGE: Final = 100
CATCH_UP: Final = timedelta(days=90)
"""How far back missed days are looked for; markers have to be kept as long."""
_DAY: Final = timedelta(days=1)
M = TypeVar("M")


class Progress(Record):
    """All days before `day` are done, and of that day the markers up to the sort key `after` ("" for none)."""

    day: date
    after: str = ""


@dataclass(frozen=True)
class DayList(Generic[M]):
    """The markers under `<prefix>#<day>`, as `read` makes them of their items; `job` names the progress."""

    table: Table
    prefix: str
    job: str
    read: Callable[[Item], M]

    def each(self, last: date, first: date, visit: Callable[[M], None]) -> int:
        """Visit the markers of all days up to `last` that were not gone through yet, and say how many; `first` is where
        a desk begins that never ran. Progress is kept after each page, so that a run that breaks off loses nothing."""
        seen, progress = 0, self._progress() or Progress(day=first)
        progress = max(progress, Progress(day=last - CATCH_UP), key=lambda each: (each.day, each.after))
        while progress.day <= last:
            items = self._page(progress)
            for item in items:
                visit(self.read(item))
            seen += len(items)
            progress = _after(progress, items)
            self._keep(progress)
        return seen

    def on(self, day: date) -> Iterator[M]:
        """The markers of one day, each time from its beginning."""
        progress = Progress(day=day)
        while progress.day == day:
            items = self._page(progress)
            yield from map(self.read, items)
            progress = _after(progress, items)

    def _page(self, progress: Progress) -> list[Item]:
        key = Key("pk").eq(f"{self.prefix}#{progress.day}") & Key("sk").gt(progress.after or " ")
        return self.table.query(key, limit=PAGE).items

    def _progress(self) -> Progress | None:
        item = self.table.get(*self._key, consistent=True)
        return Progress.model_validate(item) if item else None

    def _keep(self, progress: Progress) -> None:
        pk, sk = self._key
        item: Item = {"pk": pk, "sk": sk, "kind": "progress", **progress.model_dump(mode="json")}
        self.table.write(Put(item))

    @property
    def _key(self) -> tuple[str, str]:
        return f"JOB#{self.job}", "#"


def _after(progress: Progress, items: list[Item]) -> Progress:
    if len(items) < PAGE:
        return Progress(day=progress.day + _DAY)
    return Progress(day=progress.day, after=items[-1]["sk"])
