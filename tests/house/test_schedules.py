"""When the day's work runs: EventBridge counts in UTC, customers live by their clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.collections.policy import CollectionRules
from infra.cfn import Template

WINTER, SUMMER = (2026, 1, 15), (2026, 7, 15)
DAILY = ["AdviseCustomers", "CollectDebts", "CollectInstalments"]


def hours_of(app_stack: Template, function: str) -> tuple[int, list[int]]:
    """Minute and hours of a daily schedule, UTC."""
    [source] = app_stack["Resources"][function]["Properties"]["Events"].values()
    found = re.fullmatch(r"cron\((\d+) ([\d,]+) \* \* \? \*\)", source["Properties"]["Schedule"])
    assert found, function
    return int(found[1]), [int(hour) for hour in found[2].split(",")]


@pytest.mark.parametrize("function", DAILY)
@pytest.mark.parametrize("day", [WINTER, SUMMER])
def test_the_days_work_is_done_by_day_wherever_a_customer_lives(
    app_stack: Template, function: str, day: tuple[int, int, int]
) -> None:
    rules = CollectionRules()
    minute, hours = hours_of(app_stack, function)
    for zone in rules.zones.values():
        for hour in hours:
            there = datetime(*day, hour, minute, tzinfo=UTC).astimezone(ZoneInfo(zone))
            assert not rules.quiet_hours.hold_at(f"{there:%H:%M}"), (function, zone, hour)


@pytest.mark.parametrize("function", DAILY)
def test_a_run_that_was_cut_off_is_gone_on_with_on_the_same_day(app_stack: Template, function: str) -> None:
    assert len(hours_of(app_stack, function)[1]) >= 3
    assert app_stack["Resources"][function]["Properties"]["Timeout"] == 900
