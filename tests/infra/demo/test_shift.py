"""Moving recorded times: all by the same hours, nothing else touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from infra.local.demo.shift import hours_between, shifted


def test_instants_and_epochs_move_and_everything_else_stays() -> None:
    event = {
        "InitiationTimestamp": "2026-11-20T10:15:30Z",
        "created": 1795180503,
        "amount": 3150,
        "Name": "2026-11-20",
        "legs": [{"at": "2026-11-20T23:30:00.500000Z"}],
        "livemode": False,
    }
    assert shifted(event, 2) == {
        "InitiationTimestamp": "2026-11-20T12:15:30Z",
        "created": 1795180503 + 7200,
        "amount": 3150,
        "Name": "2026-11-20",
        "legs": [{"at": "2026-11-21T01:30:00.500000Z"}],
        "livemode": False,
    }


@given(hours=st.integers(-10_000, 10_000))
def test_moving_there_and_back_changes_nothing(hours: int) -> None:
    event = {"at": "2026-11-20T10:15:30Z", "created": 5}
    assert shifted(shifted(event, hours), -hours) == event


@given(ahead=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_recording_ends_within_the_hour_before_now(ahead: timedelta) -> None:
    until = datetime(2026, 11, 21, tzinfo=UTC)
    end = until + timedelta(hours=hours_between(until, until + ahead))
    assert timedelta(0) <= until + ahead - end < timedelta(hours=1)
