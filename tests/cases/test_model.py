"""Ids, references and clipped subjects."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cases.model import clipped, derived_id, reference_of
from chalicelib.platform.check_digit import check_digit


@given(st.text(min_size=1, max_size=40))
def test_a_reference_is_a_letter_nine_digits_and_their_check_digit(case_id: str) -> None:
    reference = reference_of(case_id)
    assert (reference[0], len(reference)) == ("C", 11)
    assert check_digit(reference[1:-1]) == reference[-1]
    assert reference == reference_of(case_id)


@given(st.text(max_size=20), st.text(max_size=20))
def test_derived_ids_look_like_the_others_and_do_not_run_parts_together(one: str, two: str) -> None:
    found = derived_id("case", one, two)
    assert found.startswith("case_")
    assert len(found) == 31
    assert found == found.upper().replace("CASE_", "case_")
    assert derived_id("case", one + "x", two) != derived_id("case", one, "x" + two)


@given(st.text(max_size=400), st.integers(10, 240))
def test_a_clipped_subject_is_one_line_of_at_most_so_many_bytes(text: str, size: int) -> None:
    line = clipped(text, size)
    assert len(line.encode("utf-8", "surrogatepass")) <= size
    assert "\n" not in line
    assert "\r" not in line


def test_a_short_subject_stays_as_it_is() -> None:
    assert clipped("Zwei Abbuchungen im selben Monat?") == "Zwei Abbuchungen im selben Monat?"
