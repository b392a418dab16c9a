"""A mail that is too long to be searched is treated as one that holds a card number."""

from __future__ import annotations

import pytest

from chalicelib.intake.cards import SEARCHED, all_cleaned, cleaned, holds_cards, without_cards
from chalicelib.intake.mail.files import File, safe_name
from chalicelib.intake.parse import parse_mail

HEAD = b"From: ada@example.com\r\nSubject: Numbers\r\nContent-Type: text/plain\r\n\r\n"


def test_what_is_not_searched_to_its_end_counts_as_holding_a_number() -> None:
    assert not holds_cards(HEAD + b"word " * (SEARCHED // 5 - 100))
    assert holds_cards(HEAD + b"word " * (SEARCHED // 5 + 1))


def test_of_a_long_text_only_what_was_searched_is_kept() -> None:
    card = "4242 4242 4242 4242"
    mail = without_cards(parse_mail(HEAD + b"word " * (SEARCHED // 5) + card.encode()))
    assert len(mail.body_text) <= SEARCHED
    assert card not in mail.body_text
    file = cleaned(File("numbers.txt", "text/plain", b"word " * (SEARCHED // 5) + card.encode()))
    assert file.content.startswith(b"word word")
    assert file.content.endswith(b"raw mail.]\n")
    assert card.encode() not in file.content


def test_of_many_long_files_only_the_names_are_kept_in_the_end() -> None:
    card = "4242 4242 4242 4242"
    texts = [File(f"{n}.txt", "text/plain", card.encode() + b" word" * (SEARCHED // 5)) for n in range(6)]
    scan = File("scan.png", "image/png", b"\x89PNG\r\n\x1a\n")
    *searched, fifth, sixth, image = all_cleaned([*texts, scan])
    assert all(b"[card ending 4242]" in file.content for file in searched)
    assert (fifth.name, fifth.content, sixth.size) == (
        "4.txt.txt", b"[The rest of this file is in the raw mail.]\n", fifth.size,
    )  # fmt: skip
    assert image == scan


@pytest.mark.parametrize("before", range(180, 200, 3))
def test_no_name_that_is_cut_holds_half_a_number(before: int) -> None:
    named = "From: " + "x" * before + " 4242 4242 4242 4242 of it <ada@example.com>\r\n\r\nHi"
    assert sum(map(str.isdigit, without_cards(parse_mail(named.encode())).from_name)) <= 6


@pytest.mark.parametrize("before", range(230, 255, 4))
@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_no_name_of_a_file_that_is_cut_holds_half_a_number(before: int, ending: str) -> None:
    name = safe_name("x" * before + " 4242 4242 4242 4242 of it" + ending, 1, "application/pdf")
    assert sum(map(str.isdigit, cleaned(File(name, "application/pdf", b"%PDF-")).name)) <= 6


def test_no_subject_that_is_cut_holds_half_a_number() -> None:
    said = "Subject: " + "x" * 984 + " 4242 4242 4242 4242 of it\r\n\r\nHi"
    assert without_cards(parse_mail(said.encode())).subject == "x" * 984 + " …"
