"""Errors and the documents they become."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from chalicelib.platform.errors import (
    ALL_ERRORS,
    Declined,
    DeskError,
    FieldError,
    TooMany,
    Unavailable,
    Unprocessable,
)
from chalicelib.platform.problem import field_errors, problem


def test_every_error_has_a_status_a_code_and_a_title_of_its_own() -> None:
    errors: list[type[DeskError]] = [*ALL_ERRORS, DeskError]
    assert len({error.code for error in errors}) == len(errors)
    assert len({error.title for error in errors}) == len(errors)
    assert all(400 <= error.status < 600 for error in errors)
    assert {error for error in DeskError.__subclasses__() if error.__module__ == DeskError.__module__} == set(
        ALL_ERRORS
    )


def test_a_problem_is_rfc_9457_with_code_and_further_members() -> None:
    document = json.loads(problem(Declined("Your bank refused.", decline_code="insufficient_funds"), "/v1/payments"))
    assert document == {
        "type": "/docs#problem-payment_declined",
        "title": "The payment was declined",
        "status": 402,
        "detail": "Your bank refused.",
        "instance": "/v1/payments",
        "code": "payment_declined",
        "decline_code": "insufficient_funds",
    }


def test_wrong_fields_are_pointed_at() -> None:
    error = Unprocessable("Two.", [FieldError("/a/0", "too short"), FieldError("/b", "missing")])
    assert json.loads(problem(error, "/"))["errors"] == [
        {"pointer": "/a/0", "detail": "too short"},
        {"pointer": "/b", "detail": "missing"},
    ]


@pytest.mark.parametrize(
    ("error", "after"), [(Unavailable("x", retry_after=9), "9"), (TooMany("x", retry_after=5), "5")]
)
def test_what_may_be_sent_again_says_when(error: DeskError, after: str) -> None:
    assert error.headers == {"Retry-After": after}


def test_pointers_follow_rfc_6901_and_the_input_is_not_repeated() -> None:
    class Inner(BaseModel):
        model_config = {"extra": "forbid"}
        n: int

    class Outer(BaseModel):
        by_name: dict[str, Inner]

    with pytest.raises(ValidationError) as refused:
        Outer.model_validate({"by_name": {"a/b~c": {"n": "secret", "more": 1}}})
    found = {error.pointer: error.detail for error in field_errors(refused.value)}
    assert set(found) == {"/by_name/a~1b~0c/n", "/by_name/a~1b~0c/more"}
    assert found["/by_name/a~1b~0c/more"] == "This field is not known"
    assert "secret" not in str(found)


class Strict(BaseModel, extra="forbid"):
    pass


def errors_of(given: dict[str, int]) -> Any:
    with pytest.raises(ValidationError) as refused:
        Strict.model_validate(given)
    return json.loads(problem(Unprocessable("Some.", field_errors(refused.value)), "/"))["errors"]


def test_a_card_number_across_the_cut_of_a_name_is_not_repeated() -> None:
    (one,) = errors_of({"x" * 483 + " 4242 4242 4242 4242": 1})
    assert one["pointer"] == "/" + "x" * 483 + " …"


def test_a_body_of_unknown_fields_alone_has_a_short_answer() -> None:
    assert len(errors_of(dict.fromkeys(map(str, range(10_000)), 1))) == 100
