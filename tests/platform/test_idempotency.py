"""Kept answers: one claim wins, a repeat gets the first answer, a crash does not hold a key for ever."""

from __future__ import annotations

import pytest

from chalicelib.platform import aws
from chalicelib.platform.dynamo import Table
from chalicelib.platform.errors import Conflict
from chalicelib.platform.idempotency import KEEP, LOCK, Answer, Answers
from tests.fakes import FixedClock
from tests.harness import TABLE, Meter

ANSWER = Answer(201, '{"payment_id": "pay_1"}', {"ETag": '"1"', "Location": "/v1/payments/pay_1"})


@pytest.fixture
def answers(cloud: None, clock: FixedClock) -> Answers:
    return Answers(Table(aws.dynamodb(), TABLE), clock)


def test_a_repeat_gets_the_first_answer(answers: Answers) -> None:
    assert answers.claim("ada POST /x", "key", "body") is None
    answers.keep("ada POST /x", "key", ANSWER)
    assert answers.claim("ada POST /x", "key", "body") == ANSWER


def test_of_two_at_once_one_is_told_that_the_other_is_under_way(answers: Answers) -> None:
    answers.claim("ada POST /x", "key", "body")
    with pytest.raises(Conflict) as refused:
        answers.claim("ada POST /x", "key", "body")
    assert refused.value.extra == {"reason": "in_progress"}


@pytest.mark.parametrize("answered", [True, False])
def test_the_same_key_with_another_body_is_refused(answers: Answers, clock: FixedClock, answered: bool) -> None:
    answers.claim("ada POST /x", "key", "body")
    if answered:
        answers.keep("ada POST /x", "key", ANSWER)
    clock.tick(LOCK.total_seconds() + 1)
    with pytest.raises(Conflict) as refused:
        answers.claim("ada POST /x", "key", "another body")
    assert refused.value.extra == {"reason": "key_reused"}


def test_a_claim_that_crashed_is_taken_over_once_its_lock_is_over(answers: Answers, clock: FixedClock) -> None:
    answers.claim("ada POST /x", "key", "body")
    clock.tick(LOCK.total_seconds())
    with pytest.raises(Conflict):
        answers.claim("ada POST /x", "key", "body")
    clock.tick(1)
    assert answers.claim("ada POST /x", "key", "body") is None
    with pytest.raises(Conflict):
        answers.claim("ada POST /x", "key", "body")


def test_a_released_key_is_free(answers: Answers) -> None:
    answers.claim("ada POST /x", "key", "body")
    answers.release("ada POST /x", "key")
    assert answers.claim("ada POST /x", "key", "another body") is None


def test_keys_of_two_callers_or_operations_never_meet(answers: Answers) -> None:
    scopes = ("ada POST /x", "eve POST /x", "ada POST /y")
    assert [answers.claim(scope, "key", scope) for scope in scopes] == [None, None, None]


def test_a_kept_answer_expires_after_a_week_by_ttl(answers: Answers, clock: FixedClock, meter: Meter) -> None:
    answers.claim("ada POST /x", "key", "body")
    (item,) = aws.dynamodb().scan(TableName=TABLE)["Items"]
    assert int(item["expires_at"]["N"]) == int((clock() + KEEP).timestamp())
    assert "ada" not in item["pk"]["S"]


def test_a_claim_and_its_answer_cost_two_writes(answers: Answers, meter: Meter) -> None:
    answers.claim("ada POST /x", "key", "body")
    answers.keep("ada POST /x", "key", ANSWER)
    assert (meter.calls, meter.write_units) == (["PutItem", "UpdateItem"], 2)
