"""The bridge from one bill to the next: exact for any two bills, and it names what changed and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.bridge import ChangeKind, before_of, bridge
from chalicelib.billing.model import Invoice, InvoiceLine, LineKind
from tests.billing.builders import a_line, an_invoice

NAMES = {"BB": LineKind.SUBSCRIPTION, "TV": LineKind.SUBSCRIPTION, "CALLS": LineKind.USAGE, "OFF": LineKind.DISCOUNT}


@st.composite
def lines(draw: st.DrawFn) -> list[InvoiceLine]:
    """Some lines, in which one code may stand several times."""
    codes = draw(st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=6))
    nets = st.integers(-10_000, 10_000)
    rates = st.sampled_from([0, 500, 2000])
    return [a_line(f"line_{n}", draw(nets), draw(rates), code=code, kind=NAMES[code]) for n, code in enumerate(codes)]


def bills() -> st.SearchStrategy[Invoice]:
    return st.builds(lambda found: an_invoice("inv_x", *found), lines())


@given(bills(), bills())
def test_the_deltas_are_the_difference_to_the_penny(before: Invoice, after: Invoice) -> None:
    found = bridge(before, after)
    assert sum(delta.delta_minor for delta in found.deltas) == after.total_minor - before.total_minor
    assert sum(delta.before_minor for delta in found.deltas) == before.total_minor
    assert sum(delta.after_minor for delta in found.deltas) == after.total_minor
    assert len({(delta.kind, delta.code) for delta in found.deltas}) == len(found.deltas)


@given(bills(), bills())
def test_the_way_back_is_the_mirror(before: Invoice, after: Invoice) -> None:
    mirrored = {ChangeKind.NEW: ChangeKind.GONE, ChangeKind.GONE: ChangeKind.NEW}
    there = {(d.kind, d.code): (mirrored.get(d.change, d.change), -d.delta_minor) for d in bridge(before, after).deltas}
    back = {(d.kind, d.code): (d.change, d.delta_minor) for d in bridge(after, before).deltas}
    assert there == back


@given(bills(), st.data())
def test_one_other_line_is_one_other_delta(bill: Invoice, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(bill.lines) - 1))
    line = bill.lines[place]
    dearer = a_line(line.line_id, line.net_minor + 1000, line.tax_rate_bp, code=line.code, kind=line.kind)
    after = an_invoice("inv_y", *bill.lines[:place], dearer, *bill.lines[place + 1 :])
    (changed,) = bridge(bill, after).changes
    assert (changed.change, changed.kind, changed.code) == (ChangeKind.CHANGED, line.kind, line.code)
    assert changed.delta_minor == after.total_minor - bill.total_minor


def test_it_tells_what_is_new_what_is_gone_and_what_costs_more_the_largest_first() -> None:
    before = an_invoice(
        "inv_1", a_line("1", 2750, code="BB"), a_line("2", 416, code="FILM"), a_line("3", 400, code="BOX")
    )
    after = an_invoice(
        "inv_2", a_line("1", 3000, code="BB"), a_line("2", 400, code="BOX"), a_line("3", 400, code="BOX")
    )
    found = bridge(before, after)
    assert [(d.change, d.code, d.delta_minor) for d in found.changes] == [
        (ChangeKind.GONE, "FILM", -499), (ChangeKind.CHANGED, "BOX", 480), (ChangeKind.CHANGED, "BB", 300),
    ]  # fmt: skip
    assert [d.after_quantity for d in found.deltas if d.code == "BOX"] == [2]
    assert found.delta_minor == 281


def test_two_currencies_are_not_compared() -> None:
    with pytest.raises(ValueError, match="two currencies"):
        bridge(an_invoice(), an_invoice("inv_2", currency="EUR"))


def test_a_bill_is_compared_with_the_last_one_of_its_own_contract() -> None:
    tv = an_invoice("inv_tv", a_line(code="TV"), issued_on=date(2026, 10, 20))
    broadband = an_invoice("inv_bb", a_line(code="BB"), issued_on=date(2026, 10, 1))
    bill = an_invoice("inv_new", a_line(code="BB"), issued_on=date(2026, 11, 1))
    assert before_of(bill, [bill, tv, broadband]) == broadband
    assert before_of(bill, [bill, tv]) == tv
    assert before_of(bill, [bill, an_invoice("inv_eur", a_line(code="BB"), currency="EUR")]) is None
