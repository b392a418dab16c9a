"""Delivered twice, late or out of order: the sums are those of one delivery in order, and those of plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.kpi.definitions import DEFINITIONS
from chalicelib.kpi.figures import Figure
from chalicelib.kpi.periods import Granularity
from chalicelib.platform.codec import Change
from tests.kpi import oracle
from tests.kpi.bench import Bench
from tests.kpi.strategies import HOURS, START, call_centres, stamp

END = START + timedelta(hours=HOURS)
# Each example plays a mocked table, so a failing one is shown as it was found: making it smaller would take minutes.
slow = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cloud")]


def in_order(deliveries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest version of each contact, once."""
    newest: dict[str, dict[str, Any]] = {}
    for record in sorted(deliveries, key=lambda record: str(record["LastUpdateTimestamp"])):
        newest[record["ContactId"]] = record
    return list(newest.values())


@slow
@given(call_centres(), st.data())
def test_any_order_and_any_repeats_give_the_same_sums(deliveries: list[dict[str, Any]], data: st.DataObject) -> None:
    ordered, shuffled = Bench(), Bench()
    ordered.count(*in_order(deliveries))
    changes = shuffled.take(deliveries)
    half = data.draw(st.integers(0, len(changes)))
    shuffled.play(data.draw(st.permutations(changes))[:half])
    shuffled.folding.run()
    shuffled.play(data.draw(st.permutations(changes + changes[:3])))
    shuffled.folding.run()
    assert shuffled.sums() == ordered.sums()


def parts(figure: Figure) -> Any:
    """A count, or numerator, denominator and unknown of a ratio."""
    counted = figure.denominator is None
    return figure.value if counted else (figure.numerator, figure.denominator, figure.unknown)


def told(
    bench: Bench, granularity: Granularity, dimension: str
) -> Iterator[tuple[str, str, dict[str, dict[str, Any]]]]:
    """Each period with what the desk says about each member that had anything in it."""
    report = bench.report(START, END, granularity, dimension)
    for span in {(group.span.start, group.span.end) for group in report.groups}:
        members = {
            group.member: {name: parts(figure) for name, figure in group.kpis.items()}
            for group in report.groups
            if (group.span.start, group.span.end) == span
        }
        yield stamp(span[0]), stamp(span[1]), members


@slow
@given(
    call_centres(),
    st.sampled_from(list(Granularity)),
    st.sampled_from(["total", "agent", "queue"]),
)
def test_the_desk_and_plain_sql_agree(deliveries: list[dict[str, Any]], granularity: Granularity, by: str) -> None:
    bench = Bench()
    bench.count(*deliveries)
    for start, end, members in told(bench, granularity, by):
        expected = oracle.figures(deliveries, start, end, by)
        for member, figures in members.items():
            for name, value in expected.get(member, {}).items():
                assert figures[name] == value, (start, member, name)
        assert {member for member, sums in expected.items() if any(_some(sum_) for sum_ in sums.values())} <= set(
            members
        )


def _some(value: Any) -> bool:
    return any(value) if isinstance(value, tuple) else bool(value)


@slow
@given(call_centres())
def test_members_sum_to_the_total(deliveries: list[dict[str, Any]]) -> None:
    bench = Bench()
    bench.count(*deliveries)
    (whole,) = bench.report(START, END, Granularity.MONTH).groups
    for dimension in ("agent", "queue", "channel", "category"):
        groups = bench.report(START, END, Granularity.MONTH, dimension).groups
        for name in (definition.name for definition in DEFINITIONS if definition.percent is None):
            assert sum(group.kpis[name].numerator or 0 for group in groups) == whole.kpis[name].numerator


# ------------------------------------------------------------------ cases


@st.composite
def case_histories(draw: st.DrawFn) -> list[Change]:
    """The changes of one case: answered, resolved, reopened, moved about, and sometimes found to be a test."""
    at = START + timedelta(minutes=draw(st.integers(0, 600)))
    head: dict[str, Any] = {
        "kind": "case", "case_id": f"case_{draw(st.integers(0, 10**9))}", "channel": "mail", "queue": "billing",
        "created_at": stamp(at), "version": 1, "test": False,
    }  # fmt: skip
    states: list[dict[str, Any]] = [head]
    steps = st.sampled_from(["answer", "resolve", "reopen", "assign", "test", "no test"])
    for step in draw(st.lists(steps, max_size=7)):
        at += timedelta(minutes=draw(st.integers(0, 500)))
        last = states[-1]
        changes: dict[str, dict[str, Any]] = {
            "answer": {"first_response_at": last.get("first_response_at") or stamp(at)},
            "resolve": {"resolved_at": stamp(at), "resolved_by": "agent.one"},
            "reopen": {"resolved_at": None, "resolved_by": None},
            "assign": {"assignee": draw(st.sampled_from(["agent.one", "agent.two"])), "queue": "complaints"},
            "test": {"test": True},
            "no test": {"test": False},
        }
        states.append({**last, **changes[step], "version": last["version"] + 1})
    return [Change(old, new) for old, new in zip([None, *states], states, strict=False)]


def case_id(history: list[Change]) -> str:
    return str((history[0].new or {})["case_id"])


@slow
@given(st.lists(case_histories(), min_size=1, max_size=3, unique_by=case_id), st.data())
def test_cases_end_where_their_last_state_says(histories: list[list[Change]], data: st.DataObject) -> None:
    ordered, shuffled = Bench(), Bench()
    changes = [change for history in histories for change in history]
    ordered.play(changes)
    ordered.folding.run()
    shuffled.play(data.draw(st.permutations(changes + changes[:2])))
    shuffled.folding.run()
    assert shuffled.sums() == ordered.sums()
    (group,) = ordered.report(START, START + timedelta(days=5), Granularity.MONTH).groups
    heads = [history[-1].new or {} for history in histories]
    real = [head for head in heads if not head["test"]]
    resolved = sum(bool(head.get("resolved_at")) for head in real)
    assert (group.kpis["contact_volume"].value, group.kpis["time_to_resolution_mean"].n) == (len(real), resolved)
