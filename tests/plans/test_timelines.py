"""Random lives of plans against a plain plan that walks through the calendar."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.plans.timelines import Timeline


@pytest.mark.parametrize("first", [0, 40, 80])
def test_plans_live_as_a_plain_plan_would(first: int) -> None:
    happened: Counter[str] = Counter()
    for seed in range(first, first + 40):
        timeline = Timeline(seed).play()
        assert timeline.wrong is None
        happened.update(timeline.happened)
    assert {"payment", "hold", "charge", "link", "reminder", "late", "broken"} <= happened.keys()
