"""Billing periods over random calendars, and proration to the second."""

import calendar
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.stripe.periods import Cycle, configured
from infra.local.stripe.proration import share

_SECONDS = st.integers(946684800, 4102444800)
_CYCLES = st.builds(Cycle, st.sampled_from(["day", "week", "month", "year"]), st.integers(1, 3))


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_an_anchor_on_the_31st_keeps_its_day() -> None:
    anchor = _at("2026-01-31T10:20:30")

    ends = [
        datetime.fromtimestamp(Cycle("month", 1).after(anchor, n), UTC).strftime("%d %b %H:%M:%S") for n in (1, 2, 3)
    ]

    assert ends == ["28 Feb 10:20:30", "31 Mar 10:20:30", "30 Apr 10:20:30"]
    assert Cycle("year", 1).after(_at("2024-02-29T00:00:00"), 4) == _at("2028-02-29T00:00:00")
    assert Cycle("year", 1).after(_at("2024-02-29T00:00:00"), 1) == _at("2025-02-28T00:00:00")


@given(_SECONDS, _CYCLES, st.integers(-400, 400))
def test_every_cycle_ends_on_the_anchors_day_or_the_months_last(anchor: int, cycle: Cycle, number: int) -> None:
    begun, ends = (datetime.fromtimestamp(second, UTC) for second in (anchor, cycle.after(anchor, number)))

    assert ends.time() == begun.time()
    if cycle.interval in ("month", "year"):
        last = calendar.monthrange(ends.year, ends.month)[1]
        assert ends.day == min(begun.day, last)
        months = (ends.year - begun.year) * 12 + ends.month - begun.month
        assert months == number * cycle.count * (12 if cycle.interval == "year" else 1)


@given(_SECONDS, _CYCLES, st.integers(-(10**8), 10**8))
def test_periods_follow_each_other_without_a_gap(anchor: int, cycle: Cycle, offset: int) -> None:
    moment = anchor + offset

    start, end = cycle.period(anchor, moment)

    assert start <= moment < end
    assert cycle.period(anchor, end)[0] == end
    assert cycle.period(anchor, start - 1)[1] == start


@given(_SECONDS, st.integers(1, 31))
def test_a_configured_anchor_is_the_first_such_day(start: int, day: int) -> None:
    anchor = configured({"day_of_month": day}, Cycle("month", 1), start)

    found, begun = datetime.fromtimestamp(anchor, UTC), datetime.fromtimestamp(start, UTC)
    assert found.day == min(day, calendar.monthrange(found.year, found.month)[1])
    assert found.time() == begun.time()
    assert 0 <= (found - begun).days < 32


@pytest.mark.parametrize(
    ("config", "cycle", "expected"),
    [
        ({"day_of_month": 1, "hour": 0, "minute": 0, "second": 0}, Cycle("month", 1), "2026-06-01T00:00:00"),
        ({"day_of_month": 20, "month": 3}, Cycle("year", 1), "2027-03-20T08:30:00"),
        ({"day_of_month": 15}, Cycle("month", 1), "2026-05-15T08:30:00"),
        ({"day_of_month": 31, "month": 2}, Cycle("month", 3), "2026-05-31T08:30:00"),
    ],
)
def test_an_anchor_can_be_configured(config: dict[str, int], cycle: Cycle, expected: str) -> None:
    assert configured(config, cycle, _at("2026-05-15T08:30:00")) == _at(expected)


@given(st.integers(-(10**8), 10**8), _SECONDS, st.integers(1, 10**8), st.integers(-(10**7), 2 * 10**8))
def test_a_share_is_exact_to_half_a_minor_unit(amount: int, start: int, length: int, offset: int) -> None:
    moment, end = start + offset, start + length
    left = Fraction(min(length, max(0, end - moment)), length)

    assert abs(share(amount, moment, (start, end)) - amount * left) <= Fraction(1, 2)
    assert share(-amount, moment, (start, end)) == -share(amount, moment, (start, end))
    assert share(amount, start, (start, end)) == amount
    assert share(amount, end, (start, end)) == 0
