"""Instants: one textual form whose order is the order of time, and nothing that is not an instant gets in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from chalicelib.platform.clock import Instant, format_instant, new_ulid, parse_instant, utc_now


class Event(BaseModel):
    at: Instant


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=offsets)  # noqa: DTZ001


@given(instants, instants)
def test_the_order_of_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert format_instant(early) <= format_instant(late)


@given(instants)
def test_an_instant_is_read_back_to_the_millisecond_in_utc(at: datetime) -> None:
    read = parse_instant(format_instant(at))
    assert timedelta(0) <= at - read < timedelta(milliseconds=1)
    assert read.tzinfo is UTC


def test_the_form_is_rfc_3339_with_milliseconds_and_z() -> None:
    at = datetime(2026, 11, 2, 10, 0, 0, 123999, tzinfo=timezone(timedelta(hours=1)))
    assert format_instant(at) == "2026-11-02T09:00:00.123Z"
    assert Event(at=at).model_dump_json() == '{"at":"2026-11-02T09:00:00.123Z"}'


@pytest.mark.parametrize("text", ["2026-11-02T09:00:00", "2026-11-02", "yesterday", "", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_instant_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    ["2026-11-02T09:00:00", "2026-11-02", "1793610000", "2026", "1e9", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z"],
)  # fmt: skip
def test_a_field_takes_instants_alone(text: str) -> None:
    with pytest.raises(ValidationError):
        Event.model_validate({"at": text})


def test_a_strict_body_takes_an_instant_and_no_number() -> None:
    read = Event.model_validate_json('{"at": "2026-11-02T10:00:00+01:00"}', strict=True)
    assert format_instant(read.at) == "2026-11-02T09:00:00.000Z"
    for number in ("1793610000", "1793610000.5", "true"):
        with pytest.raises(ValidationError):
            Event.model_validate_json(f'{{"at": {number}}}', strict=True)


def test_now_is_utc_and_ids_are_sortable_by_time() -> None:
    assert utc_now().tzinfo is UTC
    one = new_ulid("case")
    assert one.startswith("case_")
    assert len(one) == len("case_") + 26
