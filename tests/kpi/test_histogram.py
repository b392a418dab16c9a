"""Distributions: 1 % at most from the truth, the same in any order of merging."""

from __future__ import annotations

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kpi.histogram import bucket, percentile

values = st.integers(0, 10**10)


@given(values)
def test_a_bucket_is_within_one_percent(value: int) -> None:
    assert abs(bucket(value) - value) * 100 <= value


def test_small_numbers_stand_for_themselves_and_buckets_are_in_order() -> None:
    assert [bucket(n) for n in range(100)] == list(range(100))
    found = [bucket(n) for n in range(100_000)]
    assert found == sorted(found)
    assert all(bucket(middle) == middle for middle in set(found))
    assert (bucket(-5), bucket(10**12)) == (0, bucket(10**10))


@given(st.lists(values, min_size=1, max_size=200), st.sampled_from([1, 50, 90, 99, 100]))
def test_a_percentile_is_within_one_percent_of_the_nearest_rank(numbers: list[int], percent: int) -> None:
    true = sorted(numbers)[math.ceil(len(numbers) * percent / 100) - 1]
    found = percentile(Counter(map(bucket, numbers)), percent)
    assert found is not None
    assert abs(found - true) * 100 <= true


def test_nothing_has_no_percentile() -> None:
    assert percentile({}, 50) is None


def test_ninety_days_of_seconds_fit_into_a_small_item() -> None:
    assert len({bucket(n) for n in range(0, 90 * 86_400, 7)}) < 1000
