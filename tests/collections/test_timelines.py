"""Random timelines beside the oracle: nothing leaves that should be held, nothing is held without its reason, and what
may be asked for is asked for. `python -m tests.collections.prove` plays ten thousand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.collections import gate, model, visits
from chalicelib.collections.facts import Standing
from chalicelib.collections.ladder import Ladder
from chalicelib.collections.model import Form, Owing, Verdict
from tests.collections.prove import played


def test_nothing_leaves_against_a_reason_and_nothing_is_held_without_one() -> None:
    tally, found = played(25)
    assert found == []
    assert min(tally["letters sent"], tally["letters held"], tally["held steps"]) > 10


@pytest.mark.slow
def test_nothing_leaves_against_a_reason_in_a_thousand_timelines() -> None:
    assert played(1000, first=20_000)[1] == []


def _all_passes(form: Form, facts: Any, rules: Any) -> Verdict:
    verdict = model.judge(form, facts, rules)
    return Verdict((), verdict.amount_minor, verdict.is_reduced)


def _whole(self: Standing, invoice_id: str, _: Any) -> Owing:
    return Owing(self.owed.due_minor(invoice_id))


_FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the gate lets all pass": lambda patch: patch.setattr(gate, "judge", _all_passes),
    "the ladder lets all pass": lambda patch: patch.setattr(visits, "judge", _all_passes),
    "disputes and plans are not seen": lambda patch: patch.setattr(Standing, "owing", _whole),
    "a held step counts as taken": lambda patch: patch.setattr(Ladder, "taken_back", lambda self, _: self),
    "hours are not kept": lambda patch: patch.setattr(model, "_of_time", lambda *_: set()),
    "what is held is not recorded": lambda patch: patch.setattr(Verdict, "is_like", lambda *_: True),
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_the_oracle_finds_a_fault_that_is_planted(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _FAULTS[fault](monkeypatch)
    assert any(played(1, first=seed)[1] for seed in range(100))
