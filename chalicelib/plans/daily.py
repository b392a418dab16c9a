"""The run of a day over all plans under way, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from chalicelib.plans.store import PlanStore
from chalicelib.platform.dynamo import Put, Table
from chalicelib.platform.errors import DeskError, Unavailable
from chalicelib.platform.fields import Record

PAGE: Final = 100
_PROGRESS: Final = ("JOB#plans", "#")


class RunsPlans(Protocol):
    """The service of collecting."""

    def run(self, plan_id: str) -> None:
        """All that is to be done for a plan today. Raises Unavailable."""


class Progress(Record):
    """How far the run of a day has come: plans up to the id `after` are done; all of them when it `is_done`."""

    day: date
    after: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class ProgressStore:
    """One item, `JOB#plans` / `#`: 1 read, 1 write a page."""

    table: Table

    def get(self) -> Progress | None:
        item = self.table.get(*_PROGRESS, consistent=True)
        return Progress.model_validate(item) if item else None

    def keep(self, progress: Progress) -> None:
        pk, sk = _PROGRESS
        self.table.write(Put({"pk": pk, "sk": sk, "kind": "progress", **progress.model_dump(mode="json")}))


@dataclass(frozen=True)
class DailyRun:
    """`failed` is told the plan that could not be gone through, and why."""

    plans: PlanStore
    progress: ProgressStore
    collecting: RunsPlans
    today: Callable[[], date]
    failed: Callable[[str, DeskError], None]

    def run(self) -> int:
        """Go through every plan under way; how many. A second run of a day goes through none, one that was cut off goes
        on after its last page of 100.

        A plan that fails keeps no other waiting. Raises Unavailable at the end when one did: run it again, which begins
        with the page of the first one that failed."""
        today = self.today()
        at = self.progress.get()
        if at is None or at.day != today:
            at = Progress(day=today)
        seen = failures = 0
        while not at.is_done:
            page = self.plans.marked(at.after, PAGE)
            failures += sum(not self._went_through(plan_id) for plan_id in page)
            seen += len(page)
            at = Progress(day=today, after=page[-1] if page else at.after, is_done=len(page) < PAGE)
            if not failures:
                self.progress.keep(at)
        if failures:
            raise Unavailable(f"{failures} plans could not be gone through.")
        return seen

    def _went_through(self, plan_id: str) -> bool:
        try:
            self.collecting.run(plan_id)
        except DeskError as error:
            self.failed(plan_id, error)
            return False
        return True
