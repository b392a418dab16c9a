"""Each letter about use reads well, in the languages it is written in, with and without what is optional."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.accounts.letters import Letter, Row
from chalicelib.cases.letter_words import LetterWords
from chalicelib.usage.categories import Category
from tests.usage.builders import LONDON

WORDS = LetterWords(LONDON, lambda _: {})
FACTS: dict[str, dict[str, Any]] = {
    "allowance_used": {
        "percent": 80, "category": "data", "used": "4.00 GB", "allowance": "5.00 GB", "left": "1.00 GB",
        "plan": "Mobile 5 GB", "until_on": "2026-11-30",
    },
    "limit_near": {"percent": 80, "limit_minor": 1000, "charged_minor": 800, "billed_minor": 800},
    "limit_reached": {"percent": 100, "limit_minor": 1000, "charged_minor": 1200, "billed_minor": 1000},
    "consent_given": {"given_at": "2026-11-20T12:00:00.000Z", "source": "phone"},
    "unusual_bill": {"total_minor": 4200, "usual_minor": 1200, "more_minor": 3000},
    "contract_ends": {
        "plan": "Mobile 5 GB", "ends_on": "2026-12-15", "notice_days": 0, "service": "mobile", "price_minor": 1200,
    },
    "price_rises": {
        "plan": "Mobile 5 GB", "from_on": "2027-04-01", "rise_minor": 180, "price_minor": 1200, "new_price_minor": 1380,
    },
    "better_plan": {
        "plan": "Mobile 5 GB", "offer": "Mobile 20 GB", "periods": 3, "paid_minor": 6000, "would_minor": 4500,
        "saved_minor": 1500,
    },
}  # fmt: skip
OPTIONAL: dict[str, dict[str, Any]] = {
    "allowance_used": {"percent": 100, "beyond_minor": 240, "beyond_for": "1.00 GB"},
    "limit_near": {"plan": "Mobile 5 GB"},
    "limit_reached": {"plan": "Mobile 5 GB"},
    "consent_given": {"limit_minor": 1000, "amount_minor": 500},
    "contract_ends": {"notice_days": 30, "cheapest": "Mobile 2 GB", "cheapest_price_minor": 600},
    "better_plan": {"bound_until_on": "2027-01-31"},
}
ROWS: dict[str, tuple[Row, ...]] = {
    "unusual_bill": ({"what": "Mobile data abroad", "amount_minor": 2500},),
    "better_plan": ({"starts_on": "2026-10-01", "now_minor": 2000, "then_minor": 1500},),
}


def said(name: str, language: str, **more: Any) -> str:
    letter = Letter(
        name=f"usage/{name}", object_id="sub_1", account_id="acc_1", at=datetime(2026, 11, 20, tzinfo=UTC),
        currency="GBP", facts={**FACTS[name.removesuffix("_text")], **more},
        rows=ROWS.get(name, ()) if more or name not in OPTIONAL else (),
    )  # fmt: skip
    words = WORDS.of(letter, language)
    assert words.language == language[:2]
    assert words.subject
    assert "\n\n\n" not in words.text
    return f"{words.subject}\n{words.text}"


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_letter_is_whole_with_the_least_and_with_the_most_that_is_known(name: str, language: str) -> None:
    least, most = said(name, language), said(name, language, **OPTIONAL.get(name, {}))
    assert len(most) >= len(least) > 150


@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_a_name_in_letters(category: Category) -> None:
    assert said("allowance_used", "en-GB", category=category.value)
    assert said("allowance_used", "de-DE", category=category.value)
    assert said("allowance_used_text", "en-GB", category=category.value)


@pytest.mark.parametrize("name", ["allowance_used_text", "limit_near_text", "limit_reached_text"])
def test_a_text_message_is_short(name: str) -> None:
    letter = Letter(
        name=f"usage/{name}", object_id="sub_1", account_id="acc_1", at=datetime(2026, 11, 20, tzinfo=UTC),
        currency="GBP", facts=FACTS[name.removesuffix("_text")],
    )  # fmt: skip
    assert len(WORDS.of(letter, "en-GB").text) <= 160


def test_what_matters_is_said_in_pounds_and_pence() -> None:
    assert "80% of your mobile data" in said("allowance_used", "en-GB")
    assert "each 1.00 GB you begin costs £2.40" in said("allowance_used", "en-GB", **OPTIONAL["allowance_used"])
    assert "£13.80 a month from that day" in said("price_rises", "en-GB")
    assert "£15.00 less" in said("better_plan", "en-GB", **OPTIONAL["better_plan"])
    assert "Mobile data abroad: £25.00" in said("unusual_bill", "en-GB")
