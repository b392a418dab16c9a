"""Folding while others write and fold: nothing is lost, nothing goes stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from chalicelib.kpi.fold import Rollup, Row
from chalicelib.kpi.folding import Folding
from chalicelib.kpi.periods import Granularity
from chalicelib.kpi.rollups import FoldedMeanwhile, RollupStore
from chalicelib.kpi.store import FactStore
from chalicelib.platform.errors import Unavailable
from tests.contacts.records import a_record
from tests.harness import Meter
from tests.kpi.bench import Bench

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def bench(cloud: None) -> Bench:
    return Bench()


def call(number: int, at: str = "2026-11-02T09:10:00Z") -> dict[str, object]:
    return a_record(ContactId=f"c-{number}", InitiationTimestamp=at, CustomerEndpoint=None)


def handled(bench: Bench) -> object:
    (group,) = bench.report(date(2026, 11, 2), date(2026, 11, 3)).groups
    return group.kpis["calls_handled"].value


class Interrupted(FactStore):
    """Does something once, after the facts of an hour were read and before their sums are written."""

    then: Callable[[], None] | None = None

    def rows(self, hour: str) -> Iterator[Row]:
        yield from super().rows(hour)
        event, type(self).then = type(self).then, None
        if event:
            event()


def test_a_write_during_a_fold_is_folded_again(bench: Bench) -> None:
    bench.play(bench.take([call(1)]))
    Interrupted.then = lambda: bench.play(bench.take([call(2)]))
    Folding(Interrupted(bench.table), bench.rollups, bench.clock).run()
    assert [marker.hour for marker in bench.facts.dirty()] == ["2026-11-02T09"]
    assert handled(bench) == 1
    assert bench.folding.run() == 1
    assert (handled(bench), bench.facts.dirty()) == (2, [])


def test_a_fold_that_was_overtaken_does_not_bring_old_sums_back(bench: Bench) -> None:
    def overtake() -> None:
        bench.play(bench.take([call(2), call(3, "2026-11-02T11:00:00Z")]))
        bench.folding.run()

    bench.play(bench.take([call(1)]))
    Interrupted.then = overtake
    Folding(Interrupted(bench.table), bench.rollups, bench.clock).run()
    assert (handled(bench), bench.facts.dirty()) == (3, [])


class DyingBefore(RollupStore):
    """Fails at the n-th replacement, as a function does whose time is up."""

    left = 0

    def replace(self, key: str, rollup: Rollup, revision: int) -> None:
        if not self.left:
            raise RuntimeError("killed")
        type(self).left -= 1
        super().replace(key, rollup, revision)


@pytest.mark.parametrize("survived", range(4))
def test_a_fold_that_dies_anywhere_is_made_good_by_the_next(bench: Bench, survived: int) -> None:
    bench.play(bench.take([call(1), call(2, "2026-11-02T11:00:00Z"), call(3, "2026-11-03T11:00:00Z")]))
    DyingBefore.left = survived
    with pytest.raises(RuntimeError):
        Folding(bench.facts, DyingBefore(bench.table, bench.rollups.calendar), bench.clock).run()
    bench.folding.run()
    assert (handled(bench), bench.facts.dirty()) == (2, [])


def test_a_fold_that_never_gets_its_turn_says_so(bench: Bench) -> None:
    class Overtaken(RollupStore):
        def replace(self, key: str, rollup: Rollup, revision: int) -> None:
            raise FoldedMeanwhile(key)

    bench.play(bench.take([call(1)]))
    with pytest.raises(Unavailable):
        Folding(bench.facts, Overtaken(bench.table, bench.rollups.calendar), bench.clock).run()
    assert bench.facts.dirty()


def test_what_moves_to_another_day_leaves_the_one_that_it_was_in(bench: Bench) -> None:
    bench.count(call(1))
    bench.count({**call(1, "2026-11-05T09:00:00Z"), "LastUpdateTimestamp": "2026-11-09T09:00:00Z"})
    days = bench.report(date(2026, 11, 2), date(2026, 11, 6)).groups
    assert [day.kpis["calls_handled"].value for day in days] == [0, 0, 0, 1]


def test_an_hour_is_in_one_local_day_at_each_end_of_it(bench: Bench) -> None:
    edges = ["2026-10-24T22:59:59Z", "2026-10-24T23:00:00Z", "2026-10-25T23:59:59Z", "2026-10-26T00:00:00Z"]
    bench.count(*(call(number, at) for number, at in enumerate(edges)))
    days = bench.report(date(2026, 10, 24), date(2026, 10, 27)).groups
    assert [day.kpis["calls_arrived"].value for day in days] == [1, 2, 1]
    part = bench.report(datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), Granularity.DAY)
    assert [group.kpis["calls_arrived"].value for group in part.groups] == [1]


def test_costs() -> None:
    bench, meter = Bench(), Meter()
    changes = bench.take([call(number) for number in range(3)])
    meter.watch(bench.table.client)
    bench.play(changes)
    assert meter.calls == ["UpdateItem", "PutItem"] * 3 + ["PutItem"]
    assert meter.write_units == 7
    meter.calls.clear()
    bench.folding.run()
    hour = ["GetItem"] + ["Query"] * 4 + ["TransactWriteItems"]
    day = ["GetItem"] + ["Query"] * 5 + ["TransactWriteItems"]
    assert meter.calls == ["Query", *hour, *day, "DeleteItem", "PutItem"]
    meter.calls.clear()
    meter.read_units = 0
    bench.report(date(2026, 9, 1), date(2026, 11, 30))
    assert meter.calls == ["GetItem"] + ["Query"] * 3
    assert meter.read_units <= 2.5
