"""Jobs happen once, in the order of their time, whatever one of them does and whenever the server stops."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.stripe.call import Call
from infra.local.stripe.errors import CardError
from infra.local.stripe.outbox import Outbox
from infra.local.stripe.scheduler import Job, Scheduler
from infra.local.stripe.store import Store
from infra.local.stripe.values import random_id


@dataclass
class Rig:
    """A scheduler over its own state file, at a time of the test's choosing, and what its jobs did."""

    store: Store
    done: list[str]
    time: float = 1000.0

    def scheduler(self, **more: Job) -> Scheduler:
        jobs: Mapping[str, Job] = {"note": self._note, **more}
        return Scheduler(self.outbox, random_id, jobs, told=lambda: None)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.store, lambda: self.time)

    def plan(self, kind: str, object_id: str, seconds: float) -> None:
        with self.store.transaction():
            self.call.later(kind, object_id, seconds)

    @property
    def call(self) -> Call:
        return Call(self.store, self.outbox, self.outbox.clock, random_id, {}, "http://local", "", "")

    def _note(self, call: Call, object_id: str) -> None:
        self.done.append(object_id)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    store = Store(tmp_path / "state.sqlite")
    yield Rig(store, [])
    store.close()


def test_jobs_run_once_in_the_order_of_their_time(rig: Rig) -> None:
    rig.plan("note", "second", 20)
    rig.plan("note", "first", 10)
    rig.plan("note", "later", 700)
    scheduler = rig.scheduler()

    assert (scheduler.hurry(600), scheduler.hurry(600)) == (2, 0)

    assert rig.done == ["first", "second"]
    assert scheduler.counts() == {"waiting": 1, "failed": 0}


def test_planning_again_moves_a_job(rig: Rig) -> None:
    rig.plan("note", "a", 10)
    rig.plan("note", "a", 900)
    scheduler = rig.scheduler()

    assert (scheduler.hurry(600), scheduler.hurry(1000)) == (0, 1)


def test_only_the_named_object_is_hurried(rig: Rig) -> None:
    rig.plan("note", "a", 10)
    rig.plan("note", "b", 10)

    assert rig.scheduler().hurry(600, "b") == 1
    assert rig.done == ["b"]


def test_a_job_that_a_job_plans_waits_for_the_next_step(rig: Rig) -> None:
    rig.plan("again", "a", 1)
    scheduler = rig.scheduler(again=lambda call, object_id: call.later("again", object_id, 1))

    assert [scheduler.hurry(600) for _ in range(3)] == [1, 1, 1]


def test_a_job_that_fails_is_undone_and_set_aside_and_the_others_run(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(call: Call, object_id: str) -> None:
        call.store.keep_setting("half", {"done": True})
        raise RuntimeError("broken")

    rig.plan("fail", "a", 1)
    rig.plan("unknown", "b", 2)
    rig.plan("note", "c", 3)
    scheduler = rig.scheduler(fail=fail)

    assert (scheduler.hurry(600), scheduler.hurry(600)) == (3, 0)

    assert rig.done == ["c"]
    assert rig.store.setting("half") is None
    assert scheduler.counts() == {"waiting": 0, "failed": 2}
    assert [record.getMessage() for record in caplog.records] == [
        "The job fail of a failed",
        "The job unknown of b failed",
    ]


def test_a_declined_attempt_stays_recorded(rig: Rig) -> None:
    def declined(call: Call, object_id: str) -> None:
        call.store.keep_setting("attempt", {"declined": True})
        raise CardError("Your card was declined.")

    rig.plan("declined", "a", 1)
    scheduler = rig.scheduler(declined=declined)
    scheduler.hurry(600)

    assert rig.store.setting("attempt") == {"declined": True}
    assert scheduler.counts() == {"waiting": 0, "failed": 0}


def test_a_job_that_came_due_while_the_server_was_down_runs_at_its_start(rig: Rig) -> None:
    ran = threading.Event()
    rig.plan("tell", "a", 60)
    rig.time += 3600
    scheduler = rig.scheduler(tell=lambda call, object_id: ran.set())

    scheduler.start()

    assert ran.wait(10)
    scheduler.stop()


def test_a_job_planned_while_the_scheduler_rests_runs_when_it_is_woken(rig: Rig) -> None:
    ran = threading.Event()
    scheduler = rig.scheduler(tell=lambda call, object_id: ran.set())
    scheduler.start()

    rig.plan("tell", "a", 0)
    scheduler.wake()

    assert ran.wait(10)
    scheduler.stop()
