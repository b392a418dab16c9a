"""What happens later: a job is a kind, the id of an object and the second when it is due, kept in the state file.

A family plans a job in the transaction of the change that leads to it, and says what the job does:

    call.later("refund.settle", refund["id"], seconds=3)

    def settle(call: Call, refund: str) -> None: ...
    JOBS = {"refund.settle": settle}            # then one line in routes.JOBS

For one object at most one job of a kind waits: planning it again moves it. A job is forgotten in the transaction in
which it runs, so it happens once, however the server stops, and it is late rather than lost when the server was down
at its time. Its `call` has no parameters and no request, and its events say so. A control call can make a job happen
early, so a job must not ask what time it is; much may have changed meanwhile, so it must look at its object's present
state. A job of an object that lives by a test clock is due in that clock's time: it waits until the clock is moved past
its moment, and happens at that moment. A job that fails is undone, logged and set aside; the control call counts it.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.stripe.call import Call
from infra.local.stripe.errors import CardError
from infra.local.stripe.outbox import Outbox
from infra.local.stripe.values import Json, NewId

Job = Callable[[Call, str], None]

_IDLE_SECONDS = 5.0
_ANY = 2**62
# The job that ends the advance of a test clock, after all others of that moment.
LAST_OF_A_CLOCK = "test_clock.arrive"
_WAITING = "problem IS NULL AND test_clock IS NULL AND due_at <= ? AND seq <= ? AND object_id = COALESCE(?, object_id)"
_PASSED = (
    "problem IS NULL AND test_clock IS NOT NULL "
    "AND due_at <= (SELECT json_extract(body, '$._until') FROM objects WHERE id = test_clock)"
)
_log = logging.getLogger(__name__)


@dataclass
class Scheduler:
    """Runs jobs when they are due. `wake` after a commit that may have planned one; `hurry` runs jobs early."""

    outbox: Outbox
    new_id: NewId
    jobs: Mapping[str, Job]
    told: Callable[[], None]
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _running: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin running jobs, those that became due while the server was down first."""
        self._running = True
        self._thread = threading.Thread(target=self._work, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the job under way; what is left waits for the next start."""
        self._running = False
        self.wake()
        if self._thread:
            self._thread.join()

    def wake(self) -> None:
        """A job may have been planned."""
        with self._changed:
            self._changed.notify_all()

    def hurry(self, within_seconds: float, object_id: str | None = None) -> int:
        """Run now what waits and is due so soon, of all objects or of one; how many jobs that was.

        Jobs that these jobs plan keep their time, so that one call is one step of each object's future.
        """
        newest = int(self.outbox.store.run("SELECT COALESCE(MAX(seq), 0) AS seq FROM jobs")[0]["seq"])
        until, ran = self.outbox.clock() + within_seconds, 0
        while self._run_next(_WAITING, until, newest, object_id):
            ran += 1
        return ran

    def catch_up(self) -> None:
        """Run now all that the test clocks have passed; for who has not started it, and moves clocks by hand."""
        while self._run_next(_PASSED):
            pass

    def counts(self) -> Json:
        """How many jobs wait, and how many failed."""
        row = self.outbox.store.run("SELECT COUNT(*) AS n, COUNT(problem) AS failed FROM jobs")[0]
        return {"waiting": row["n"] - row["failed"], "failed": row["failed"]}

    def _work(self) -> None:
        while self._running:
            if not self._run_next(_PASSED) and not self._run_next(_WAITING, self.outbox.clock(), _ANY, None):
                self._rest()

    def _rest(self) -> None:
        with self._changed:
            row = self.outbox.store.run(
                f"SELECT MIN(CASE WHEN test_clock IS NULL THEN due_at ELSE 0 END) AS due_at FROM jobs "  # noqa: S608
                f"WHERE (problem IS NULL AND test_clock IS NULL) OR ({_PASSED})"
            )[0]
            wait = _IDLE_SECONDS if row["due_at"] is None else row["due_at"] - self.outbox.clock()
            if self._running and wait > 0:
                self._changed.wait(min(wait, _IDLE_SECONDS))

    def _run_next(self, which: str, *values: Any) -> bool:
        store = self.outbox.store
        with store.transaction():
            found = store.run(
                f"SELECT * FROM jobs WHERE {which} ORDER BY due_at, kind = ?, seq LIMIT 1",  # noqa: S608 - no value in it
                *values,
                LAST_OF_A_CLOCK,
            )
            for job in found:
                problem = self._problem_of(job)
                if problem:
                    store.run("UPDATE jobs SET problem = ? WHERE seq = ?", problem, job["seq"])
                else:
                    store.run("DELETE FROM jobs WHERE seq = ?", job["seq"])
        self.told()
        return bool(found)

    def _problem_of(self, job: sqlite3.Row) -> str | None:
        store, kind, object_id = self.outbox.store, job["kind"], job["object_id"]
        call = Call(store, self.outbox, self.outbox.clock, self.new_id, {}, job["base_url"], "", "")
        if job["test_clock"]:
            call = call.at(job["due_at"], job["test_clock"])
        try:
            with store.undone_on_error(unless=CardError):
                self.jobs[kind](call, object_id)
        except CardError:
            return None  # the attempt that it recorded is what the job was for
        except Exception as problem:  # noqa: BLE001 - whatever one job does, the others must have their turn
            _log.exception("The job %s of %s failed", kind, object_id)
            return repr(problem)
        return None
