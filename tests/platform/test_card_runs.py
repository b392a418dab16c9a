"""What the search for card numbers costs when a text is made to be slow."""

from __future__ import annotations

import time

import pytest

from chalicelib.platform.cards import hide_cards

ENOUGH = 3.0
"""Seconds of CPU for 60,000 characters: what is linear takes a tenth of a second, what is not a minute."""


@pytest.mark.parametrize(
    "unit",
    ["4 ", "4", "42 ", "4242 ", "4 2 ", "4.", "4,  ", "4<b>", "4&nbsp;", "&#52;", "12.50 ", "GB82WEST12345698765432 "],
)
def test_numbers_that_could_begin_everywhere_take_linear_time(unit: str) -> None:
    began = time.process_time()
    hidden = hide_cards(unit * (60_000 // len(unit)))
    assert time.process_time() - began < ENOUGH
    assert len(hidden) <= 60_000 * 3


def test_a_text_without_enough_digits_in_reach_stays_as_it_is() -> None:
    text = "On 3 May 2026 I paid 12.50 for 0800 123456, and 4111 1111 of something else 1111 1111."
    assert hide_cards(text) == text
