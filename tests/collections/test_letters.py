"""The words of the ladder: each letter says what is due and what is left out, offers a plan, and names free advice."""

from __future__ import annotations

import pytest

from chalicelib.accounts.letters import Letter, LetterChannel, Purpose
from chalicelib.cases.letter_words import LetterWords
from chalicelib.collections.policy import COLLECTION_POLICY, LadderLetter
from tests.collections.late_desk import LONDON, MORNING

ADVICE = tuple(
    {"name": each.name, "phone": each.phone, "web": each.web} for each in COLLECTION_POLICY.initial.debt_advice
)
PLAN = {"en": "payment plan", "de": "Raten", "cy": "gynllun talu"}


def words(
    name: LadderLetter, language: str, channel: LetterChannel = LetterChannel.MAIL, **facts: int
) -> tuple[str, str]:
    letter = Letter(
        name=f"collections/{name}", object_id="inv_1", account_id="acc_1", at=MORNING, purpose=Purpose.COLLECTION,
        channel=channel, to="+447700900123" if channel is LetterChannel.SMS else None, currency="GBP", rows=ADVICE,
        facts={"due_minor": 4800, "due_on": "2026-11-02", "number": "N-1", **facts},
    )  # fmt: skip
    said = LetterWords(LONDON, lambda _: {}).of(letter, language)
    return said.subject, said.text


@pytest.mark.parametrize("language", ["en", "de", "cy"])
@pytest.mark.parametrize("name", LadderLetter)
def test_a_letter_asks_for_what_may_be_asked_for_and_offers_help(name: LadderLetter, language: str) -> None:
    subject, text = words(name, language)
    assert "N-1" in subject
    assert "48" in subject
    assert any(plan in text for plan in PLAN.values())
    assert [each["name"] for each in ADVICE if each["name"] not in text] == []
    assert "12.00" not in text
    assert "{" not in text
    part = words(name, language, left_out_minor=1200)[1]
    assert "£12.00" in part or "12,00 £" in part


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", LadderLetter)
def test_a_text_message_is_short_and_offers_help_too(name: LadderLetter, language: str) -> None:
    _, text = words(name, language, LetterChannel.SMS)
    assert "StepChange" in text
    assert len(text) <= 306  # two parts of a message


def test_where_nobody_is_known_nobody_is_named() -> None:
    letter = Letter(
        name="collections/reminder", object_id="inv_1", account_id="acc_1", at=MORNING, currency="GBP",
        facts={"due_minor": 4800, "due_on": "2026-11-02", "number": "N-1"},
    )  # fmt: skip
    assert "free advice" not in LetterWords(LONDON, lambda _: {}).of(letter, "en").text
