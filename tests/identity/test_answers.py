"""Security answers: compared as people say them, kept so that nobody can read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.identity.answers import KeptAnswers, are_distinct, keep, plain_answer

KEY, SALT = b"key", b"0123456789abcdef"
AT = datetime(2026, 11, 2, tzinfo=UTC)


def kept(**answers: str) -> KeptAnswers:
    made = tuple(keep(question, answer, SALT, KEY) for question, answer in answers.items())
    return KeptAnswers(account_id="acc_1", answers=made, asked=tuple(answers), set_at=AT)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("St. Mary's", "st marys"), ("  Müller ", "muller"), ("Straße 9", "STRASSE9"), ("Caerdydd", "caerdydd"),
        ("Ａｄａ", "ada"), ("Łódź", "łodz"), ("東京", "東 京"),
    ],
)  # fmt: skip
def test_case_accents_blanks_and_signs_do_not_matter(said: str, meant: str) -> None:
    assert plain_answer(said) == plain_answer(meant)
    assert kept(first_pet=said).are_right({"first_pet": meant}, KEY)


@pytest.mark.parametrize("given", [{}, {"first_pet": ""}, {"first_pet": "Ruffle"}, {"first_job": "Ruffles"}])
def test_what_is_missing_or_other_is_wrong(given: dict[str, str]) -> None:
    assert not kept(first_pet="Ruffles").are_right(given, KEY)


def test_every_question_that_was_asked_has_to_be_answered() -> None:
    answers = kept(first_pet="Ruffles", first_job="Bakery")
    assert answers.are_right({"first_pet": "ruffles", "first_job": "bakery"}, KEY)
    assert not answers.are_right({"first_pet": "ruffles"}, KEY)


def test_the_table_alone_is_not_enough_to_try_answers() -> None:
    answers = kept(first_pet="Ruffles")
    assert not answers.are_right({"first_pet": "Ruffles"}, b"another key")
    assert "ruffles" not in answers.model_dump_json().lower()
    assert keep("first_pet", "Ruffles", b"another salt....", KEY).digest != answers.answers[0].digest


@pytest.mark.parametrize(
    ("answers", "distinct"),
    [(["a", "b", "c"], True), (["a", "A", "c"], False), (["a", "?!", "c"], False), (["é", "e", "x"], False)],
)
def test_three_answers_are_three(answers: list[str], distinct: bool) -> None:
    assert are_distinct(answers) is distinct
