"""Hours, days, weeks and months: 23 and 25 hours long when the clocks change, cut short at the ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kpi.periods import Calendar, Granularity, Span

LONDON = Calendar(ZoneInfo("Europe/London"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "starts", "hours"),
    [
        (date(2026, 3, 28), "2026-03-28T00:00", 24),
        (date(2026, 3, 29), "2026-03-29T00:00", 23),
        (date(2026, 3, 30), "2026-03-29T23:00", 24),
        (date(2026, 10, 24), "2026-10-23T23:00", 24),
        (date(2026, 10, 25), "2026-10-24T23:00", 25),
        (date(2026, 10, 26), "2026-10-26T00:00", 24),
    ],
)
def test_days_of_london(day: date, starts: str, hours: int) -> None:
    span = LONDON.day(day)
    assert span == Span(at(starts), at(starts) + timedelta(hours=hours))
    assert len(list(LONDON.periods(span, Granularity.HOUR))) == hours
    assert LONDON.day_of(span.start) == LONDON.day_of(span.end - timedelta(seconds=1)) == day


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    span = Span(LONDON.midnight(date(2026, 10, 22)), LONDON.midnight(date(2026, 11, 3)))
    weeks = [(p.start, p.end) for p in LONDON.periods(span, Granularity.WEEK)]
    assert [LONDON.day_of(start) for start, _ in weeks] == [date(2026, 10, d) for d in (22, 26)] + [date(2026, 11, 2)]
    months = [LONDON.day_of(p.start) for p in LONDON.periods(span, Granularity.MONTH)]
    assert months == [date(2026, 10, 22), date(2026, 11, 1)]


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, 23),
    st.integers(1, 2000),
    st.sampled_from(list(Granularity)),
    st.sampled_from(["Europe/London", "America/New_York", "Pacific/Auckland", "America/Santiago", "UTC"]),
)
def test_periods_fill_the_span_without_gap_or_overlap(
    day: date, hour: int, hours: int, granularity: Granularity, zone: str
) -> None:
    calendar = Calendar(ZoneInfo(zone))
    begin = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    span = Span(begin, begin + timedelta(hours=hours))
    periods = list(calendar.periods(span, granularity))
    assert (periods[0].start, periods[-1].end) == (span.start, span.end)
    assert all(one.end == two.start for one, two in pairwise(periods))
    assert all(one.start < one.end for one in periods)
    days = calendar.whole_days(span)
    assert all(span.start <= calendar.day(whole).start and calendar.day(whole).end <= span.end for whole in days)
    assert len(days) >= (hours - 48) // 25


def test_a_bound_is_a_day_or_a_whole_hour() -> None:
    assert LONDON.bound(date(2026, 7, 1)) == at("2026-06-30T23:00")
    assert LONDON.bound(at("2026-07-01T05:00")) == at("2026-07-01T05:00")
    with pytest.raises(ValueError, match="by the hour"):
        LONDON.bound(at("2026-07-01T05:30"))


def test_a_zone_whose_days_begin_within_an_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="Kolkata"):
        Calendar(ZoneInfo("Asia/Kolkata"))
