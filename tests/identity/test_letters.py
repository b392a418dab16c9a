"""The letters of identity say what they have to in every language that they are written in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.accounts.letters import Letter, LetterChannel
from chalicelib.cases.letter_words import LetterWords

WORDS = LetterWords(ZoneInfo("Europe/London"), lambda _: {"code": "042137"})
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LETTERS = {
    "code": {"minutes": 10},
    "contact_changed": {"cooling_until_at": "2026-11-05T09:00:00.000Z"},
    "security_answers_set": {"set_at": "2026-11-02T09:00:00.000Z"},
    "access_reset": {"kind": "password", "invited": 0},
    "portal_link": {"url": "https://desk.example/?page=bills"},
}


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("channel", LetterChannel)
@pytest.mark.parametrize("language", ["en-GB", "de", "cy"])
def test_every_letter_has_a_subject_and_its_words(name: str, channel: LetterChannel, language: str) -> None:
    said = WORDS.of(_letter(name, channel), language)
    assert said.subject
    assert len(said.text) > 60
    assert "{{" not in said.text


@pytest.mark.parametrize("channel", LetterChannel)
@pytest.mark.parametrize("language", ["en", "de", "cy"])
def test_a_code_stands_in_its_letter_and_not_in_the_subject(channel: LetterChannel, language: str) -> None:
    said = WORDS.of(_letter("code", channel), language)
    assert said.language == language
    assert "042137" in said.text
    assert "042137" not in said.subject


def test_a_text_message_is_short() -> None:
    texts = [WORDS.of(_letter(name, LetterChannel.SMS), "en").text for name in ("code", "contact_changed")]
    assert all(len(text.strip()) <= 160 for text in texts)


@pytest.mark.parametrize(
    ("kind", "invited", "words"),
    [("password", 0, "code to choose a new password"), ("password", 1, "made a sign-in"),
     ("all_sessions", 0, "signed out everywhere"), ("sign_in_address", 0, "address that you sign in with")],
)  # fmt: skip
def test_a_reset_is_told_as_what_it_was(kind: str, invited: int, words: str) -> None:
    letter = _letter("access_reset", LetterChannel.MAIL).model_copy(
        update={"facts": {"kind": kind, "invited": invited}}
    )
    assert words in WORDS.of(letter, "en").text


def _letter(name: str, channel: LetterChannel) -> Letter:
    return Letter(
        name=f"identity/{name}", object_id="x_1", account_id="acc_1", at=AT, channel=channel, to="+447700900123",
        facts=LETTERS[name], secret=name == "code",
    )  # fmt: skip
