"""What guides say: in every language, with figures that add up, in plain words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.letters import Letter, Row
from chalicelib.cases.letter_words import LetterWords
from chalicelib.cases.letters import templates
from chalicelib.education import bill_words
from chalicelib.education.guides import GUIDES, Guide
from chalicelib.education.model import Happening
from tests.billing.builders import a_line, an_invoice
from tests.billing.test_bridge import bills

AT = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = LetterWords(ZoneInfo("Europe/London"), lambda _: {})
JARGON = re.compile(
    r"\b(prorat\w+|pro rata|arrears|remit\w*|pursuant|herein|ledger|receivable\w*|invoice\w*)\b", re.IGNORECASE
)


def a_letter(guide: Guide, happening: Happening | None = None) -> Letter:
    told = happening.model_dump(include={"currency", "facts", "rows"}) if happening else {}
    return Letter(name=guide.letter, object_id="guide_1", account_id="acc_1", at=AT, **told)


def minor(row: Row) -> int:
    """What a row of a changed bill adds to the sum."""
    return int(row.get("more_minor", 0)) - int(row.get("less_minor", 0))


@pytest.mark.parametrize("language", ["en", "de", "cy"])
@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_every_guide_can_be_read_without_an_account(guide: Guide, language: str) -> None:
    said = WORDS.of(a_letter(guide), language)
    assert said.subject.strip() == guide.title(said.language)
    assert "Billing Service Desk" in said.text
    assert not JARGON.search(said.text)


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_every_guide_is_written_in_english_and_german(guide: Guide) -> None:
    folder = Path(str(templates().get_template("letter.html.j2").filename)).parent / "letters" / "education"
    assert all((folder / f"{guide.slug}.{language}.txt.j2").is_file() for language in ("en", "de"))


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_a_child_of_eleven_can_read_them(guide: Guide) -> None:
    """Flesch-Kincaid: 5 or 6 is the reading of an eleven-year-old; a list counts each point as a sentence."""
    text = WORDS.of(a_letter(guide), "en").text
    sentences = [part for part in re.split(r"[.!?:;]\s|\n", text) if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    assert 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 < 7


@given(bills(), bills())
def test_the_rows_of_a_comparison_add_up_to_the_difference(before: Any, after: Any) -> None:
    told = bill_words.changed(before, after, AT)
    assert sum(map(minor, told.rows)) == after.total_minor - before.total_minor
    assert minor(told.facts) == after.total_minor - before.total_minor


@given(st.integers(1, 40))
def test_long_bills_name_some_and_sum_the_others(count: int) -> None:
    one, two = (
        an_invoice(f"inv_{n}", *(a_line(f"line_{k}", 100 + n * k, code=f"C-{k}") for k in range(count))) for n in (1, 2)
    )
    first, changed = bill_words.first(two, AT), bill_words.changed(one, two, AT)
    assert max(len(first.rows), len(changed.rows)) <= bill_words.NAMED + 1
    assert sum(int(row["amount_minor"]) for row in first.rows) == two.total_minor
    assert sum(map(minor, changed.rows)) == two.total_minor - one.total_minor
    for told, slug in ((first, "first_bill"), (changed, "changed_bill")):
        assert all(WORDS.of(a_letter(GUIDES[slug], told), language).text for language in ("en", "de", "cy"))


def test_a_changed_bill_as_the_customer_reads_it() -> None:
    before = an_invoice("inv_1", a_line("1", 2750), a_line("2", 416, code="FILM", description="Film: The Long Tide"))
    after = an_invoice(
        "inv_2", a_line("1", 3000), a_line("2", 1250, code="TV", description="TV Base"),
        number="NWT-7", issued_on=date(2026, 11, 20),
    )  # fmt: skip
    said = WORDS.of(a_letter(GUIDES["changed_bill"], bill_words.changed(before, after, AT)), "en-GB")
    assert said.subject == "Your bill NWT-7 is £13.01 more than the last one: here is why"
    assert said.text.splitlines()[2:6] == [
        "Your new bill is £51.00. The one before was £37.99. This is what makes the difference:",
        "",
        "- New: TV Base, £15.00",
        "- No longer there: Film: The Long Tide, it was £4.99",
    ]
    assert "- Fibre 100 broadband: £33.00 before, £36.00 now, £3.00 more" in said.text
    assert "21 December 2026" in said.text


def test_bills_of_the_same_sum_are_told_so() -> None:
    before = an_invoice("inv_1", a_line("1", 1000, code="A", description="One"))
    after = an_invoice("inv_2", a_line("1", 1000, code="B", description="Another"), number="NWT-8")
    said = WORDS.of(a_letter(GUIDES["changed_bill"], bill_words.changed(before, after, AT)), "de")
    assert said.subject == "Ihre Rechnung NWT-8 neben der letzten"
    assert "- Neu: Another, 12,00 £" in said.text
