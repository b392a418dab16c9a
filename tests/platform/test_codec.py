"""Items to attribute values and back: nothing changes but absent values, and integers stay integers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.codec import Change, change_of, decode, encode

scalars = st.text() | st.integers(-(10**37), 10**37) | st.booleans() | st.binary()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
items = st.dictionaries(st.text(min_size=1), values, max_size=6)


@given(items)
def test_an_item_survives_the_round_trip(item: dict[str, Any]) -> None:
    assert decode(encode(item)) == item


def test_absent_values_are_left_out_but_keep_their_place_in_a_list() -> None:
    assert decode(encode({"a": None, "b": {"c": None}, "d": [None, 1]})) == {"b": {}, "d": [None, 1]}


def test_a_boolean_is_no_number() -> None:
    assert encode({"a": True, "b": 1}) == {"a": {"BOOL": True}, "b": {"N": "1"}}


@pytest.mark.parametrize("value", [1.5, {1, 2}, object()])
def test_what_cannot_be_stored_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"a": value})


def test_a_stream_record_is_a_change_of_plain_items() -> None:
    old, new = {"pk": "A#1", "n": 1}, {"pk": "A#1", "n": 2}
    images = {"OldImage": encode(old), "NewImage": encode(new)}
    assert change_of({"dynamodb": images}) == Change(old, new)
    assert change_of({"dynamodb": {"NewImage": encode(new)}}) == Change(None, new)
    assert change_of({"dynamodb": {"OldImage": encode(old)}}) == Change(old, None)
