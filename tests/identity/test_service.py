"""Verification: a code or answers, wrong ones counted over the whole account, and nothing secret kept anywhere."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.accounts.assurance import Level
from chalicelib.accounts.letters import LetterChannel, Purpose
from chalicelib.identity.access_log import Accessed
from chalicelib.identity.model import Method, VerificationFailed, VerificationLocked
from chalicelib.identity.proofs import ProofKind
from chalicelib.identity.service import Given
from chalicelib.identity.verification import code_of
from chalicelib.platform.errors import Conflict, DeskError, NotFound, TooMany
from tests.identity.desk import ADVISOR, ANSWERS, CUSTOMER, KEY, MAIL, OTHER_ADVISOR, PHONE, IdentityDesk

MAIL_CHANNEL, SMS = LetterChannel.MAIL, LetterChannel.SMS


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def guess(identity: IdentityDesk, account_id: str, times: int) -> list[str]:
    """The codes of what so many wrong answers to new verifications raise."""
    raised = []
    for _ in range(times):
        try:
            begun = identity.verifications.send_code(account_id, MAIL_CHANNEL, None, ADVISOR)
            identity.answer(begun, wrong(code_of(KEY, begun.verification_id)))
        except DeskError as error:
            raised.append(error.code)
        identity.clock.tick(3600 / 4)
    return raised


def test_a_code_to_the_main_mail_proves_the_customer_to_who_asked(identity: IdentityDesk, ada: str) -> None:
    begun = identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    (letter,) = identity.post.sent
    assert (letter.to, letter.secret, letter.purpose, letter.facts) == (MAIL, True, Purpose.SECURITY, {"minutes": 10})
    assert begun.destination == "a•••@example.com"
    assert begun.ends_at == identity.clock.at + timedelta(minutes=10)
    proof = identity.answer(begun, code_of(KEY, begun.verification_id))
    assert (proof.level, proof.kind, proof.counts) == (Level.STRONG, ProofKind.MAIL_CODE, True)
    assert identity.state(ada).standing("sub-advisor", identity.clock.at, signed_in=False).level is Level.STRONG
    assert identity.state(ada).standing("sub-other", identity.clock.at, signed_in=False).level is Level.NONE
    assert identity.proven == [(ada, MAIL, "one_time_code")]
    assert identity.logged(ada) == [Accessed.VERIFICATION_PASSED, Accessed.VERIFICATION_STARTED]


def test_a_proof_ends(identity: IdentityDesk, ada: str) -> None:
    identity.prove_by_code(ada)
    later = identity.clock.tick(30 * 60)
    assert identity.state(ada).standing("sub-advisor", later, signed_in=False).level is Level.NONE


def test_no_code_stands_anywhere(identity: IdentityDesk, ada: str) -> None:
    begun = identity.verifications.send_code(ada, SMS, None, ADVISOR)
    code = code_of(KEY, begun.verification_id)
    with pytest.raises(VerificationFailed):
        identity.answer(begun, wrong(code))
    identity.answer(begun, code)
    kept = json.dumps([identity.items(ada), [letter.model_dump(mode="json") for letter in identity.post.sent]])
    assert code not in kept
    assert identity.post.sent[0].to == PHONE


def test_an_address_that_is_not_the_accounts_gets_the_same_answer_and_no_code(identity: IdentityDesk, ada: str) -> None:
    stranger = identity.verifications.send_code(ada, MAIL_CHANNEL, "adele@example.com", ADVISOR)
    known = identity.verifications.send_code(ada, MAIL_CHANNEL, MAIL, ADVISOR)
    assert stranger.destination == known.destination
    assert [letter.object_id for letter in identity.post.sent] == [known.verification_id]
    with pytest.raises(VerificationFailed):
        identity.answer(stranger, code_of(KEY, stranger.verification_id))
    assert identity.proven == []


def test_without_an_address_of_the_kind_no_code_can_be_sent(identity: IdentityDesk) -> None:
    account = identity.open(MAIL).account_id
    with pytest.raises(Conflict):
        identity.verifications.send_code(account, SMS, None, ADVISOR)
    with pytest.raises(NotFound):
        identity.verifications.send_code("acc_none", MAIL_CHANNEL, None, ADVISOR)


def test_only_who_started_may_answer_and_only_once_and_in_time(identity: IdentityDesk, ada: str) -> None:
    begun = identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    code = code_of(KEY, begun.verification_id)
    with pytest.raises(NotFound):
        identity.answer(begun, code, OTHER_ADVISOR)
    with pytest.raises(NotFound):
        identity.verifications.answer(ada, "ver_none", Given(code=code), ADVISOR)
    identity.answer(begun, code)
    with pytest.raises(Conflict, match="passed before"):
        identity.answer(begun, code)
    late = identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    identity.clock.tick(10 * 60)
    with pytest.raises(Conflict, match="expired"):
        identity.answer(late, code_of(KEY, late.verification_id))


def test_a_code_does_not_answer_questions(identity: IdentityDesk, ada: str) -> None:
    begun = identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    with pytest.raises(Conflict, match="something else"):
        identity.verifications.answer(ada, begun.verification_id, Given(answers=ANSWERS), ADVISOR)


def test_wrong_answers_count_over_all_verifications_and_locks_grow(identity: IdentityDesk, ada: str) -> None:
    assert guess(identity, ada, 5) == ["verification_failed"] * 4 + ["verification_locked"]
    state = identity.state(ada)
    assert state.locked_until == state.tried_at + timedelta(minutes=15) if state.tried_at else False
    assert guess(identity, ada, 5) == ["verification_failed"] * 4 + ["verification_locked"]
    second = identity.state(ada)
    assert second.tried_at is not None
    assert second.locked_until == second.tried_at + timedelta(minutes=60)
    assert identity.logged(ada).count(Accessed.VERIFICATION_LOCKED) == 2


def test_while_locked_not_even_the_right_code_is_heard(identity: IdentityDesk, ada: str) -> None:
    begun = identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    code = code_of(KEY, begun.verification_id)
    for _ in range(5):
        with pytest.raises((VerificationFailed, VerificationLocked)):
            identity.answer(begun, wrong(code))
    with pytest.raises(VerificationLocked) as locked:
        identity.answer(begun, code)
    assert locked.value.headers == {"Retry-After": "901"}
    with pytest.raises(VerificationLocked):
        identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    identity.clock.tick(15 * 60)
    assert identity.prove_by_code(ada).level is Level.STRONG
    assert identity.state(ada).locks == 0


def test_a_code_in_between_makes_nobody_forget_wrong_answers_to_the_questions(identity: IdentityDesk, ada: str) -> None:
    identity.securing.set_answers(ada, ANSWERS, CUSTOMER)
    asked = identity.verifications.ask(ada, ADVISOR)
    for tries_left in (4, 3, 2, 1):
        with pytest.raises(VerificationFailed) as failed:
            identity.verifications.answer(ada, asked.verification_id, Given(answers={"first_pet": "Rex"}), ADVISOR)
        assert failed.value.extra == {"tries_left": tries_left}
        if tries_left == 3:
            identity.prove_by_code(ada, channel=SMS)
    with pytest.raises(VerificationLocked):
        identity.verifications.answer(ada, asked.verification_id, Given(answers={"first_pet": "Rex"}), ADVISOR)


def test_wrong_answers_are_forgotten_after_a_day(identity: IdentityDesk, ada: str) -> None:
    guess(identity, ada, 4)
    identity.clock.tick(24 * 3600)
    assert guess(identity, ada, 1) == ["verification_failed"]
    assert identity.state(ada).tries == 1


def test_of_many_guesses_at_once_no_more_are_heard_than_allowed(identity: IdentityDesk, ada: str) -> None:
    begun = identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    right = code_of(KEY, begun.verification_id)
    wrongs = [code for code in (f"{n:06d}" for n in range(41)) if code != right][:40]

    def try_(code: str) -> str:
        try:
            identity.answer(begun, code)
        except DeskError as error:
            return error.code
        return "passed"

    with ThreadPoolExecutor(16) as many:
        heard = list(many.map(try_, wrongs))
    assert heard.count("verification_failed") == 4
    assert heard.count("verification_locked") == 36
    assert identity.logged(ada).count(Accessed.VERIFICATION_LOCKED) == 1
    assert try_(right) == "verification_locked"


def test_one_right_code_is_heard_once_however_often_it_comes(identity: IdentityDesk, ada: str) -> None:
    begun = identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
    code = code_of(KEY, begun.verification_id)

    def try_(_: int) -> str:
        try:
            return identity.answer(begun, code).kind.value
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(8) as many:
        heard = list(many.map(try_, range(8)))
    assert sorted(heard) == ["conflict"] * 7 + ["mail_code"]
    assert identity.logged(ada).count(Accessed.VERIFICATION_PASSED) == 1


def test_no_more_are_started_than_an_hour_allows(identity: IdentityDesk, ada: str) -> None:
    for _ in range(5):
        identity.verifications.send_code(ada, MAIL_CHANNEL, None, ADVISOR)
        identity.clock.tick(60)
    with pytest.raises(TooMany) as refused:
        identity.verifications.send_code(ada, SMS, None, OTHER_ADVISOR)
    assert refused.value.extra["retry_after"] == 3301
    identity.clock.tick(3301)
    assert identity.verifications.send_code(ada, SMS, None, OTHER_ADVISOR).method is Method.ONE_TIME_CODE


def test_a_customer_who_verifies_is_remembered_by_user_name(identity: IdentityDesk, ada: str) -> None:
    identity.prove_by_code(ada, CUSTOMER)
    assert identity.state(ada).users == ("ada",)
    assert identity.state(ada).standing("sub-ada", identity.clock.at, signed_in=True).proofs == 2


def test_answers_prove_knowledge_and_other_questions_come_next(identity: IdentityDesk, ada: str) -> None:
    identity.securing.set_answers(ada, ANSWERS, CUSTOMER)
    identity.clock.tick(73 * 3600)
    proof = identity.prove_by_answers(ada)
    assert (proof.level, proof.counts) == (Level.KNOWLEDGE, True)
    kept = identity.store.answers(ada)
    assert kept is not None
    assert kept.asked == ("first_pet", "first_job")


def test_starting_again_asks_the_same_questions(identity: IdentityDesk, ada: str) -> None:
    identity.securing.set_answers(ada, ANSWERS, CUSTOMER)
    asked = [identity.verifications.ask(ada, ADVISOR).questions for _ in range(3)]
    assert len(set(asked)) == 1
    begun, others = identity.verifications.ask(ada, ADVISOR), {"memorable_place": "Tenby", "first_pet": "Ruffles"}
    with pytest.raises(VerificationFailed):
        identity.verifications.answer(ada, begun.verification_id, Given(answers=others), ADVISOR)


def test_without_answers_nothing_is_asked(identity: IdentityDesk, ada: str) -> None:
    with pytest.raises(Conflict, match="no security answers"):
        identity.verifications.ask(ada, ADVISOR)


def test_answers_set_anew_end_what_was_asked_of_the_old_ones(identity: IdentityDesk, ada: str) -> None:
    identity.securing.set_answers(ada, ANSWERS, CUSTOMER)
    begun = identity.verifications.ask(ada, ADVISOR)
    others = {"childhood_street": "Mill Lane", "first_concert": "The Cure", "memorable_word": "Otter"}
    identity.securing.set_answers(ada, others, CUSTOMER)
    with pytest.raises(VerificationFailed):
        identity.verifications.answer(ada, begun.verification_id, Given(answers=ANSWERS), ADVISOR)


def test_the_customer_is_told_of_new_answers_in_the_change_itself(identity: IdentityDesk, ada: str) -> None:
    for _ in range(2):
        identity.securing.set_answers(ada, ANSWERS, CUSTOMER)
    queued = [item["name"] for key, item in identity.items(ada).items() if key.startswith("MAIL#")]
    assert (queued, identity.post.sent) == (["identity/security_answers_set"] * 2, [])
