"""Logs: personal data does not get in; what we need to find a fault stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from chalicelib.platform.redact import HIDDEN, redact, redact_text


@pytest.mark.parametrize("text", ["ada@example.com", "<ada@example.com>", "+44 7700 900123", "00447700900123"])
def test_mail_addresses_and_phone_numbers_are_hidden(text: str) -> None:
    assert redact_text(f"from {text} today").replace("<", "").replace(">", "") == f"from {HIDDEN} today"


def test_personal_fields_are_hidden_by_name_at_any_depth() -> None:
    record = {"message": "saved", "status": 200, "changes": [{"name": "Ada", "Emails": ["x"], "account_id": "acc_1"}]}
    assert redact(record) == {
        "message": "saved",
        "status": 200,
        "changes": [{"name": HIDDEN, "Emails": HIDDEN, "account_id": "acc_1"}],
    }


def test_objects_are_named_by_type_alone_and_plain_values_stay_readable() -> None:
    class Person(BaseModel):
        nick: str

    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    record = {"who": Person(nick="Ada"), "at": at, "rate": Decimal("1.5"), "raw": b"Ada", "set": {"a"}, "none": None}
    redacted = redact(record)
    assert redacted["who"] == "<Person>"
    assert redacted["raw"] == "<bytes>"
    assert "Ada" not in json.dumps(redacted)
    assert (redacted["at"], redacted["rate"], redacted["set"]) == ("2026-11-02 09:00:00+00:00", "1.5", ["a"])


def test_a_traceback_does_not_carry_the_value_that_a_validation_refused() -> None:
    class Person(BaseModel):
        born: int

    with pytest.raises(ValidationError) as refused:
        Person.model_validate({"born": "Ada Lovelace"})
    hidden = redact_text(str(refused.value))
    assert "Ada" not in hidden
    assert "born" in hidden


@pytest.mark.parametrize(
    ("logged", "shown"),
    [
        (4242424242424242, HIDDEN),
        (4242424242424242.0, HIDDEN),
        (6200000000000000000, HIDDEN),
        (10**400, 10**400),
        (0.4242424242424242, 0.4242424242424242),
        (1793610000000, 1793610000000),
        (True, True),
    ],
)
def test_a_number_that_could_be_a_card_is_hidden_and_others_stay(logged: float, shown: object) -> None:
    assert redact({"value": logged}) == {"value": shown}
