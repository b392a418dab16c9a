"""What is to be looked at on a day, and how far the days have been gone through; missed days are caught up.

Two lists by day: the due markers that billing writes with each invoice, and the markers of accounts on the ladder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Key, Put, Table
from chalicelib.platform.fields import Record

PAGE: Final = 100
CATCH_UP: Final = timedelta(days=90)
"""How far back missed days are looked for; as long as markers are kept."""
_DAY = timedelta(days=1)


class Progress(Record):
    """All days before `day` are done, and of that day the markers up to the sort key `after` ("" for none)."""

    day: date
    after: str = ""


class Marker(Record):
    """Somebody to look at. Of billing's markers `invoice_id` and `due_on`, of a letter that is to be tried again
    `mail`."""

    sk: str
    account_id: str
    invoice_id: str | None = None
    due_on: date | None = None
    mail: str | None = None


@dataclass(frozen=True)
class Agenda:
    """The markers under `<prefix>#<day>`; `job` names the progress."""

    table: Table
    prefix: str
    job: str

    def each(self, last: date, first: date, visit: Callable[[Marker], None]) -> int:
        """Visit the markers of all days up to `last` that were not gone through yet, and say how many; `first` is where
        a desk begins that never ran. Progress is kept after each page, so that a run that breaks off loses nothing."""
        seen, progress = 0, self._progress() or Progress(day=first)
        progress = max(progress, Progress(day=last - CATCH_UP), key=lambda each: (each.day, each.after))
        while progress.day <= last:
            markers = self._page(progress)
            for marker in markers:
                visit(marker)
            seen += len(markers)
            progress = _after(progress, markers)
            self._keep(progress)
        return seen

    def on(self, day: date) -> Iterator[Marker]:
        """The markers of one day, each time from its beginning."""
        progress = Progress(day=day)
        while progress.day == day:
            markers = self._page(progress)
            yield from markers
            progress = _after(progress, markers)

    def _page(self, progress: Progress) -> list[Marker]:
        key = Key("pk").eq(f"{self.prefix}#{progress.day}") & Key("sk").gt(progress.after or " ")
        return [Marker.model_validate(item) for item in self.table.query(key, limit=PAGE).items]

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


def _after(progress: Progress, markers: list[Marker]) -> Progress:
    if len(markers) < PAGE:
        return Progress(day=progress.day + _DAY)
    return Progress(day=progress.day, after=markers[-1].sk)
