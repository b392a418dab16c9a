"""The shared field types: what is accepted, and the form in which it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chalicelib.platform.fields import Email, LanguageTag, Line, Phone, Text, as_line


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("  ada@example.com ", "ada@example.com"),
        ("ada+bills@example.com", "ada+bills@example.com"),
        ("jose\u0301@example.com", "josé@example.com"),
        ("用户@例え.jp", "用户@例え.jp"),
        ("ada@desk.test", "ada@desk.test"),
    ],
)
def test_a_mail_address_has_one_form(written: str, kept: str) -> None:
    assert TypeAdapter(Email).validate_python(written) == kept


@pytest.mark.parametrize(
    "wrong", ["", "ada", "ada@", "@example.com", "a b@example.com", "ada@example.com\nBcc: eve@example.com", "a" * 300,
              "Ada <ada@example.com>"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Email).validate_python(wrong)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+44 20 7946 0000", "+442079460000"),
        ("+44 (0)20 7946 0000", "+442079460000"),
        ("+1-202-555-0143", "+12025550143"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_a_phone_number_is_kept_as_e164(written: str, kept: str) -> None:
    assert TypeAdapter(Phone).validate_python(written) == kept


@pytest.mark.parametrize("wrong", ["", "020 7946 0000", "+44", "+999123456789", "+44 20 7946 0000 0000", "call me"])
def test_what_is_no_international_number_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Phone).validate_python(wrong)


@pytest.mark.parametrize("wrong", ["", "   ", "a\nb", "a\r\nBcc: x", "a\x00b", "a\x85b", "a\u2028b", "x" * 201])
def test_a_line_is_one_line(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(wrong)


@given(st.text(max_size=400))
def test_text_of_others_becomes_a_line(text: str) -> None:
    line = as_line(text)
    assert TypeAdapter(Line).validate_python(line) == line


def test_lines_and_texts_lose_the_blanks_around_them_and_nothing_else() -> None:
    assert TypeAdapter(Line).validate_python("  Zoë  O’Neill ") == "Zoë  O’Neill"
    assert TypeAdapter(Text).validate_python("\n one\n\n two \n") == "one\n\n two"


@pytest.mark.parametrize(
    ("tag", "fits"), [("en", True), ("en-GB", True), ("cy", True), ("EN", False), ("en_GB", False)]
)
def test_languages_are_bcp_47(tag: str, fits: bool) -> None:
    try:
        TypeAdapter(LanguageTag).validate_python(tag)
    except ValidationError:
        assert not fits
    else:
        assert fits
