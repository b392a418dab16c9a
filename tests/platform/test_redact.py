"""Logs: personal data and card numbers do not get in, in whatever disguise; what we need to find a fault stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from chalicelib.platform.redact import HIDDEN, hide_cards, luhn, redact, redact_text

VISA = "4242424242424242"


@pytest.mark.parametrize(
    "planted",
    [
        VISA,
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "4242\u00a04242\u00a04242\u00a04242",
        "4242  4242  4242  4242",
        "4242 - 4242 - 4242 - 4242",
        "4242\u200b4242\u200b4242\u200b4242",
        "4242\n4242\n4242\n4242",
        "4242–4242–4242–4242",
        "４２４２ ４２４２ ４２４２ ４２４２",
        "card4242424242424242",
        f"{VISA} 12/29 123",
        "12/29 4242 4242 4242 4242",
        f"2026-11-02 {VISA}",
        f"1234567890 {VISA}",
        "3782 822463 10005",
        "6011 0009 9013 9424",
        "5555555555554444",
    ],
)  # fmt: skip
def test_card_numbers_are_found_in_disguise(planted: str) -> None:
    hidden = hide_cards(f"I paid with {planted}, please check")
    assert "[card ending " in hidden
    assert not any(sum(char.isdigit() for char in word) > 10 for word in hidden.split())


@pytest.mark.parametrize(
    "kept",
    [
        "account 1234567897",
        "1234567897 1234567897",
        "invoice INV-2026-10-000123 of 2026-11-02T09:00:00.000Z",
        "4242424242424241",
        "epoch 1793610000000",
        "£1,234.56 due 30/11/2026",
        "case_01JD8ZQ0V5C7M3K9X2R4T6W8Y0",
    ],
)  # fmt: skip
def test_other_numbers_stay(kept: str) -> None:
    assert hide_cards(kept) == kept


@given(st.integers(10**11, 10**17 - 1), st.sampled_from(["", " ", "-", "\u00a0"]))
def test_every_number_that_could_be_a_card_is_hidden(start: int, glue: str) -> None:
    body = "4" + str(start)
    digits = next(body + str(d) for d in range(10) if luhn(body + str(d)))
    written = glue.join(digits[at : at + 4] for at in range(0, len(digits), 4))
    assert hide_cards(written) == f"[card ending {digits[-4:]}]"


@pytest.mark.slow
def test_a_long_text_of_short_groups_takes_linear_time() -> None:
    text = "1 " * 100_000
    assert hide_cards(text) == text


def test_any_number_of_cards_in_one_run_is_hidden() -> None:
    assert hide_cards(" ".join([VISA] * 2_000)) == " ".join(["[card ending 4242]"] * 2_000)


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
