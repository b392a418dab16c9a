"""Distributions of whole numbers: counts by bucket, mergeable by addition, percentiles within 1 % of the true value.

Every number stands for itself up to 99. Above, a bucket reaches from `low` to `high` around its middle so that
neither end is further than 1 % from it; integer arithmetic alone, so that a bucket is the same on every machine. A
bucket is named by its middle, and a stored histogram can be read by eye.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Final

_TOP: Final = 10**10
"""Seconds: three centuries. What is longer counts as this."""


def _buckets() -> tuple[list[int], list[int]]:
    highs, middles, low = [0], [0], 1
    while low <= _TOP:
        middle = low + low // 100
        high = middle * 100 // 99
        highs.append(high)
        middles.append(middle)
        low = high + 1
    return highs, middles


_HIGHS, _MIDDLES = _buckets()


def bucket(value: int) -> int:
    """The middle of the bucket that holds `value`; below zero counts as zero."""
    return _MIDDLES[bisect_left(_HIGHS, min(value, _TOP))]


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """Nearest rank: the smallest bucket that `percent` of the values do not exceed. None when there are none."""
    rank = -(-sum(counts.values()) * percent // 100)
    for middle in sorted(counts):
        rank -= counts[middle]
        if rank <= 0:
            return middle
    return None
