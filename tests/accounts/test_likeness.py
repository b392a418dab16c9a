"""How likely two accounts are one customer's: measured on pairs that people labelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.likeness import Likeness, Reason, folded, likeness
from chalicelib.accounts.model import Account
from chalicelib.accounts.policy import DuplicateRules
from tests.accounts.pairs import OTHERS, SAME, UNSEEN_OTHERS, UNSEEN_SAME, holder

RULES = DuplicateRules()
APART = (*OTHERS, *UNSEEN_OTHERS)
Pairs = tuple[tuple[str, Account, Account], ...]


def is_suspected(one: Account, other: Account) -> bool:
    return likeness(one, other, RULES).score >= RULES.possible_from


@pytest.mark.parametrize(("same", "others"), [(SAME, OTHERS), (UNSEEN_SAME, UNSEEN_OTHERS)], ids=["seen", "unseen"])
def test_precision_and_recall_on_the_labelled_pairs(same: Pairs, others: Pairs) -> None:
    missed = [what for what, one, other in same if not is_suspected(one, other)]
    wrong = [what for what, one, other in others if is_suspected(one, other)]
    hits = len(same) - len(missed)
    precision, recall = hits / (hits + len(wrong)), hits / len(same)
    assert min(precision, recall) >= 0.95, f"missed {missed}, suspected wrongly {wrong}"


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in APART], ids=[pair[0] for pair in APART])
def test_two_customers_are_never_likely_one(one: Account, other: Account) -> None:
    assert likeness(one, other, RULES).score < RULES.likely_from


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in (*SAME, *UNSEEN_SAME, *APART)])
def test_it_says_the_same_of_both(one: Account, other: Account) -> None:
    assert likeness(one, other, RULES) == likeness(other, one, RULES)


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20)


@given(names.filter(str.strip), names.filter(str.strip))
def test_any_names_are_compared_alike_from_both_sides(one: str, other: str) -> None:
    mine, yours = (holder(f"X {name.strip()}") for name in (one, other))
    assert likeness(mine, yours, RULES) == likeness(yours, mine, RULES)
    assert Reason.SAME_NAME in likeness(mine, mine, RULES).reasons


def test_it_says_what_it_is_made_of() -> None:
    one, other = holder("Ada Lovelace", "a@x.example"), holder("Ada Lovelcae", "a@x.example")
    reasons = (Reason.LIKE_NAME, Reason.SAME_EMAIL, Reason.SAME_ADDRESS)
    assert likeness(one, other, RULES) == Likeness(90, reasons)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Müller", "muller"), ("Mueller", "muller"), ("Straße", "strasse"), ("O'Neill", "oneill"),
     ("Ångström", "angstrom"), ("Łódź", "lodz"), ("José-María", "jose maria")],
)  # fmt: skip
def test_names_are_folded_as_people_write_them(text: str, plain: str) -> None:
    assert folded(text) == plain
