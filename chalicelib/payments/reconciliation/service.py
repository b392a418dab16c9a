"""Use cases of reconciliation: begin a run, take it on step by step, tell what it cannot explain, and read its report.

A run begins where the last one ended, less an overlap, and does everything through the handlers of Stripe's events. So
a step can be done twice, two runs may meet, and a run that was cut off goes on from its last step: the same run when it
is called again, the next one in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.payments.ids import derived_id
from chalicelib.payments.news import Fact, Newsroom
from chalicelib.payments.reconciliation.model import REMEMBERED, Disagreement, Run, RunStatus, Step, Walk
from chalicelib.payments.reconciliation.store import Overtaken, RunStore
from chalicelib.payments.telling import difference_news
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import NotFound

SCHEDULE: Final = Actor("schedule", "nightly schedule")


class Starter(Protocol):
    """Whoever works on runs apart from the request that asks for them."""

    def start(self, reconciliation_id: str) -> None:
        """Have the run taken on soon. Raises Unavailable."""


@dataclass(frozen=True)
class Reconciliations:
    """`walks` in their order; `id_key` keys the ids of runs that people ask for; `count` adds to a named counter."""

    runs: RunStore
    walks: Sequence[Walk]
    newsroom: Newsroom
    starter: Starter
    clock: Clock
    id_key: Callable[[], bytes]
    count: Callable[[str, int], None]

    def request(self, key: str, actor: Actor) -> Run:
        """Have everything reconciled until now; one actor and Idempotency-Key is one run. Raises Unavailable."""
        run = self._new(derived_id("rec", self.id_key(), actor.subject, key), actor, self.clock())
        standing = self.runs.begin(run, _audited(run, actor))
        if standing.status is RunStatus.RUNNING:
            self.starter.start(standing.reconciliation_id)
        return standing

    def scheduled(self, at: datetime) -> Run:
        """The run of the schedule's time `at`, begun when it was not."""
        return self.runs.begin(self._new(f"rec_{at:%Y%m%dT%H%M}", SCHEDULE, self.clock()))

    def take_on(self, reconciliation_id: str, has_time: Callable[[], bool]) -> Run:
        """Go on with a run until it is finished or the time is up; then it is started once more.

        Raises NotFound, and Refused and Unavailable of Stripe, the table and the newsroom: call it again then.
        """
        run = self.get(reconciliation_id)
        while run.status is RunStatus.RUNNING:
            if not has_time():
                self.starter.start(run.reconciliation_id)
                break
            try:
                run = self._further(run)
            except Overtaken:
                return self.get(reconciliation_id)
        return run

    def get(self, reconciliation_id: str) -> Run:
        """The run as it is. Raises NotFound."""
        run = self.runs.get(reconciliation_id)
        if run is None:
            raise NotFound
        return run

    def newest(self, limit: int, start: Item | None) -> tuple[list[Run], Item | None]:
        """Runs, the newest first."""
        return self.runs.newest(limit, start)

    def differences(
        self, reconciliation_id: str, limit: int, start: Item | None
    ) -> tuple[list[Disagreement], Item | None]:
        """What a run could not explain. Raises NotFound."""
        self.get(reconciliation_id)
        return self.runs.noted(reconciliation_id, limit, start)

    def _new(self, reconciliation_id: str, actor: Actor, now: datetime) -> Run:
        until, ends = now.replace(microsecond=0), self.runs.ends()
        since = {walk.name: _beginning(walk, ends.get(walk.name), until) for walk in self.walks}
        return Run(
            reconciliation_id=reconciliation_id, asked_by=actor.subject, asked_by_name=actor.name,
            begun_at=now, moved_at=now, until=until, since=since, walk=self.walks[0].name,
        )  # fmt: skip

    def _further(self, run: Run) -> Run:
        """The run after its next step. What it found is told and noted before the run itself, so a crash repeats it."""
        walk, following = self._place(run)
        step = walk.step(run.window, run.cursor, run.cause)
        for found in step.disagreements:
            words = {Fact.REASON: found.what, Fact.EXPECTED: found.in_books, Fact.FOUND: found.at_stripe}
            self.newsroom.tell(difference_news(found.object_id, found.account_id, self.clock(), words))
            self.runs.note(run, found)
        after = run.after(step, following, self.clock())
        if step.cursor is None:
            self.runs.end(walk.name, run.until)
        self.runs.move(run, after)
        self._count(step)
        return after

    def _place(self, run: Run) -> tuple[Walk, str | None]:
        """The walk under way, and the name of the one after it."""
        walks = {walk.name: walk for walk in self.walks if walk.name in run.since}
        names = list(walks)
        following = names[names.index(run.walk) + 1 :]
        return walks[run.walk], following[0] if following else None

    def _count(self, step: Step) -> None:
        for name in ("missed_events", "repaired", "differences"):
            if number := getattr(step.tally, name):
                self.count("Reconciliation" + name.title().replace("_", ""), number)


def _beginning(walk: Walk, end: datetime | None, until: datetime) -> datetime:
    earliest = until - REMEMBERED
    return max(end - walk.overlap, earliest) if end else earliest


def _audited(run: Run, actor: Actor) -> AuditEntry:
    subject, asked = f"RECON#{run.reconciliation_id}", run.model_dump(mode="json", include={"until", "since"})
    return entry(f"aud_{run.reconciliation_id}", subject, "reconciliation.requested", actor, run.begun_at, {}, asked)
