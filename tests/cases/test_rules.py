"""The state machine: what holds after any sequence of steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cases import rules
from chalicelib.cases.model import REOPEN_FOR, Case, Priority, Resolution, State
from chalicelib.cases.rules import STEPS, Step
from chalicelib.platform.errors import Conflict
from tests.cases.builders import NOON, a_case

RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")
DO: dict[Step, Callable[[Case, timedelta], Case]] = {
    Step.ANSWER: lambda case, after: rules.answered(case, "advisor.one", NOON + after),
    Step.HEAR: lambda case, after: rules.heard(case, NOON + after),
    Step.RESOLVE: lambda case, after: rules.resolved(case, RESOLUTION, "advisor.one", NOON + after),
    Step.REOPEN: lambda case, after: rules.reopened(case, NOON + after),
    Step.CLOSE: lambda case, after: rules.closed(case, NOON + after),
    Step.RETURN: lambda case, after: rules.returned(case, NOON + after),
    Step.TROUBLE: lambda case, after: rules.troubled(case, NOON + after + timedelta(days=1), NOON + after),
}


@given(st.lists(st.tuples(st.sampled_from(Step), st.integers(0, 3 * 86_400)), max_size=12))
def test_whatever_is_done_the_head_stays_consistent(steps: list[tuple[Step, int]]) -> None:
    case, clock = a_case(), timedelta()
    for step, wait in steps:
        clock += timedelta(seconds=wait)
        before = case
        try:
            case = DO[step](case, clock)
        except Conflict:
            assert case is before
            continue
        assert STEPS[before.state, step] is case.state
        assert (case.state is State.OPEN) == (case.due_at is not None)
        assert case.is_done == (case.resolved_at is not None) == (case.resolution is not None)
        assert case.reopened - before.reopened == (before.state is State.RESOLVED and case.state is State.OPEN)
        assert before.first_response_at in (None, case.first_response_at)
        assert before.first_resolved_at in (None, case.first_resolved_at)
        assert before.updated_at <= case.updated_at
        assert (case.case_id, case.created_at) == (before.case_id, before.created_at)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_what_is_not_in_the_table_is_refused_in_plain_words(state: State, step: Step) -> None:
    case = a_case(state=state, resolved_at=NOON if state in (State.RESOLVED, State.CLOSED) else None)
    if (state, step) in STEPS:
        assert rules.next_state(case, step, NOON) is STEPS[state, step]
        return
    with pytest.raises(Conflict) as refused:
        rules.next_state(case, step, NOON)
    assert refused.value.detail.endswith(".")
    assert refused.value.extra == {"state": state.value}


def test_a_running_clock_is_not_reset_by_a_second_mail_so_that_newer_work_never_overtakes() -> None:
    case = a_case(due_at=NOON + timedelta(hours=24))
    assert rules.heard(case, NOON + timedelta(hours=3)).due_at == case.due_at


def test_after_our_answer_the_clock_starts_at_the_customers_next_message() -> None:
    case = rules.answered(a_case(), "advisor.one", NOON)
    again = rules.heard(case, NOON + timedelta(hours=30))
    assert (case.due_at, again.due_at) == (None, NOON + timedelta(hours=54))


def test_mail_that_came_back_makes_a_waiting_case_due_at_once_and_moves_no_other_clock() -> None:
    later = NOON + timedelta(hours=1)
    waiting = rules.returned(a_case(state=State.PENDING, due_at=None), later)
    assert (waiting.state, waiting.due_at) == (State.OPEN, later)
    assert rules.returned(a_case(), later).due_at == a_case().due_at
    long_ago = a_case(state=State.RESOLVED, resolved_at=NOON - 2 * REOPEN_FOR, due_at=None)
    assert rules.returned(long_ago, later).state is State.RESOLVED


def test_another_priority_keeps_the_start_of_a_running_clock() -> None:
    case = a_case(due_at=rules.due(Priority.NORMAL, NOON))
    assert rules.reprioritised(case, Priority.URGENT).due_at == NOON + timedelta(hours=1)
    assert rules.reprioritised(a_case(due_at=None), Priority.URGENT).due_at is None


def test_a_resolved_case_goes_on_for_seven_days_and_not_a_moment_longer() -> None:
    case = rules.resolved(a_case(), RESOLUTION, "advisor.one", NOON)
    assert rules.reopened(case, NOON + REOPEN_FOR).state is State.OPEN
    late = NOON + REOPEN_FOR + timedelta(milliseconds=1)
    assert case.is_final(late)
    with pytest.raises(Conflict, match="closed"):
        rules.reopened(case, late)
    assert rules.closed(case, late).state is State.CLOSED


def test_a_mail_that_was_late_does_not_move_the_last_change_back() -> None:
    assert rules.heard(a_case(updated_at=NOON), NOON - timedelta(hours=1)).updated_at == NOON


def test_who_answers_a_case_that_nobody_has_gets_it() -> None:
    assert rules.answered(a_case(), "advisor.one", NOON).assignee == "advisor.one"
    assert rules.answered(a_case(assignee="advisor.two"), "advisor.one", NOON).assignee == "advisor.two"


def test_a_case_that_is_done_is_assigned_to_nobody_else() -> None:
    with pytest.raises(Conflict):
        rules.assigned(a_case(state=State.RESOLVED), "advisor.two", NOON)
