"""Whether a guide helps: intervals as published, counts that can be counted again, and plain words on small samples."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.education.effect import (
    Contact,
    Counted,
    Followed,
    Reading,
    compare,
    first_each,
    newcombe,
    share,
    wilson,
)
from chalicelib.education.effects import SAMPLE, Effects, drawn
from chalicelib.education.model import Outcome, is_held_out
from chalicelib.education.policy import EducationRules
from chalicelib.platform.clock import format_instant
from chalicelib.platform.dynamo import Put
from tests.education.school import NOON, School


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_intervals_are_wilsons(hits: int, of: int, low: float, high: float) -> None:
    """The examples of Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(hits, of) == pytest.approx((low, high), abs=0.00005)


@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 10), 0.6075, 1.0000)],
)
def test_the_interval_of_the_difference_is_newcombes(
    one: tuple[int, int], two: tuple[int, int], low: float, high: float
) -> None:
    """The examples of Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10."""
    assert newcombe(one, two) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_share_and_shrinks_with_more_accounts(hits: int, misses: int) -> None:
    low, high = wilson(hits, hits + misses)
    assert 0 <= low <= high <= 1
    if hits + misses:
        assert low - 1e-9 <= hits / (hits + misses) <= high + 1e-9
        low_more, high_more = wilson(hits * 4, (hits + misses) * 4)
        assert high_more - low_more < high - low


def test_more_hits_than_there_are_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not so many"):
        wilson(3, 2)


def side(accounts: int, again: int) -> list[Followed]:
    row = Counted(account_id="acc_1", guide_id="guide_1", guide_version=1, at=NOON, outcome=Outcome.SENT)
    came = (Contact(id="case_1", kind="case", at=NOON),)
    return [Followed(counted=row, again=came if n < again else ()) for n in range(accounts)]


@pytest.mark.parametrize(
    ("got_it", "held_out", "reading"),
    [
        ((1000, 50), (500, 60), Reading.FEWER),
        ((1000, 120), (500, 25), Reading.MORE),
        ((200, 20), (150, 16), Reading.UNDECIDED),
        ((1000, 0), (99, 99), Reading.TOO_FEW),
        ((1000, 50), (0, 0), Reading.NOTHING_TO_COMPARE),
        ((0, 0), (5, 1), Reading.NOTHING_TO_COMPARE),
    ],
)
def test_what_may_be_said(got_it: tuple[int, int], held_out: tuple[int, int], reading: Reading) -> None:
    found = compare(side(*got_it), side(*held_out))
    assert found.reading is reading
    assert (found.difference_bp is None) is (reading is Reading.NOTHING_TO_COMPARE)


def test_a_share_of_nobody_is_none() -> None:
    assert share(0, 0).model_dump() == {"accounts": 0, "again": 0, "share_bp": None, "low_bp": 0, "high_bp": 10_000}


def a_row(n: int, outcome: Outcome = Outcome.SENT, **changes: Any) -> Counted:
    given = {"account_id": f"acc_{n}", "guide_id": f"guide_{n}", "guide_version": 1, "at": NOON, "outcome": outcome}
    return Counted.model_validate(given | changes)


def test_an_account_counts_once_by_its_first_guide() -> None:
    first, again = a_row(1), a_row(1, guide_id="guide_9", at=NOON + timedelta(days=1))
    assert first_each([again, a_row(2), first]) == [first, a_row(2)]


def test_of_very_many_the_same_ones_are_drawn_each_time() -> None:
    rows = [a_row(n) for n in range(SAMPLE * 2)]
    found = drawn(rows, Outcome.SENT)
    assert len(found) == SAMPLE
    assert found == drawn(rows[::-1], Outcome.SENT)
    assert drawn(rows, Outcome.HELD_OUT) == []


class Year:
    """Accounts that got the tour of their first bill at noon of the 2nd of November, or were held out of it."""

    def __init__(self, accounts: int) -> None:
        self.school = School(rules=EducationRules(held_out_bp=5000))
        self.school.clock.at = NOON - timedelta(days=20)
        self.names = [f"acc_{n}" for n in range(2, accounts + 2)]
        for name in self.names:
            self.school.open(name)
            self.school.bill(f"inv_{name}", self.school.today(), account_id=name)

    def come(self, account_id: str, days: float, prefix: str = "O", **changes: Any) -> None:
        """A case or call of this account, so many days after midnight of the day of its bill."""
        at = format_instant(NOON - timedelta(days=20, hours=12) + timedelta(days=days))
        kind = "contact" if prefix == "I" else "case"
        case = {"case_id": f"case_{account_id}", "created_at": at, "channel": "mail"}
        call = {"contact_id": f"call_{account_id}", "initiated_at": at, "direction": "in"}
        began = case if kind == "case" else call
        key = {"pk": f"C#{account_id}{days}{prefix}", "sk": "#", "gs1pk": f"A#{account_id}", "kind": kind}
        self.school.table.write(Put({**key, "gs1sk": f"{prefix}#{at}#x", **began, **changes}))

    def effect(self, first: date = date(2026, 11, 1), last: date = date(2026, 11, 30)) -> Any:
        school = self.school
        return Effects(school.store, school.ruling, school.clock, school.today).of("first_bill", first, last)


def test_who_came_back_is_counted_on_both_sides_and_named() -> None:
    year = Year(12)
    held = [name for name in year.names if is_held_out(name, "first_bill", 5000)]
    got = [name for name in year.names if name not in held]
    year.come(got[0], 1)
    year.come(got[0], 2, "D")
    year.come(got[1], 13.9, "I")
    year.come(held[0], 3, "D")
    year.school.clock.at = NOON
    found = year.effect()
    assert (found.comparison.got_it.accounts, found.comparison.got_it.again) == (len(got), 2)
    assert (found.comparison.held_out.accounts, found.comparison.held_out.again) == (len(held), 1)
    named = {row.counted.account_id: [contact.kind for contact in row.again] for row in found.got_it if row.again}
    assert named == {got[0]: ["case", "case"], got[1]: ["contact"]}
    assert (found.waiting, found.left_out, found.again_days, found.policy) == (0, 0, 14, "education@test")


@pytest.mark.parametrize(
    ("days", "prefix", "changes"),
    [
        (-1, "O", {}), (14.1, "O", {}), (1, "O", {"channel": "desk"}), (1, "D", {"test": True}),
        (1, "I", {"direction": "out"}), (1, "I", {"direction": "internal"}),
    ],
)  # fmt: skip
def test_what_is_no_repeat_contact(days: float, prefix: str, changes: dict[str, Any]) -> None:
    year = Year(6)
    for name in year.names:
        year.come(name, days, prefix, **changes)
    year.school.clock.at = NOON
    found = year.effect()
    assert (found.comparison.got_it.again, found.comparison.held_out.again) == (0, 0)


def test_whose_days_are_not_over_wait_and_other_days_do_not_count() -> None:
    year = Year(6)
    assert year.effect().waiting == 6
    year.school.clock.at = NOON
    assert year.effect().waiting == 0
    other = year.effect(date(2026, 11, 3), date(2026, 11, 30))
    assert (other.comparison.got_it.accounts, other.comparison.held_out.accounts) == (0, 0)
