"""New words against quoted history."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.quotes import own_words, parted

HEADLINES = [
    "On Mon, 2 Nov 2026 at 10:15, Northwind Billing <billing@desk.example> wrote:",
    "On Mon, 2 Nov 2026 at 10:15, Northwind Billing <\nbilling+x@desk.example> wrote:",
    "At 10:15 02/11/2026, you wrote:",
    "Am 02.11.2026 um 10:15 schrieb Northwind Billing <billing@desk.example>:",
    "Am Montag, den 2. November 2026 um\n10:15 schrieb Northwind <billing@desk.example>:",
    "Northwind schrieb am 02.11.2026 um 10:15:",
    "Le lun. 2 nov. 2026 à 10:15, Northwind <billing@desk.example> a écrit :",
    "El lun, 2 nov 2026 a las 10:15, Northwind (<billing@desk.example>) escribió:",
    "Em seg., 2 de nov. de 2026 às 10:15, Northwind escreveu:",
    "Il giorno lun 2 nov 2026 alle ore 10:15 Northwind <billing@desk.example> ha scritto:",
    "Op ma 2 nov. 2026 om 10:15 schreef Northwind <billing@desk.example>:",
    "Op 2 nov. 2026, om 10:15 heeft Northwind het volgende geschreven:",
    "Den mån 2 nov. 2026 kl 10:15 skrev Northwind <billing@desk.example>:",
    "pon., 2 lis 2026 o 10:15 Northwind <billing@desk.example> napisał(a):",
    "ma 2. marrask. 2026 klo 10.15 Northwind (billing@desk.example) kirjoitti:",
    "2 ноября 2026 г. 10:15 пользователь Northwind <billing@desk.example> написал:",
    "пн, 2 лист. 2026 р. о 10:15 Northwind <billing@desk.example> пише:",
    "2026年11月2日(月) 10:15 Northwind <billing@desk.example>:",
    "Ar Llun, 2 Tach 2026 am 10:15, ysgrifennodd Northwind <billing@desk.example>:",
    "---- On Mon, 02 Nov 2026 10:15:00 +0000 billing@desk.example wrote ----",
    "-----Original Message-----",
    "-------- Ursprüngliche Nachricht --------",
    "________________________________\nFrom: Northwind <b@desk.example>\nSent: 2 November 2026\nTo: Ada\nSubject: Bill",
    "*Von:* Northwind\n*Gesendet:* Montag, 2. November 2026\n*An:* Ada\n*Betreff:* Rechnung",
    "De : Northwind\nEnvoyé : lundi 2 novembre 2026\nÀ : Ada\nObjet : Facture",
    "Oddi wrth: Northwind\nAnfonwyd: 2 Tachwedd 2026\nAt: Ada\nPwnc: Bil",
]  # fmt: skip


@pytest.mark.parametrize("headline", HEADLINES)
def test_history_below_a_headline_goes(headline: str) -> None:
    assert own_words(f"Please call me.\n\n{headline}\n\nDear Ada,\nyour bill is ready.") == "Please call me."


@pytest.mark.parametrize("headline", [line for line in HEADLINES if "\n" not in line and "---" not in line])
def test_marked_history_goes_and_words_below_it_stay(headline: str) -> None:
    assert own_words(f"{headline}\n> Dear Ada,\n> your bill is ready.\n\nPlease call me.") == "Please call me."


def test_answers_between_quotations_stay() -> None:
    text = "On 2 Nov 2026 Northwind wrote:\n> Is it the router?\nYes.\n> Since when?\nOctober.\n\n> Thanks\n"
    assert own_words(text) == "Yes.\nOctober."


def test_answers_below_quotations_that_do_not_begin_at_once_stay() -> None:
    text = "On 2 Nov 2026 Northwind wrote:\n[...]\nFurther up\n> Is it the router?\n\nYes.\n\n[ snip ]\n> Regards"
    assert own_words(text).endswith("Further up\n\nYes.")


def test_answers_below_a_header_that_stands_above_all_stay() -> None:
    header = (
        "-----Original Message-----\nFrom: Desk <d@desk.example>\nSent: 20 November 2026 10:00\nTo: Ada\nSubject: Bill"
    )
    assert own_words(f"{header}\n\n> Which bill?\n\nThe last one.\n\n> Thanks") == "The last one."


def test_the_headline_of_groupwise_begins_history() -> None:
    text = 'Please call.\n\n>>> "Desk" <d@desk.example> 20/11/26 10:00 AM >>>\nDear Ada,\nyour bill is ready.'
    assert own_words(text) == "Please call."


@pytest.mark.parametrize("mark", ["|", "}", ":", "]", "#", "»", "=>", "|>", "+", "!", ";", "Desk>", "＞"])
def test_answers_between_quotations_under_other_marks_stay(mark: str) -> None:
    text = f"On 2 Nov 2026 Northwind wrote:\n\n{mark} Is it the router?\n\nYes.\n\n{mark} Since when?\n\nOctober."
    assert own_words(text) == "Yes.\n\n\nOctober."


def test_a_single_marked_line_ends_an_answer() -> None:
    text = "Any weekday.\n\n> When may we call you?"
    assert "".join(parted(text, answers=True)) == "Any weekday."
    assert "".join(parted(text)) == text


def test_a_single_marked_line_that_was_announced_stays() -> None:
    text = "Your terms say:\n\n> The fee is due."
    assert "".join(parted(text, answers=True)) == text


def test_initials_as_marks() -> None:
    assert own_words("No.\nNW> Is it the router?\nNW> Really?") == "No."


def test_words_on_the_line_of_the_headline_stay() -> None:
    assert own_words("Thanks! On 2 Nov 2026 at 10:15 Northwind wrote:\n> Done.") == "Thanks!"


def test_a_forwarded_mail_is_meant_for_the_desk() -> None:
    text = "Is this real?\n\n---------- Forwarded message ---------\nFrom: x@y.example\nDate: today\nTo: me\n\nPay now"
    assert own_words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "On the other hand, I never wrote:\nthat I agree.",
        "On 3 May I paid. On 4 May I paid again.",
        "From: where do you take these numbers?",
        "> only one marked line, which may be anything",
        "Date: Tuesday\nTime: 10:15\nPlace: home, call me then.",
        "2026-11-02 10:15\n2026-11-03 10:15\nare the calls I did not make.",
        "5 > 3 and a > b\nx > y",
        "On 3 May 2026 at 10:15 no engineer was present\nand no bill was sent\nso I pay nothing.",
        "To: whom it may concern\n\nI want my money back.",
    ],
)
def test_what_only_looks_like_history_stays(text: str) -> None:
    assert own_words(text) == text


def test_all_is_given_when_nothing_else_would_be_left() -> None:
    text = "> one\n> two"
    assert own_words(text) == text


def test_marks_from_html_count_from_the_first_line() -> None:
    assert own_words("Yes.\n> Is it?", from_markup=True) == "Yes."


def test_the_rest_of_a_line_that_was_broken_goes_with_the_quotation() -> None:
    text = "> Which of the bills that we have sent to you in the last three\nmonths?\n\nThe last.\n\n> Thanks"
    assert own_words(text) == "The last."


def test_an_answer_directly_below_a_sentence_stays() -> None:
    text = "> Would you like to keep the second line for another twelve months?\nyes please\n\n> Thanks"
    assert own_words(text) == "yes please"


def test_the_rest_of_a_link_that_was_broken_goes_with_the_quotation() -> None:
    quoted = "> View the bill (https://example.com/bill\nnonce=3dd518)\n>"
    assert own_words(f"Thanks.\n\nOn 24 May 2026 at 15:46, Bob wrote:\n\n> Hello\n>\n{quoted}") == "Thanks."


def test_what_the_writer_sets_off_above_the_headline_is_their_own() -> None:
    text = "You wrote\n> 30 pounds\n\nOn 24 May 2026 at 15:46, Bob wrote:\n\n> It is 40 pounds."
    assert own_words(text, from_markup=True) == "You wrote\n30 pounds"


def test_a_mail_that_is_all_one_quotation_is_shown_without_marks() -> None:
    assert own_words("> Please call\n> me.", from_markup=True) == "Please call\nme."


def test_a_mail_that_is_nothing_but_another_one_is_shown_without_what_that_one_quoted() -> None:
    header = "From: Ada <ada@example.com>\nSent: 1 March 2026 12:00\nTo: Desk\nSubject: Bill"
    inner = "My bill is wrong.\n\nOn 28 Feb 2026 at 14:00, Desk <desk@example.com> wrote:\n> Your bill."
    assert own_words(f"{header}\n\n{inner}") == f"{header}\nMy bill is wrong."


def test_fields_that_html_ran_together_are_a_header() -> None:
    text = "Thanks.\nFrom: bob@example.com Date: Thu, 24 Mar 2026 08:07:12 -0700\nYour bill."
    assert own_words(text) == "Thanks."
