"""The letter that confirms a change says what was shown, in the customer's language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.accounts.letters import Letter
from chalicelib.cases.letter_words import LetterWords
from chalicelib.platform.money import Money, spoken
from chalicelib.subscriptions.wish import Kind
from tests.payments.mirror_desk import LONDON
from tests.subscriptions.selling import Selling

LANGUAGES = ("en-GB", "de-DE", "cy-GB")


def the_letter(selling: Selling) -> Letter:
    (letter,) = selling.post.sent.values()
    return letter


def words(letter: Letter, language: str) -> str:
    said = LetterWords(LONDON, lambda _: {}).of(letter, language)
    assert said.language == language[:2]
    return f"{said.subject}\n{said.text}"


def test_an_upgrade_is_confirmed_with_its_figures(selling: Selling) -> None:
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")
    selling.agreed(quote)
    selling.agreed(quote)
    english = words(the_letter(selling), "en-GB")
    assert english.startswith("Your change of Fibre 100 broadband is confirmed")
    assert "was £33.00 and is then £42.00" in english
    assert "Fibre 500 broadband, 11 February 2027 to 1 March 2027: £27.00 (£35.00 \u00d7 1,555,200" in english
    assert "Your bill of 1 March 2027 will be £47.78" in english
    assert "33,00 £" in words(the_letter(selling), "de-DE")


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": Kind.CHANGE_PLAN, "offer": "FIBRE-24M"},
        {"kind": Kind.PAUSE, "until_on": date(2027, 3, 20)},
        {"kind": Kind.BILLING_DAY, "day": 20},
        {"kind": Kind.CANCEL},
        {"kind": Kind.CANCEL, "when": "now"},
    ],
    ids=lambda wish: str(wish["kind"]),
)
def test_every_kind_has_words_in_every_language(selling: Selling, wish: dict[str, Any]) -> None:
    selling.bound(date(2027, 5, 15), exit_fee={"per_month_minor": 1500})
    quote = selling.asked(**wish)
    selling.agreed(quote)
    for language in LANGUAGES:
        said = words(the_letter(selling), language)
        assert "2027" in said
        fee = spoken(Money(amount_minor=quote.exit_fee_minor, currency="GBP"), language[:2])
        assert (fee in said) is (wish["kind"] is Kind.CANCEL)
