"""How many guesses the rules let anybody have, whenever they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.assurance import Level
from chalicelib.identity.model import IdentityState
from chalicelib.identity.policy import IdentityRules
from chalicelib.identity.proofs import Proof, ProofKind
from chalicelib.identity.verification import code_of, masked

RULES = IdentityRules()
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MOST_A_DAY = 30


@given(gaps=st.lists(st.integers(0, 6 * 3600) | st.sampled_from([0, 1, 60, 900, 3600, 86_400]), max_size=200))
def test_no_rhythm_of_guessing_gives_more_than_a_few_in_a_day(gaps: list[int]) -> None:
    state, now, heard = IdentityState(account_id="acc_1"), START, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        if state.lock(now) is None:
            heard.append(now)
            state = state.failed("answers:", RULES, now)
    for at in heard:
        assert sum(at <= other < at + timedelta(days=1) for other in heard) <= MOST_A_DAY


def test_guessing_as_fast_as_allowed_is_slowed_to_a_day() -> None:
    state, now, waits = IdentityState(account_id="acc_1"), START, list[timedelta]()
    for _ in range(25):
        state = state.failed("answers:", RULES, now)
        until = state.lock(now)
        if until:
            waits.append(until - now)
            now = until
    assert waits == [timedelta(minutes=minutes) for minutes in (15, 60, 240, 960, 1440)]


@given(ways=st.lists(st.sampled_from(["answers", "sms_code"]), max_size=60))
def test_what_one_proof_shows_gives_no_more_guesses_at_another(ways: list[str]) -> None:
    """The customer's phone is in a thief's hands, who guesses at the answers and shows a code in between."""
    state, guesses = IdentityState(account_id="acc_1"), 0
    for way in ways:
        if state.lock(START) is None and way == "answers":
            state, guesses = state.failed("answers:", RULES, START), guesses + 1
        elif state.lock(START) is None:
            until = START + timedelta(minutes=30)
            proof = Proof(by="thief", kind=ProofKind.SMS_CODE, level=Level.STRONG, contact="c0ffee", until=until)
            state = state.passed(proof, START)
    assert guesses <= RULES.tries


@given(by=st.lists(st.sampled_from(["one", "two", "three"]), max_size=20))
def test_the_newest_proof_of_everybody_who_asks_fits_the_state(by: list[str]) -> None:
    state = IdentityState(account_id="acc_1")
    for subject in by:
        proof = Proof(by=subject, kind=ProofKind.ANSWERS, level=Level.KNOWLEDGE, until=START + timedelta(minutes=30))
        state = state.passed(proof, START)
    assert {proof.by for proof in state.proofs} == set(by)
    assert len(state.proofs) <= 4


@given(number=st.integers(0, 10_000))
def test_codes_are_six_digits_and_tell_nothing_of_each_other(number: int) -> None:
    code = code_of(b"key", f"ver_{number}")
    assert len(code) == 6
    assert code.isdigit()
    assert code == code_of(b"key", f"ver_{number}")


def test_codes_are_spread_evenly() -> None:
    first_digits = [code_of(b"key", f"ver_{number}")[0] for number in range(10_000)]
    counts = [first_digits.count(str(digit)) for digit in range(10)]
    assert all(850 < count < 1150 for count in counts)


def test_a_masked_address_tells_its_owner_which_and_others_little() -> None:
    assert (masked("ada@example.com"), masked("+447700900123")) == ("a•••@example.com", "+44•••123")
